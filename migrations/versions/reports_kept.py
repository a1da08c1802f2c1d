"""Kept reports: editions, the last day of their period, when they were archived."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.types

revision = 'reports'
down_revision = '0001'


def upgrade() -> None:
    with op.batch_alter_table('report_snapshot', schema=None) as batch_op:
        batch_op.add_column(sa.Column('period_last', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('edition', sa.BigInteger(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('previous_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('replaced', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('correction_reason', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('archived_at', app.core.types.UtcDateTime(), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_report_snapshot_adopter_id_report_period'), type_='unique')
        batch_op.create_index(batch_op.f('ix_report_snapshot_generated_at_id'), ['generated_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_snapshot_period_last_id'), ['period_last', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_snapshot_previous_id'), ['previous_id'], unique=False)
        batch_op.create_check_constraint(batch_op.f('ck_report_snapshot_later_edition_has_previous'), 'edition = 1 OR previous_id IS NOT NULL')
        batch_op.create_unique_constraint(batch_op.f('uq_report_snapshot_adopter_id_report_period_edition'), ['adopter_id', 'report', 'period', 'edition'])
        batch_op.create_foreign_key(batch_op.f('fk_report_snapshot_previous_id'), 'report_snapshot', ['previous_id'], ['id'], ondelete='RESTRICT')


def downgrade() -> None:
    op.execute("DELETE FROM report_snapshot WHERE edition > 1")  # the older program keeps one row for each period
    with op.batch_alter_table('report_snapshot', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_report_snapshot_later_edition_has_previous'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_report_snapshot_previous_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_report_snapshot_adopter_id_report_period_edition'), type_='unique')
        batch_op.drop_index(batch_op.f('ix_report_snapshot_previous_id'))
        batch_op.drop_index(batch_op.f('ix_report_snapshot_period_last_id'))
        batch_op.drop_index(batch_op.f('ix_report_snapshot_generated_at_id'))
        batch_op.create_unique_constraint(batch_op.f('uq_report_snapshot_adopter_id_report_period'), ['adopter_id', 'report', 'period'])
        batch_op.drop_column('archived_at')
        batch_op.drop_column('correction_reason')
        batch_op.drop_column('replaced')
        batch_op.drop_column('previous_id')
        batch_op.drop_column('edition')
        batch_op.drop_column('period_last')

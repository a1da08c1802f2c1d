"""Losses, shares, sanctions, announcements and notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import app.core.types
revision = 'conseq_1'
down_revision = 'bench_1'


def upgrade() -> None:
    op.create_table('personnel_announcement',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('status', app.core.types.Key(), nullable=False),
    sa.Column('policy', app.core.types.Key(length=12), nullable=False),
    sa.Column('pack_version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('adopter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holder_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('holder_post', app.core.types.Key(length=60), nullable=True),
    sa.Column('state_since', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('announcement_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('month', sa.String(length=7).with_variant(sa.String(length=7, collation='C'), 'postgresql'), nullable=False),
    sa.Column('sanctions', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('prepared_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sent_to_hr_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('published_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('published_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['adopter_id'], ['org_unit.id'], name=op.f('fk_personnel_announcement_adopter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_personnel_announcement_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_personnel_announcement_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['holder_unit_id'], ['org_unit.id'], name=op.f('fk_personnel_announcement_holder_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_personnel_announcement_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pack_version_id'], ['pack_version.id'], name=op.f('fk_personnel_announcement_pack_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['prepared_by_id'], ['employee.id'], name=op.f('fk_personnel_announcement_prepared_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['published_by_id'], ['employee.id'], name=op.f('fk_personnel_announcement_published_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_personnel_announcement_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personnel_announcement')),
    sa.UniqueConstraint('announcement_no', name=op.f('uq_personnel_announcement_announcement_no'))
    )
    with op.batch_alter_table('personnel_announcement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personnel_announcement_holder_unit_id'), ['holder_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_personnel_announcement_month_id'), ['month', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_personnel_announcement_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_personnel_announcement_prepared_by_id'), ['prepared_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_personnel_announcement_published_at_id'), ['published_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_personnel_announcement_published_by_id'), ['published_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_personnel_announcement_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_personnel_announcement_unit_id'), ['unit_id'], unique=False)

    op.create_table('loss_sheet',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('status', app.core.types.Key(), nullable=False),
    sa.Column('policy', app.core.types.Key(length=12), nullable=False),
    sa.Column('pack_version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('adopter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holder_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('holder_post', app.core.types.Key(length=60), nullable=True),
    sa.Column('state_since', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('sheet_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('complaint_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('previous_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('replaced', sa.Boolean(), nullable=False),
    sa.Column('correction_reason', sa.Text(), nullable=True),
    sa.Column('responsible_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('head_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('head_post', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=True),
    sa.Column('judgement', sa.Text(), nullable=True),
    sa.Column('loss_total', app.core.types.Money(), nullable=False),
    sa.Column('external_amount', app.core.types.Money(), nullable=False),
    sa.Column('share_total', app.core.types.Percent(), nullable=False),
    sa.Column('bearers', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=True),
    sa.Column('approved_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('approved_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('version = 1 OR previous_id IS NOT NULL', name=op.f('ck_loss_sheet_later_version_has_previous')),
    sa.ForeignKeyConstraint(['adopter_id'], ['org_unit.id'], name=op.f('fk_loss_sheet_adopter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['approved_by_id'], ['employee.id'], name=op.f('fk_loss_sheet_approved_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_loss_sheet_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_loss_sheet_complaint_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_loss_sheet_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['head_unit_id'], ['org_unit.id'], name=op.f('fk_loss_sheet_head_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['holder_unit_id'], ['org_unit.id'], name=op.f('fk_loss_sheet_holder_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_loss_sheet_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pack_version_id'], ['pack_version.id'], name=op.f('fk_loss_sheet_pack_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['previous_id'], ['loss_sheet.id'], name=op.f('fk_loss_sheet_previous_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['responsible_unit_id'], ['org_unit.id'], name=op.f('fk_loss_sheet_responsible_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_loss_sheet_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loss_sheet')),
    sa.UniqueConstraint('complaint_id', 'version', name=op.f('uq_loss_sheet_complaint_id_version')),
    sa.UniqueConstraint('sheet_no', name=op.f('uq_loss_sheet_sheet_no'))
    )
    with op.batch_alter_table('loss_sheet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_loss_sheet_approved_at_id'), ['approved_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loss_sheet_approved_by_id'), ['approved_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loss_sheet_complaint_id'), ['complaint_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loss_sheet_head_unit_id'), ['head_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loss_sheet_holder_unit_id'), ['holder_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loss_sheet_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loss_sheet_previous_id'), ['previous_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loss_sheet_responsible_unit_id'), ['responsible_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loss_sheet_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loss_sheet_unit_id'), ['unit_id'], unique=False)

    op.create_table('external_liability',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('status', app.core.types.Key(), nullable=False),
    sa.Column('policy', app.core.types.Key(length=12), nullable=False),
    sa.Column('pack_version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('adopter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holder_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('holder_post', app.core.types.Key(length=60), nullable=True),
    sa.Column('state_since', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('party', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('party_type', app.core.types.Key(), nullable=False),
    sa.Column('share_percent', app.core.types.Percent(), nullable=True),
    sa.Column('amount', app.core.types.Money(), nullable=True),
    sa.Column('joint_units', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('recovered_amount', app.core.types.Money(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['adopter_id'], ['org_unit.id'], name=op.f('fk_external_liability_adopter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_external_liability_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_external_liability_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['holder_unit_id'], ['org_unit.id'], name=op.f('fk_external_liability_holder_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_external_liability_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pack_version_id'], ['pack_version.id'], name=op.f('fk_external_liability_pack_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['sheet_id'], ['loss_sheet.id'], name=op.f('fk_external_liability_sheet_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_external_liability_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_liability'))
    )
    with op.batch_alter_table('external_liability', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_external_liability_holder_unit_id'), ['holder_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_external_liability_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_external_liability_party_id'), ['party', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_external_liability_party_type_id'), ['party_type', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_external_liability_sheet_id'), ['sheet_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_external_liability_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_external_liability_unit_id'), ['unit_id'], unique=False)

    op.create_table('loss_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_no', sa.String(length=50).with_variant(sa.String(length=50, collation='C'), 'postgresql'), nullable=True),
    sa.Column('kind', app.core.types.Key(), nullable=False),
    sa.Column('actual_amount', app.core.types.Money(), nullable=True),
    sa.Column('quantity', sa.BigInteger(), nullable=True),
    sa.Column('unit_price', app.core.types.Money(), nullable=True),
    sa.Column('processing_cost', app.core.types.Money(), nullable=True),
    sa.Column('freight', app.core.types.Money(), nullable=True),
    sa.Column('note', sa.String(length=200).with_variant(sa.String(length=200, collation='C'), 'postgresql'), nullable=True),
    sa.Column('loss_amount', app.core.types.Money(), nullable=False),
    sa.Column('basis', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_loss_item_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_loss_item_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['sheet_id'], ['loss_sheet.id'], name=op.f('fk_loss_item_sheet_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loss_item'))
    )
    with op.batch_alter_table('loss_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_loss_item_kind_id'), ['kind', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loss_item_sheet_id'), ['sheet_id'], unique=False)

    op.create_table('penalty_notice',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('status', app.core.types.Key(), nullable=False),
    sa.Column('policy', app.core.types.Key(length=12), nullable=False),
    sa.Column('pack_version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('adopter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holder_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('holder_post', app.core.types.Key(length=60), nullable=True),
    sa.Column('state_since', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('notice_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('complaint_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason_item', sa.Text(), nullable=False),
    sa.Column('department_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('loss_base', app.core.types.Money(), nullable=True),
    sa.Column('issued_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('approved_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['adopter_id'], ['org_unit.id'], name=op.f('fk_penalty_notice_adopter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_penalty_notice_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_penalty_notice_complaint_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_penalty_notice_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['department_id'], ['org_unit.id'], name=op.f('fk_penalty_notice_department_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['holder_unit_id'], ['org_unit.id'], name=op.f('fk_penalty_notice_holder_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['issued_by_id'], ['employee.id'], name=op.f('fk_penalty_notice_issued_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_penalty_notice_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pack_version_id'], ['pack_version.id'], name=op.f('fk_penalty_notice_pack_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['sheet_id'], ['loss_sheet.id'], name=op.f('fk_penalty_notice_sheet_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_penalty_notice_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_penalty_notice')),
    sa.UniqueConstraint('complaint_id', name=op.f('uq_penalty_notice_complaint_id')),
    sa.UniqueConstraint('notice_no', name=op.f('uq_penalty_notice_notice_no'))
    )
    with op.batch_alter_table('penalty_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_penalty_notice_approved_at_id'), ['approved_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalty_notice_complaint_id'), ['complaint_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalty_notice_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalty_notice_holder_unit_id'), ['holder_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalty_notice_issued_by_id'), ['issued_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalty_notice_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalty_notice_sheet_id'), ['sheet_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalty_notice_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_penalty_notice_unit_id'), ['unit_id'], unique=False)

    op.create_table('responsibility_share',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bearer_type', app.core.types.Key(), nullable=False),
    sa.Column('employee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('bearer_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('share_percent', app.core.types.Percent(), nullable=False),
    sa.Column('amount', app.core.types.Money(), nullable=True),
    sa.Column('fallback_reason', sa.Text(), nullable=True),
    sa.Column('fault_item', app.core.types.Key(), nullable=True),
    sa.Column('fault_text', sa.String(length=300).with_variant(sa.String(length=300, collation='C'), 'postgresql'), nullable=True),
    sa.Column('approved_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(employee_id IS NULL) <> (bearer_unit_id IS NULL)', name=op.f('ck_responsibility_share_one_bearer')),
    sa.ForeignKeyConstraint(['bearer_unit_id'], ['org_unit.id'], name=op.f('fk_responsibility_share_bearer_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_responsibility_share_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_responsibility_share_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_responsibility_share_employee_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_responsibility_share_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['sheet_id'], ['loss_sheet.id'], name=op.f('fk_responsibility_share_sheet_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_responsibility_share_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_responsibility_share')),
    sa.UniqueConstraint('sheet_id', 'bearer_unit_id', name=op.f('uq_responsibility_share_sheet_id_bearer_unit_id')),
    sa.UniqueConstraint('sheet_id', 'employee_id', name=op.f('uq_responsibility_share_sheet_id_employee_id'))
    )
    with op.batch_alter_table('responsibility_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_responsibility_share_approved_at_id'), ['approved_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_responsibility_share_bearer_unit_id'), ['bearer_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_responsibility_share_employee_id'), ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_responsibility_share_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_responsibility_share_sheet_id'), ['sheet_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_responsibility_share_unit_id'), ['unit_id'], unique=False)

    op.create_table('sanction',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('status', app.core.types.Key(), nullable=False),
    sa.Column('policy', app.core.types.Key(length=12), nullable=False),
    sa.Column('pack_version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('adopter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holder_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('holder_post', app.core.types.Key(length=60), nullable=True),
    sa.Column('state_since', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('sanction_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('complaint_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('employee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('burden', app.core.types.Money(), nullable=False),
    sa.Column('table_grade', app.core.types.Key(), nullable=True),
    sa.Column('grade', app.core.types.Key(), nullable=False),
    sa.Column('joint_of_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('replaces_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('fault_item', app.core.types.Key(), nullable=True),
    sa.Column('fault_text', sa.String(length=300).with_variant(sa.String(length=300, collation='C'), 'postgresql'), nullable=True),
    sa.Column('petition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('base_number', app.core.types.Percent(), nullable=True),
    sa.Column('fixed_deduction', app.core.types.Money(), nullable=False),
    sa.Column('minimum_fine', app.core.types.Money(), nullable=False),
    sa.Column('conversion_fine', app.core.types.Money(), nullable=True),
    sa.Column('forfeit_bonus', sa.Boolean(), nullable=False),
    sa.Column('head_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('head_post', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=True),
    sa.Column('approved_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('announcement_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('announced_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('origin', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=True),
    sa.Column('lapsed', sa.Boolean(), nullable=False),
    sa.Column('published', sa.Boolean(), nullable=False),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('conversion_fine IS NULL OR conversion_fine >= minimum_fine', name=op.f('ck_sanction_fine_minimum')),
    sa.ForeignKeyConstraint(['adopter_id'], ['org_unit.id'], name=op.f('fk_sanction_adopter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['announcement_id'], ['personnel_announcement.id'], name=op.f('fk_sanction_announcement_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_sanction_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_sanction_complaint_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_sanction_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_sanction_employee_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['head_unit_id'], ['org_unit.id'], name=op.f('fk_sanction_head_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['holder_unit_id'], ['org_unit.id'], name=op.f('fk_sanction_holder_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['joint_of_id'], ['sanction.id'], name=op.f('fk_sanction_joint_of_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_sanction_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pack_version_id'], ['pack_version.id'], name=op.f('fk_sanction_pack_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['petition_id'], ['petition.id'], name=op.f('fk_sanction_petition_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['replaces_id'], ['sanction.id'], name=op.f('fk_sanction_replaces_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['sheet_id'], ['loss_sheet.id'], name=op.f('fk_sanction_sheet_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_sanction_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sanction')),
    sa.UniqueConstraint('origin', name=op.f('uq_sanction_origin')),
    sa.UniqueConstraint('sanction_no', name=op.f('uq_sanction_sanction_no'))
    )
    with op.batch_alter_table('sanction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sanction_announcement_id'), ['announcement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_approved_at_id'), ['approved_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_complaint_id'), ['complaint_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_employee_id'), ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_grade_id'), ['grade', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_head_unit_id'), ['head_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_holder_unit_id'), ['holder_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_joint_of_id'), ['joint_of_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_petition_id'), ['petition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_replaces_id'), ['replaces_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_sheet_id'), ['sheet_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_unit_id'), ['unit_id'], unique=False)

    op.create_table('repentance_letter',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sanction_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('employee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('status', app.core.types.Key(), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('submitted_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('accepted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('accepted_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['accepted_by_id'], ['employee.id'], name=op.f('fk_repentance_letter_accepted_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_repentance_letter_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_repentance_letter_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_repentance_letter_employee_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_repentance_letter_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['sanction_id'], ['sanction.id'], name=op.f('fk_repentance_letter_sanction_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_repentance_letter_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_repentance_letter'))
    )
    with op.batch_alter_table('repentance_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_repentance_letter_accepted_by_id'), ['accepted_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_repentance_letter_employee_id'), ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_repentance_letter_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_repentance_letter_sanction_id'), ['sanction_id'], unique=True)
        batch_op.create_index(batch_op.f('ix_repentance_letter_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_repentance_letter_submitted_at_id'), ['submitted_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_repentance_letter_unit_id'), ['unit_id'], unique=False)

    op.create_table('resale',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('status', app.core.types.Key(), nullable=False),
    sa.Column('policy', app.core.types.Key(length=12), nullable=False),
    sa.Column('pack_version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('adopter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holder_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('holder_post', app.core.types.Key(length=60), nullable=True),
    sa.Column('state_since', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('loss_item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('window_end', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('grade_a_price', app.core.types.Money(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=True),
    sa.Column('selling_price', app.core.types.Money(), nullable=True),
    sa.Column('sold_qty', sa.BigInteger(), nullable=True),
    sa.Column('sold_on', sa.Date(), nullable=True),
    sa.Column('sold_price', app.core.types.Money(), nullable=True),
    sa.Column('ended', sa.Boolean(), nullable=False),
    sa.Column('loss_amount', app.core.types.Money(), nullable=True),
    sa.Column('table_amount', app.core.types.Money(), nullable=True),
    sa.Column('basis', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('sold_qty IS NULL OR sold_qty <= quantity', name=op.f('ck_resale_sold_within_quantity')),
    sa.CheckConstraint('sold_qty IS NULL OR sold_qty = 0 OR sold_price IS NOT NULL', name=op.f('ck_resale_sold_has_price')),
    sa.ForeignKeyConstraint(['adopter_id'], ['org_unit.id'], name=op.f('fk_resale_adopter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_resale_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_resale_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['holder_unit_id'], ['org_unit.id'], name=op.f('fk_resale_holder_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['loss_item_id'], ['loss_item.id'], name=op.f('fk_resale_loss_item_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_resale_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pack_version_id'], ['pack_version.id'], name=op.f('fk_resale_pack_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['sheet_id'], ['loss_sheet.id'], name=op.f('fk_resale_sheet_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_resale_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resale'))
    )
    with op.batch_alter_table('resale', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_resale_decided_on_id'), ['decided_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_resale_holder_unit_id'), ['holder_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_resale_loss_item_id'), ['loss_item_id'], unique=True)
        batch_op.create_index(batch_op.f('ix_resale_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_resale_sheet_id'), ['sheet_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_resale_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_resale_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_resale_window_end_id'), ['window_end', 'id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('resale', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_resale_window_end_id'))
        batch_op.drop_index(batch_op.f('ix_resale_unit_id'))
        batch_op.drop_index(batch_op.f('ix_resale_status_id'))
        batch_op.drop_index(batch_op.f('ix_resale_sheet_id'))
        batch_op.drop_index(batch_op.f('ix_resale_owner_id'))
        batch_op.drop_index(batch_op.f('ix_resale_loss_item_id'))
        batch_op.drop_index(batch_op.f('ix_resale_holder_unit_id'))
        batch_op.drop_index(batch_op.f('ix_resale_decided_on_id'))

    op.drop_table('resale')
    with op.batch_alter_table('repentance_letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_repentance_letter_unit_id'))
        batch_op.drop_index(batch_op.f('ix_repentance_letter_submitted_at_id'))
        batch_op.drop_index(batch_op.f('ix_repentance_letter_status_id'))
        batch_op.drop_index(batch_op.f('ix_repentance_letter_sanction_id'))
        batch_op.drop_index(batch_op.f('ix_repentance_letter_owner_id'))
        batch_op.drop_index(batch_op.f('ix_repentance_letter_employee_id'))
        batch_op.drop_index(batch_op.f('ix_repentance_letter_accepted_by_id'))

    op.drop_table('repentance_letter')
    with op.batch_alter_table('sanction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sanction_unit_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_status_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_sheet_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_replaces_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_petition_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_owner_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_joint_of_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_holder_unit_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_head_unit_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_grade_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_employee_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_complaint_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_approved_at_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_announcement_id'))

    op.drop_table('sanction')
    with op.batch_alter_table('responsibility_share', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_responsibility_share_unit_id'))
        batch_op.drop_index(batch_op.f('ix_responsibility_share_sheet_id'))
        batch_op.drop_index(batch_op.f('ix_responsibility_share_owner_id'))
        batch_op.drop_index(batch_op.f('ix_responsibility_share_employee_id'))
        batch_op.drop_index(batch_op.f('ix_responsibility_share_bearer_unit_id'))
        batch_op.drop_index(batch_op.f('ix_responsibility_share_approved_at_id'))

    op.drop_table('responsibility_share')
    with op.batch_alter_table('penalty_notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_penalty_notice_unit_id'))
        batch_op.drop_index(batch_op.f('ix_penalty_notice_status_id'))
        batch_op.drop_index(batch_op.f('ix_penalty_notice_sheet_id'))
        batch_op.drop_index(batch_op.f('ix_penalty_notice_owner_id'))
        batch_op.drop_index(batch_op.f('ix_penalty_notice_issued_by_id'))
        batch_op.drop_index(batch_op.f('ix_penalty_notice_holder_unit_id'))
        batch_op.drop_index(batch_op.f('ix_penalty_notice_department_id'))
        batch_op.drop_index(batch_op.f('ix_penalty_notice_complaint_id'))
        batch_op.drop_index(batch_op.f('ix_penalty_notice_approved_at_id'))

    op.drop_table('penalty_notice')
    with op.batch_alter_table('loss_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_loss_item_sheet_id'))
        batch_op.drop_index(batch_op.f('ix_loss_item_kind_id'))

    op.drop_table('loss_item')
    with op.batch_alter_table('external_liability', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_external_liability_unit_id'))
        batch_op.drop_index(batch_op.f('ix_external_liability_status_id'))
        batch_op.drop_index(batch_op.f('ix_external_liability_sheet_id'))
        batch_op.drop_index(batch_op.f('ix_external_liability_party_type_id'))
        batch_op.drop_index(batch_op.f('ix_external_liability_party_id'))
        batch_op.drop_index(batch_op.f('ix_external_liability_owner_id'))
        batch_op.drop_index(batch_op.f('ix_external_liability_holder_unit_id'))

    op.drop_table('external_liability')
    with op.batch_alter_table('loss_sheet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_loss_sheet_unit_id'))
        batch_op.drop_index(batch_op.f('ix_loss_sheet_status_id'))
        batch_op.drop_index(batch_op.f('ix_loss_sheet_responsible_unit_id'))
        batch_op.drop_index(batch_op.f('ix_loss_sheet_previous_id'))
        batch_op.drop_index(batch_op.f('ix_loss_sheet_owner_id'))
        batch_op.drop_index(batch_op.f('ix_loss_sheet_holder_unit_id'))
        batch_op.drop_index(batch_op.f('ix_loss_sheet_head_unit_id'))
        batch_op.drop_index(batch_op.f('ix_loss_sheet_complaint_id'))
        batch_op.drop_index(batch_op.f('ix_loss_sheet_approved_by_id'))
        batch_op.drop_index(batch_op.f('ix_loss_sheet_approved_at_id'))

    op.drop_table('loss_sheet')
    with op.batch_alter_table('personnel_announcement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_personnel_announcement_unit_id'))
        batch_op.drop_index(batch_op.f('ix_personnel_announcement_status_id'))
        batch_op.drop_index(batch_op.f('ix_personnel_announcement_published_by_id'))
        batch_op.drop_index(batch_op.f('ix_personnel_announcement_published_at_id'))
        batch_op.drop_index(batch_op.f('ix_personnel_announcement_prepared_by_id'))
        batch_op.drop_index(batch_op.f('ix_personnel_announcement_owner_id'))
        batch_op.drop_index(batch_op.f('ix_personnel_announcement_month_id'))
        batch_op.drop_index(batch_op.f('ix_personnel_announcement_holder_unit_id'))

    op.drop_table('personnel_announcement')

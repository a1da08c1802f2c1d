"""Pay items, month-end runs, deductions and their instalments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import app.core.types
revision = 'deduct_1'
down_revision = 'conseq_1'


def upgrade() -> None:
    op.create_table('payroll_run',
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
    sa.Column('run_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('month', sa.String(length=7).with_variant(sa.String(length=7, collation='C'), 'postgresql'), nullable=False),
    sa.Column('people', sa.BigInteger(), nullable=True),
    sa.Column('bonus_total', app.core.types.Money(), nullable=True),
    sa.Column('fine_total', app.core.types.Money(), nullable=True),
    sa.Column('forfeited_total', app.core.types.Money(), nullable=True),
    sa.Column('taken_total', app.core.types.Money(), nullable=True),
    sa.Column('carried_total', app.core.types.Money(), nullable=True),
    sa.Column('waiting', sa.BigInteger(), nullable=True),
    sa.Column('reviewed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('approved_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('taken_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['adopter_id'], ['org_unit.id'], name=op.f('fk_payroll_run_adopter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_payroll_run_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_payroll_run_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['holder_unit_id'], ['org_unit.id'], name=op.f('fk_payroll_run_holder_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_payroll_run_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pack_version_id'], ['pack_version.id'], name=op.f('fk_payroll_run_pack_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['reviewed_by_id'], ['employee.id'], name=op.f('fk_payroll_run_reviewed_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_payroll_run_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payroll_run')),
    sa.UniqueConstraint('run_no', name=op.f('uq_payroll_run_run_no')),
    sa.UniqueConstraint('unit_id', 'month', name=op.f('uq_payroll_run_unit_id_month'))
    )
    with op.batch_alter_table('payroll_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payroll_run_holder_unit_id'), ['holder_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payroll_run_month_id'), ['month', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payroll_run_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payroll_run_reviewed_by_id'), ['reviewed_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payroll_run_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payroll_run_taken_at_id'), ['taken_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payroll_run_unit_id'), ['unit_id'], unique=False)

    op.create_table('pay_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('month', sa.String(length=7).with_variant(sa.String(length=7, collation='C'), 'postgresql'), nullable=False),
    sa.Column('employee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('group_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('section_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('points', app.core.types.Percent(), nullable=False),
    sa.Column('bonus', app.core.types.Money(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.Column('run_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('fine', app.core.types.Money(), nullable=False),
    sa.Column('forfeited', app.core.types.Money(), nullable=False),
    sa.Column('cap', app.core.types.Money(), nullable=True),
    sa.Column('taken', app.core.types.Money(), nullable=False),
    sa.Column('paid_out', app.core.types.Money(), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('paid_out IS NULL OR (taken <= cap AND paid_out >= 0)', name=op.f('ck_pay_item_within_cap')),
    sa.CheckConstraint('paid_out IS NULL OR fine + forfeited + taken + paid_out = bonus', name=op.f('ck_pay_item_adds_up')),
    sa.CheckConstraint('points >= 0 AND bonus >= 0', name=op.f('ck_pay_item_not_negative')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_pay_item_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_pay_item_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_pay_item_employee_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['group_id'], ['org_unit.id'], name=op.f('fk_pay_item_group_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_pay_item_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['run_id'], ['payroll_run.id'], name=op.f('fk_pay_item_run_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['section_id'], ['org_unit.id'], name=op.f('fk_pay_item_section_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_pay_item_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pay_item')),
    sa.UniqueConstraint('month', 'employee_id', name=op.f('uq_pay_item_month_employee_id'))
    )
    with op.batch_alter_table('pay_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pay_item_employee_id'), ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pay_item_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pay_item_month_id'), ['month', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pay_item_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pay_item_run_id'), ['run_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pay_item_section_id'), ['section_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pay_item_unit_id'), ['unit_id'], unique=False)

    op.create_table('payroll_deduction',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reference', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('notice_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('employee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('personal_points', app.core.types.Percent(), nullable=True),
    sa.Column('total_points', app.core.types.Percent(), nullable=True),
    sa.Column('amount', app.core.types.Money(), nullable=False),
    sa.Column('taken', app.core.types.Money(), nullable=False),
    sa.Column('outstanding', app.core.types.Money(), nullable=False),
    sa.Column('start_month', sa.String(length=7).with_variant(sa.String(length=7, collation='C'), 'postgresql'), nullable=False),
    sa.Column('status', app.core.types.Key(), nullable=False),
    sa.Column('noticed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('run_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('calculation', sa.Text(), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('amount = taken + outstanding', name=op.f('ck_payroll_deduction_adds_up')),
    sa.CheckConstraint('amount >= 0 AND taken >= 0 AND outstanding >= 0', name=op.f('ck_payroll_deduction_not_negative')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_payroll_deduction_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_payroll_deduction_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_payroll_deduction_employee_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['notice_id'], ['penalty_notice.id'], name=op.f('fk_payroll_deduction_notice_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_payroll_deduction_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['run_id'], ['payroll_run.id'], name=op.f('fk_payroll_deduction_run_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_payroll_deduction_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payroll_deduction')),
    sa.UniqueConstraint('notice_id', 'employee_id', name=op.f('uq_payroll_deduction_notice_id_employee_id')),
    sa.UniqueConstraint('reference', name=op.f('uq_payroll_deduction_reference'))
    )
    with op.batch_alter_table('payroll_deduction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payroll_deduction_employee_id'), ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payroll_deduction_notice_id'), ['notice_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payroll_deduction_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payroll_deduction_run_id'), ['run_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payroll_deduction_start_month_id'), ['start_month', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payroll_deduction_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payroll_deduction_unit_id'), ['unit_id'], unique=False)

    op.create_table('deduction_instalment',
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
    sa.Column('reference', sa.String(length=100).with_variant(sa.String(length=100, collation='C'), 'postgresql'), nullable=False),
    sa.Column('kind', app.core.types.Key(), nullable=False),
    sa.Column('deduction_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('notice_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('employee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('run_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('month', sa.String(length=7).with_variant(sa.String(length=7, collation='C'), 'postgresql'), nullable=False),
    sa.Column('bonus', app.core.types.Money(), nullable=False),
    sa.Column('fine', app.core.types.Money(), nullable=False),
    sa.Column('forfeited', app.core.types.Money(), nullable=False),
    sa.Column('cap', app.core.types.Money(), nullable=False),
    sa.Column('owed', app.core.types.Money(), nullable=False),
    sa.Column('taken', app.core.types.Money(), nullable=False),
    sa.Column('carried_over', app.core.types.Money(), nullable=False),
    sa.Column('booked_for', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('reverses_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind <> 'counter' OR (taken < 0 AND reason IS NOT NULL)", name=op.f('ck_deduction_instalment_counter_has_reason')),
    sa.CheckConstraint("kind <> 'regular' OR (taken >= 0 AND taken <= cap)", name=op.f('ck_deduction_instalment_within_cap')),
    sa.CheckConstraint('carried_over = owed - taken AND carried_over >= 0', name=op.f('ck_deduction_instalment_adds_up')),
    sa.ForeignKeyConstraint(['adopter_id'], ['org_unit.id'], name=op.f('fk_deduction_instalment_adopter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_deduction_instalment_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_deduction_instalment_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['deduction_id'], ['payroll_deduction.id'], name=op.f('fk_deduction_instalment_deduction_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_deduction_instalment_employee_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['holder_unit_id'], ['org_unit.id'], name=op.f('fk_deduction_instalment_holder_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['notice_id'], ['penalty_notice.id'], name=op.f('fk_deduction_instalment_notice_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_deduction_instalment_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pack_version_id'], ['pack_version.id'], name=op.f('fk_deduction_instalment_pack_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['reverses_id'], ['deduction_instalment.id'], name=op.f('fk_deduction_instalment_reverses_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['run_id'], ['payroll_run.id'], name=op.f('fk_deduction_instalment_run_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_deduction_instalment_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deduction_instalment')),
    sa.UniqueConstraint('deduction_id', 'run_id', name=op.f('uq_deduction_instalment_deduction_id_run_id')),
    sa.UniqueConstraint('reference', name=op.f('uq_deduction_instalment_reference'))
    )
    with op.batch_alter_table('deduction_instalment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deduction_instalment_booked_for_id'), ['booked_for', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deduction_instalment_deduction_id'), ['deduction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deduction_instalment_employee_id'), ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deduction_instalment_holder_unit_id'), ['holder_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deduction_instalment_kind_id'), ['kind', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deduction_instalment_month_id'), ['month', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deduction_instalment_notice_id'), ['notice_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deduction_instalment_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deduction_instalment_reverses_id'), ['reverses_id'], unique=True)
        batch_op.create_index(batch_op.f('ix_deduction_instalment_run_id'), ['run_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deduction_instalment_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deduction_instalment_unit_id'), ['unit_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('deduction_instalment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deduction_instalment_unit_id'))
        batch_op.drop_index(batch_op.f('ix_deduction_instalment_status_id'))
        batch_op.drop_index(batch_op.f('ix_deduction_instalment_run_id'))
        batch_op.drop_index(batch_op.f('ix_deduction_instalment_reverses_id'))
        batch_op.drop_index(batch_op.f('ix_deduction_instalment_owner_id'))
        batch_op.drop_index(batch_op.f('ix_deduction_instalment_notice_id'))
        batch_op.drop_index(batch_op.f('ix_deduction_instalment_month_id'))
        batch_op.drop_index(batch_op.f('ix_deduction_instalment_kind_id'))
        batch_op.drop_index(batch_op.f('ix_deduction_instalment_holder_unit_id'))
        batch_op.drop_index(batch_op.f('ix_deduction_instalment_employee_id'))
        batch_op.drop_index(batch_op.f('ix_deduction_instalment_deduction_id'))
        batch_op.drop_index(batch_op.f('ix_deduction_instalment_booked_for_id'))

    op.drop_table('deduction_instalment')
    with op.batch_alter_table('payroll_deduction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_payroll_deduction_unit_id'))
        batch_op.drop_index(batch_op.f('ix_payroll_deduction_status_id'))
        batch_op.drop_index(batch_op.f('ix_payroll_deduction_start_month_id'))
        batch_op.drop_index(batch_op.f('ix_payroll_deduction_run_id'))
        batch_op.drop_index(batch_op.f('ix_payroll_deduction_owner_id'))
        batch_op.drop_index(batch_op.f('ix_payroll_deduction_notice_id'))
        batch_op.drop_index(batch_op.f('ix_payroll_deduction_employee_id'))

    op.drop_table('payroll_deduction')
    with op.batch_alter_table('pay_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pay_item_unit_id'))
        batch_op.drop_index(batch_op.f('ix_pay_item_section_id'))
        batch_op.drop_index(batch_op.f('ix_pay_item_run_id'))
        batch_op.drop_index(batch_op.f('ix_pay_item_owner_id'))
        batch_op.drop_index(batch_op.f('ix_pay_item_month_id'))
        batch_op.drop_index(batch_op.f('ix_pay_item_group_id'))
        batch_op.drop_index(batch_op.f('ix_pay_item_employee_id'))

    op.drop_table('pay_item')
    with op.batch_alter_table('payroll_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_payroll_run_unit_id'))
        batch_op.drop_index(batch_op.f('ix_payroll_run_taken_at_id'))
        batch_op.drop_index(batch_op.f('ix_payroll_run_status_id'))
        batch_op.drop_index(batch_op.f('ix_payroll_run_reviewed_by_id'))
        batch_op.drop_index(batch_op.f('ix_payroll_run_owner_id'))
        batch_op.drop_index(batch_op.f('ix_payroll_run_month_id'))
        batch_op.drop_index(batch_op.f('ix_payroll_run_holder_unit_id'))

    op.drop_table('payroll_run')

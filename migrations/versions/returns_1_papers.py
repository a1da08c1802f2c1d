"""Certificates, return slips, proofs, vouchers, tolerances and recovery rates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import app.core.types
revision = 'returns_1'
down_revision = 'conseq_1'


def upgrade() -> None:
    op.create_table('recovery_rate',
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
    sa.Column('rate_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('employee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('month', sa.String(length=7).with_variant(sa.String(length=7, collation='C'), 'postgresql'), nullable=False),
    sa.Column('month_end', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('receivable_due', app.core.types.Money(), nullable=False),
    sa.Column('collected', app.core.types.Money(), nullable=False),
    sa.Column('excluded_amount', app.core.types.Money(), nullable=False),
    sa.Column('rate_percent', app.core.types.Percent(), nullable=True),
    sa.Column('basis', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=True),
    sa.Column('confirmed_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['adopter_id'], ['org_unit.id'], name=op.f('fk_recovery_rate_adopter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_recovery_rate_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_recovery_rate_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_recovery_rate_employee_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['holder_unit_id'], ['org_unit.id'], name=op.f('fk_recovery_rate_holder_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_recovery_rate_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pack_version_id'], ['pack_version.id'], name=op.f('fk_recovery_rate_pack_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_recovery_rate_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_rate')),
    sa.UniqueConstraint('employee_id', 'month', name=op.f('uq_recovery_rate_employee_id_month')),
    sa.UniqueConstraint('rate_no', name=op.f('uq_recovery_rate_rate_no'))
    )
    with op.batch_alter_table('recovery_rate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_rate_employee_id'), ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recovery_rate_holder_unit_id'), ['holder_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recovery_rate_month_end_id'), ['month_end', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recovery_rate_month_id'), ['month', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recovery_rate_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recovery_rate_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recovery_rate_unit_id'), ['unit_id'], unique=False)

    op.create_table('return_tolerance',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('ratio_percent', app.core.types.Percent(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_return_tolerance_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_return_tolerance_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_return_tolerance_customer_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_tolerance')),
    sa.UniqueConstraint('customer_id', 'order_no', 'valid_from', name=op.f('uq_return_tolerance_customer_id_order_no_valid_from'))
    )
    with op.batch_alter_table('return_tolerance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_return_tolerance_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_tolerance_order_no_id'), ['order_no', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_tolerance_valid_from_id'), ['valid_from', 'id'], unique=False)

    op.create_table('goods_return',
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
    sa.Column('slip_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('complaint_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('handling', app.core.types.Key(), nullable=False),
    sa.Column('return_reason', sa.Text(), nullable=False),
    sa.Column('return_basis', sa.Text(), nullable=False),
    sa.Column('order_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('part_no', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=True),
    sa.Column('approved_qty', sa.BigInteger(), nullable=True),
    sa.Column('slip_qty', sa.BigInteger(), nullable=False),
    sa.Column('unit_price', app.core.types.Money(), nullable=False),
    sa.Column('verified_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sent_to_warehouse_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('actual_qty', sa.BigInteger(), nullable=True),
    sa.Column('differs', sa.Boolean(), nullable=True),
    sa.Column('difference_instruction', sa.Text(), nullable=True),
    sa.Column('received_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('received_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('tolerance_percent', app.core.types.Percent(), nullable=True),
    sa.Column('match_result', app.core.types.Key(), nullable=True),
    sa.Column('match_basis', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=True),
    sa.Column('return_amount', app.core.types.Money(), nullable=True),
    sa.Column('petition_text', sa.Text(), nullable=True),
    sa.Column('authority_amount', app.core.types.Money(), nullable=True),
    sa.Column('deciding_post', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=True),
    sa.Column('excess_instruction', sa.Text(), nullable=True),
    sa.Column('excess_granted_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('proof_type', app.core.types.Key(), nullable=True),
    sa.Column('voucher_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('slip_qty > 0', name=op.f('ck_goods_return_returns_something')),
    sa.ForeignKeyConstraint(['adopter_id'], ['org_unit.id'], name=op.f('fk_goods_return_adopter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_goods_return_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_goods_return_complaint_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_goods_return_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['holder_unit_id'], ['org_unit.id'], name=op.f('fk_goods_return_holder_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_goods_return_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pack_version_id'], ['pack_version.id'], name=op.f('fk_goods_return_pack_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['received_by_id'], ['employee.id'], name=op.f('fk_goods_return_received_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_goods_return_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['verified_by_id'], ['employee.id'], name=op.f('fk_goods_return_verified_by_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_goods_return')),
    sa.UniqueConstraint('slip_no', name=op.f('uq_goods_return_slip_no'))
    )
    with op.batch_alter_table('goods_return', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_goods_return_complaint_id'), ['complaint_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_goods_return_handling_id'), ['handling', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_goods_return_holder_unit_id'), ['holder_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_goods_return_match_result_id'), ['match_result', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_goods_return_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_goods_return_part_no_id'), ['part_no', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_goods_return_proof_type_id'), ['proof_type', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_goods_return_received_at_id'), ['received_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_goods_return_received_by_id'), ['received_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_goods_return_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_goods_return_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_goods_return_verified_by_id'), ['verified_by_id'], unique=False)

    op.create_table('recovery_exclusion',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('complaint_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('employee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('part_no', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=True),
    sa.Column('month', sa.String(length=7).with_variant(sa.String(length=7, collation='C'), 'postgresql'), nullable=False),
    sa.Column('excluded_amount', app.core.types.Money(), nullable=False),
    sa.Column('released_on', sa.Date(), nullable=True),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_recovery_exclusion_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_recovery_exclusion_complaint_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_recovery_exclusion_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_recovery_exclusion_employee_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_recovery_exclusion_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_recovery_exclusion_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_exclusion')),
    sa.UniqueConstraint('complaint_id', 'month', name=op.f('uq_recovery_exclusion_complaint_id_month'))
    )
    with op.batch_alter_table('recovery_exclusion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_exclusion_complaint_id'), ['complaint_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recovery_exclusion_employee_id'), ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recovery_exclusion_month_id'), ['month', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recovery_exclusion_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recovery_exclusion_released_on_id'), ['released_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recovery_exclusion_unit_id'), ['unit_id'], unique=False)

    op.create_table('return_certificate',
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
    sa.Column('cert_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('complaint_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', app.core.types.Key(), nullable=False),
    sa.Column('original_invoice', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('discount_unit_price', app.core.types.Money(), nullable=True),
    sa.Column('discount_amount', app.core.types.Money(), nullable=False),
    sa.Column('net_unit_price', app.core.types.Money(), nullable=True),
    sa.Column('net_amount', app.core.types.Money(), nullable=True),
    sa.Column('issued_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('authority_amount', app.core.types.Money(), nullable=True),
    sa.Column('deciding_post', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=True),
    sa.Column('signed_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('customer_sealed_on', sa.Date(), nullable=True),
    sa.Column('proof_type', app.core.types.Key(), nullable=True),
    sa.Column('voucher_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('discount_amount > 0', name=op.f('ck_return_certificate_grants_something')),
    sa.ForeignKeyConstraint(['adopter_id'], ['org_unit.id'], name=op.f('fk_return_certificate_adopter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_return_certificate_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_return_certificate_complaint_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_return_certificate_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['holder_unit_id'], ['org_unit.id'], name=op.f('fk_return_certificate_holder_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['issued_by_id'], ['employee.id'], name=op.f('fk_return_certificate_issued_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_return_certificate_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pack_version_id'], ['pack_version.id'], name=op.f('fk_return_certificate_pack_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_return_certificate_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_certificate')),
    sa.UniqueConstraint('cert_no', name=op.f('uq_return_certificate_cert_no'))
    )
    with op.batch_alter_table('return_certificate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_return_certificate_complaint_id'), ['complaint_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_certificate_customer_sealed_on_id'), ['customer_sealed_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_certificate_holder_unit_id'), ['holder_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_certificate_issued_by_id'), ['issued_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_certificate_kind_id'), ['kind', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_certificate_original_invoice_id'), ['original_invoice', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_certificate_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_certificate_proof_type_id'), ['proof_type', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_certificate_signed_at_id'), ['signed_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_certificate_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_certificate_unit_id'), ['unit_id'], unique=False)

    op.create_table('accounting_voucher',
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
    sa.Column('voucher_no', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('source_slip_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('source_certificate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('quantity', sa.BigInteger(), nullable=True),
    sa.Column('amount', app.core.types.Money(), nullable=False),
    sa.Column('basis', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=True),
    sa.Column('posted_on', sa.Date(), nullable=False),
    sa.Column('posted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reverses_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reversal_reason', sa.Text(), nullable=True),
    sa.Column('in_force', sa.Boolean(), nullable=False),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(source_slip_id IS NULL) <> (source_certificate_id IS NULL)', name=op.f('ck_accounting_voucher_one_source')),
    sa.ForeignKeyConstraint(['adopter_id'], ['org_unit.id'], name=op.f('fk_accounting_voucher_adopter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_accounting_voucher_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_accounting_voucher_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['holder_unit_id'], ['org_unit.id'], name=op.f('fk_accounting_voucher_holder_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['employee.id'], name=op.f('fk_accounting_voucher_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pack_version_id'], ['pack_version.id'], name=op.f('fk_accounting_voucher_pack_version_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['posted_by_id'], ['employee.id'], name=op.f('fk_accounting_voucher_posted_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['reverses_id'], ['accounting_voucher.id'], name=op.f('fk_accounting_voucher_reverses_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['source_certificate_id'], ['return_certificate.id'], name=op.f('fk_accounting_voucher_source_certificate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['source_slip_id'], ['goods_return.id'], name=op.f('fk_accounting_voucher_source_slip_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_accounting_voucher_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounting_voucher')),
    sa.UniqueConstraint('voucher_no', name=op.f('uq_accounting_voucher_voucher_no'))
    )
    with op.batch_alter_table('accounting_voucher', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accounting_voucher_holder_unit_id'), ['holder_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounting_voucher_in_force_id'), ['in_force', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounting_voucher_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounting_voucher_posted_by_id'), ['posted_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounting_voucher_posted_on_id'), ['posted_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounting_voucher_reverses_id'), ['reverses_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounting_voucher_source_certificate_id'), ['source_certificate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounting_voucher_source_slip_id'), ['source_slip_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounting_voucher_status_id'), ['status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounting_voucher_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('uq_accounting_voucher_source_certificate_id_in_force', ['source_certificate_id'], unique=True, sqlite_where=sa.text('in_force'), postgresql_where=sa.text('in_force'))
        batch_op.create_index('uq_accounting_voucher_source_slip_id_in_force', ['source_slip_id'], unique=True, sqlite_where=sa.text('in_force'), postgresql_where=sa.text('in_force'))

    op.create_table('return_proof',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slip_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('proof_type', app.core.types.Key(), nullable=False),
    sa.Column('returned_qty', sa.BigInteger(), nullable=False),
    sa.Column('unit_price', app.core.types.Money(), nullable=True),
    sa.Column('returned_amount', app.core.types.Money(), nullable=True),
    sa.Column('net_qty', sa.BigInteger(), nullable=True),
    sa.Column('net_amount', app.core.types.Money(), nullable=True),
    sa.Column('buyer_seal', sa.Boolean(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.Column('sent_to_accounting_at', app.core.types.UtcDateTime(), nullable=True),
    sa.Column('created_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.core.types.UtcDateTime(), nullable=False),
    sa.Column('row_version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('buyer_seal', name=op.f('ck_return_proof_sealed_by_the_buyer')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_return_proof_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_return_proof_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['slip_id'], ['goods_return.id'], name=op.f('fk_return_proof_slip_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_proof'))
    )
    with op.batch_alter_table('return_proof', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_return_proof_proof_type_id'), ['proof_type', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_proof_slip_id'), ['slip_id'], unique=True)



def downgrade() -> None:
    with op.batch_alter_table('return_proof', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_return_proof_slip_id'))
        batch_op.drop_index(batch_op.f('ix_return_proof_proof_type_id'))

    op.drop_table('return_proof')
    with op.batch_alter_table('accounting_voucher', schema=None) as batch_op:
        batch_op.drop_index('uq_accounting_voucher_source_slip_id_in_force', sqlite_where=sa.text('in_force'), postgresql_where=sa.text('in_force'))
        batch_op.drop_index('uq_accounting_voucher_source_certificate_id_in_force', sqlite_where=sa.text('in_force'), postgresql_where=sa.text('in_force'))
        batch_op.drop_index(batch_op.f('ix_accounting_voucher_unit_id'))
        batch_op.drop_index(batch_op.f('ix_accounting_voucher_status_id'))
        batch_op.drop_index(batch_op.f('ix_accounting_voucher_source_slip_id'))
        batch_op.drop_index(batch_op.f('ix_accounting_voucher_source_certificate_id'))
        batch_op.drop_index(batch_op.f('ix_accounting_voucher_reverses_id'))
        batch_op.drop_index(batch_op.f('ix_accounting_voucher_posted_on_id'))
        batch_op.drop_index(batch_op.f('ix_accounting_voucher_posted_by_id'))
        batch_op.drop_index(batch_op.f('ix_accounting_voucher_owner_id'))
        batch_op.drop_index(batch_op.f('ix_accounting_voucher_in_force_id'))
        batch_op.drop_index(batch_op.f('ix_accounting_voucher_holder_unit_id'))

    op.drop_table('accounting_voucher')
    with op.batch_alter_table('return_certificate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_return_certificate_unit_id'))
        batch_op.drop_index(batch_op.f('ix_return_certificate_status_id'))
        batch_op.drop_index(batch_op.f('ix_return_certificate_signed_at_id'))
        batch_op.drop_index(batch_op.f('ix_return_certificate_proof_type_id'))
        batch_op.drop_index(batch_op.f('ix_return_certificate_owner_id'))
        batch_op.drop_index(batch_op.f('ix_return_certificate_original_invoice_id'))
        batch_op.drop_index(batch_op.f('ix_return_certificate_kind_id'))
        batch_op.drop_index(batch_op.f('ix_return_certificate_issued_by_id'))
        batch_op.drop_index(batch_op.f('ix_return_certificate_holder_unit_id'))
        batch_op.drop_index(batch_op.f('ix_return_certificate_customer_sealed_on_id'))
        batch_op.drop_index(batch_op.f('ix_return_certificate_complaint_id'))

    op.drop_table('return_certificate')
    with op.batch_alter_table('recovery_exclusion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recovery_exclusion_unit_id'))
        batch_op.drop_index(batch_op.f('ix_recovery_exclusion_released_on_id'))
        batch_op.drop_index(batch_op.f('ix_recovery_exclusion_owner_id'))
        batch_op.drop_index(batch_op.f('ix_recovery_exclusion_month_id'))
        batch_op.drop_index(batch_op.f('ix_recovery_exclusion_employee_id'))
        batch_op.drop_index(batch_op.f('ix_recovery_exclusion_complaint_id'))

    op.drop_table('recovery_exclusion')
    with op.batch_alter_table('goods_return', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_goods_return_verified_by_id'))
        batch_op.drop_index(batch_op.f('ix_goods_return_unit_id'))
        batch_op.drop_index(batch_op.f('ix_goods_return_status_id'))
        batch_op.drop_index(batch_op.f('ix_goods_return_received_by_id'))
        batch_op.drop_index(batch_op.f('ix_goods_return_received_at_id'))
        batch_op.drop_index(batch_op.f('ix_goods_return_proof_type_id'))
        batch_op.drop_index(batch_op.f('ix_goods_return_part_no_id'))
        batch_op.drop_index(batch_op.f('ix_goods_return_owner_id'))
        batch_op.drop_index(batch_op.f('ix_goods_return_match_result_id'))
        batch_op.drop_index(batch_op.f('ix_goods_return_holder_unit_id'))
        batch_op.drop_index(batch_op.f('ix_goods_return_handling_id'))
        batch_op.drop_index(batch_op.f('ix_goods_return_complaint_id'))

    op.drop_table('goods_return')
    with op.batch_alter_table('return_tolerance', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_return_tolerance_valid_from_id'))
        batch_op.drop_index(batch_op.f('ix_return_tolerance_order_no_id'))
        batch_op.drop_index(batch_op.f('ix_return_tolerance_customer_id'))

    op.drop_table('return_tolerance')
    with op.batch_alter_table('recovery_rate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recovery_rate_unit_id'))
        batch_op.drop_index(batch_op.f('ix_recovery_rate_status_id'))
        batch_op.drop_index(batch_op.f('ix_recovery_rate_owner_id'))
        batch_op.drop_index(batch_op.f('ix_recovery_rate_month_id'))
        batch_op.drop_index(batch_op.f('ix_recovery_rate_month_end_id'))
        batch_op.drop_index(batch_op.f('ix_recovery_rate_holder_unit_id'))
        batch_op.drop_index(batch_op.f('ix_recovery_rate_employee_id'))

    op.drop_table('recovery_rate')

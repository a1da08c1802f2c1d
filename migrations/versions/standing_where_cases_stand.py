"""where cases stand"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'standing'
down_revision = 'rounds'

TABLES = (
    'access_grant', 'access_request', 'account_reconciliation', 'accounting_voucher', 'anomaly_slip',
    'archive_item', 'bad_debt', 'case_disposition', 'case_study', 'case_transfer', 'collection_task',
    'commission_rate', 'commission_sheet', 'compensation', 'complaint', 'complaint_handling', 'complaint_step',
    'complaint_verification', 'conduct_check', 'contract', 'coordination_item', 'corrective_action', 'credit_check',
    'credit_deal', 'credit_hold', 'credit_liability', 'credit_rating', 'credit_request', 'credit_survey',
    'credit_violation', 'customer_assignment', 'customer_event', 'customer_grade', 'customer_opinion',
    'customer_plan', 'customer_profile', 'deduction_instalment', 'duty_assignment', 'expense_record',
    'external_liability', 'feedback_intake', 'goods_return', 'information_sheet', 'joint_investigation', 'lab_task',
    'loss_sheet', 'meeting', 'notice', 'over_limit_case', 'payment_plan', 'payroll_run', 'penalty_notice',
    'personnel_announcement', 'petition', 'receipt', 'recovery_rate', 'report_snapshot', 'resale',
    'return_certificate', 'reward', 'sales_lead', 'sales_order', 'sanction', 'shipment', 'staff_finding',
    'stock_movement', 'supervision_check', 'survey', 'survey_response', 'test_report', 'training_session',
    'urgent_visit', 'vendor', 'visit', 'visit_campaign', 'visit_task', 'work_order', 'written_report',
)
COLUMNS = ['status', 'pack_version_id', 'unit_id', 'owner_id']
CLOCKS = ['of_register', 'due_at', 'record_id']
OPEN = {'sqlite_where': sa.text('stopped_at IS NULL'), 'postgresql_where': sa.text('stopped_at IS NULL')}


def upgrade() -> None:
    for table in TABLES:
        op.create_index(f'ix_{table}_standing', table, COLUMNS)
    op.drop_index('ix_deadline_clock_due', 'deadline_clock')
    op.create_index('ix_deadline_clock_due', 'deadline_clock', [*CLOCKS, 'status'], **OPEN)


def downgrade() -> None:
    op.drop_index('ix_deadline_clock_due', 'deadline_clock')
    op.create_index('ix_deadline_clock_due', 'deadline_clock', CLOCKS, **OPEN)
    for table in reversed(TABLES):
        op.drop_index(f'ix_{table}_standing', table)

"""Numbers are unique in each adopting unit; the tracking table's own fields; slips are acknowledged and settled."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

import app.core.types

revision = "b02_1"
down_revision = "audit_1"

NUMBERS = {
    "anomaly_slip": "slip_no",
    "corrective_action": "action_no",
    "petition": "petition_no",
    "urgent_visit": "visit_no",
    "written_report": "report_no",
}
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBER = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
WHEN = app.core.types.UtcDateTime()


def upgrade() -> None:
    for table, number in NUMBERS.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"uq_{table}_{number}", type_="unique")
            batch.create_index(f"ix_{table}_{number}_id", [number, "id"])
            batch.create_unique_constraint(f"uq_{table}_adopter_id_{number}", ["adopter_id", number])
    with op.batch_alter_table("complaint") as batch:
        batch.add_column(sa.Column("registered_by_id", ROW, nullable=True))
        batch.add_column(sa.Column("tracking_remark", sa.Text(), nullable=True))
        batch.create_index("ix_complaint_registered_by_id", ["registered_by_id"])
        _refer(batch, "complaint", "registered_by_id")
    with op.batch_alter_table("report_snapshot") as batch:
        batch.add_column(sa.Column("snapshot_no", NUMBER, nullable=True))
        batch.create_index("ix_report_snapshot_snapshot_no_id", ["snapshot_no", "id"])
        batch.create_unique_constraint("uq_report_snapshot_adopter_id_snapshot_no", ["adopter_id", "snapshot_no"])
    op.execute("UPDATE report_snapshot SET report = policy || '.' || report WHERE report NOT LIKE '%.%'")
    with op.batch_alter_table("urge_slip") as batch:
        batch.add_column(sa.Column("acknowledged_at", WHEN, nullable=True))
        batch.add_column(sa.Column("acknowledged_by_id", ROW, nullable=True))
        batch.add_column(sa.Column("closed_at", WHEN, nullable=True))
        batch.create_index("ix_urge_slip_acknowledged_by_id", ["acknowledged_by_id"])
        _refer(batch, "urge_slip", "acknowledged_by_id")
        batch.drop_constraint(op.f("ck_urge_slip_answered"), type_="check")
        answered = "status NOT IN ('answered', 'closed') OR replied_at IS NOT NULL"
        batch.create_check_constraint(op.f("ck_urge_slip_answered"), answered)
        batch.create_check_constraint(op.f("ck_urge_slip_closed"), "(status = 'closed') = (closed_at IS NOT NULL)")


def _refer(batch: Any, table: str, column: str) -> None:
    batch.create_foreign_key(f"fk_{table}_{column}", "employee", [column], ["id"], ondelete="RESTRICT")


def downgrade() -> None:
    op.execute("UPDATE urge_slip SET status = 'answered', closed_at = NULL WHERE status = 'closed'")
    op.execute("UPDATE urge_slip SET status = 'issued' WHERE status = 'acknowledged'")
    op.execute("UPDATE urge_slip SET replied_at = NULL WHERE status <> 'answered'")
    with op.batch_alter_table("urge_slip") as batch:
        batch.drop_constraint(op.f("ck_urge_slip_closed"), type_="check")
        batch.drop_constraint(op.f("ck_urge_slip_answered"), type_="check")
        answered = "(status = 'answered') = (replied_at IS NOT NULL)"
        batch.create_check_constraint(op.f("ck_urge_slip_answered"), answered)
        batch.drop_constraint("fk_urge_slip_acknowledged_by_id", type_="foreignkey")
        batch.drop_index("ix_urge_slip_acknowledged_by_id")
        for column in ("closed_at", "acknowledged_by_id", "acknowledged_at"):
            batch.drop_column(column)
    op.execute("UPDATE report_snapshot SET report = substr(report, length(policy) + 2) WHERE report LIKE '%.%'")
    with op.batch_alter_table("report_snapshot") as batch:
        batch.drop_constraint("uq_report_snapshot_adopter_id_snapshot_no", type_="unique")
        batch.drop_index("ix_report_snapshot_snapshot_no_id")
        batch.drop_column("snapshot_no")
    with op.batch_alter_table("complaint") as batch:
        batch.drop_constraint("fk_complaint_registered_by_id", type_="foreignkey")
        batch.drop_index("ix_complaint_registered_by_id")
        batch.drop_column("tracking_remark")
        batch.drop_column("registered_by_id")
    for table, number in NUMBERS.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"uq_{table}_adopter_id_{number}", type_="unique")
            batch.drop_index(f"ix_{table}_{number}_id")
            batch.create_unique_constraint(f"uq_{table}_{number}", [number])

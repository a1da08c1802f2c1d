"""Complaint: number of the form, which tells the versions of one case apart"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "journey_1"
down_revision = "0001"

SIZE = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")


def upgrade() -> None:
    # column by column: a rebuilt table would take its details along when the old one is dropped on SQLite
    op.add_column("complaint", sa.Column("form_no", SIZE, nullable=True))
    op.execute(
        "UPDATE complaint SET form_no = CASE WHEN version = 1 THEN case_no "
        "ELSE case_no || '-' || CAST(version AS VARCHAR(10)) END"
    )
    op.drop_index("ix_complaint_case_no_id", table_name="complaint")
    op.create_index("ix_complaint_form_no_id", "complaint", ["form_no", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_complaint_form_no_id", table_name="complaint")
    op.create_index("ix_complaint_case_no_id", "complaint", ["case_no", "id"], unique=False)
    op.drop_column("complaint", "form_no")

"""The number of a complaint with its version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "audit_1"
down_revision = "0001"

NUMBER = sa.String(length=48).with_variant(sa.String(length=48, collation="C"), "postgresql")
FILL = """
UPDATE complaint SET number = CASE WHEN version = 1 THEN case_no ELSE case_no || '-' || version END
WHERE case_no IS NOT NULL
"""


def upgrade() -> None:
    with op.batch_alter_table("complaint") as batch:
        batch.add_column(sa.Column("number", NUMBER, nullable=True))
    op.execute(FILL)
    with op.batch_alter_table("complaint") as batch:
        batch.create_index("ix_complaint_number_id", ["number", "id"])
        batch.create_unique_constraint("uq_complaint_adopter_id_number", ["adopter_id", "number"])


def downgrade() -> None:
    with op.batch_alter_table("complaint") as batch:
        batch.drop_constraint("uq_complaint_adopter_id_number", type_="unique")
        batch.drop_index("ix_complaint_number_id")
        batch.drop_column("number")

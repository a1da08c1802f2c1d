"""What is late or due soon is found by the instant it is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "bench_1"
down_revision = "b02_1"

OPEN = sa.text("stopped_at IS NULL")


def upgrade() -> None:
    columns = ["of_register", "due_at", "record_id"]
    op.create_index("ix_deadline_clock_due", "deadline_clock", columns, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_deadline_clock_due", "deadline_clock")

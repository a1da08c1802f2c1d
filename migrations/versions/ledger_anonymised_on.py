"""When a customer file was made anonymous (A05)."""

import sqlalchemy as sa
from alembic import op

revision = "ledger"
down_revision = "onecredit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("customer") as table:
        table.add_column(sa.Column("anonymised_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("customer") as table:
        table.drop_column("anonymised_on")

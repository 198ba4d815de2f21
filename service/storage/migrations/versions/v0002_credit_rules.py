"""Rules on credit: an institution's policies, and its agreements with others."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of rules on credit."""
    op.create_table(
        "credit_rules",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("body", sa.Text),
        sa.Column("revision", sa.Integer, nullable=False),
    )

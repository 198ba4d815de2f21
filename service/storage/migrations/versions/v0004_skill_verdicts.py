"""What people say about records' links to skills."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table of verdicts; they go with their record."""
    key = ["tenant", "kind", "id"]
    op.create_table(
        "skill_verdicts",
        *(sa.Column(name, sa.Text, primary_key=True) for name in (*key, "skill")),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.ForeignKeyConstraint(key, [f"records.{name}" for name in key], ondelete="CASCADE"),
        sa.CheckConstraint("verdict IN ('confirmed', 'rejected')", name="verdict_is_known"),
        sqlite_with_rowid=False,
    )

"""Operations, and sessions of those who signed in at the institution's own service."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables of operations and of their lines; let sessions say whose they are."""
    op.add_column("sessions", sa.Column("principal", sa.Text))
    op.create_table(
        "operations",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("learner", sa.Text),
        sa.Column("task", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("ended", sa.Text),
    )
    op.create_index("operations_by_state", "operations", ["state", "created"])
    op.create_index("operations_by_learner", "operations", ["tenant", "learner"])
    op.create_table(
        "operation_lines",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("operation", sa.Text, primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("sent", sa.Text),
        sa.Column("result", sa.Text),
        sa.Column("is_failure", sa.Boolean, nullable=False),
        sa.CheckConstraint("sent IS NULL OR result IS NULL", name="done_is_without_what_was_sent"),
    )
    op.create_table(
        "operation_line_ids",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("operation", sa.Text, primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.ForeignKeyConstraint(
            ["tenant", "operation", "line"],
            ["operation_lines.tenant", "operation_lines.operation", "operation_lines.line"],
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "operation_line_ids_by_line", "operation_line_ids", ["tenant", "operation", "line"]
    )

"""Answers that are kept for whoever asks again with the same key, and events."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables of repeats and of events."""
    op.create_table(
        "repeats",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("principal", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
        sa.Column("is_done", sa.Boolean, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sqlite_with_rowid=False,
    )
    op.create_index("repeats_by_time", "repeats", ["until"])
    op.create_table(
        "events",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("recommendation", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("subject", sa.Text),
        sa.Column("items", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("principal", sa.Text, nullable=False),
        sa.Column("received", sa.Text, nullable=False),
        sa.CheckConstraint(
            "type <> 'not_qualified' OR reason IS NOT NULL", name="not_qualified_has_a_reason"
        ),
    )
    op.create_index("events_by_time", "events", ["tenant", "received", "id"])
    op.create_index("events_by_recommendation", "events", ["tenant", "recommendation"])
    op.create_table(
        "event_learners",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("learner", sa.Text, primary_key=True),
        sa.Column("event", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("event_learners_by_event", "event_learners", ["tenant", "event"])

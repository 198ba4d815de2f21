"""Decisions, and which learners each of them concerns."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of the decision log."""
    op.create_table(
        "decisions",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("model_version", sa.Text, nullable=False),
        sa.Column("model_hash", sa.Text, nullable=False),
        sa.Column("index_version", sa.Integer, nullable=False),
        sa.Column("taxonomy_versions", sa.Text, nullable=False),
        sa.Column("records", sa.Text, nullable=False),
        sa.Column("request", sa.LargeBinary),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("answer_hash", sa.Text, nullable=False),
        sa.Column("erased_on", sa.Text),
        sa.CheckConstraint(
            "erased_on IS NULL OR (request IS NULL AND answer IS NULL)",
            name="erased_is_without_words",
        ),
    )
    op.create_index("decisions_by_time", "decisions", ["tenant", "at"])
    op.create_table(
        "decision_learners",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("learner", sa.Text, primary_key=True),
        sa.Column("decision", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("decision_learners_by_decision", "decision_learners", ["tenant", "decision"])

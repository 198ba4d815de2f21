"""A second set of vectors and links, and how far its derivation is."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables of a derivation; they go with their record."""
    op.create_table(
        "vectors_b",
        *_record_key(),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        _of_a_record(),
    )
    _create_skill_links()
    op.create_table(
        "derivations",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("model_hash", sa.Text, nullable=False),
        sa.Column("model_version", sa.Text, nullable=False),
        sa.Column("taxonomies", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer),
        sa.CheckConstraint("state IN ('running', 'ready', 'replaced')", name="state_is_known"),
        sqlite_with_rowid=False,
    )


def _record_key() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, primary_key=True) for name in ("tenant", "kind", "id")]


def _of_a_record() -> sa.ForeignKeyConstraint:
    key = ["tenant", "kind", "id"]
    return sa.ForeignKeyConstraint(key, [f"records.{name}" for name in key], ondelete="CASCADE")


def _create_skill_links() -> None:
    op.create_table(
        "skill_links_b",
        *_record_key(),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("skill", sa.Text, nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("span_start", sa.Integer),
        sa.Column("span_end", sa.Integer),
        sa.Column("importance", sa.Text),
        sa.Column("level", sa.Integer),
        sa.Column("evidence", sa.Text),
        sa.Column("date", sa.Text),
        sa.Column("issuer", sa.Text),
        _of_a_record(),
        sa.CheckConstraint("weight BETWEEN 0 AND 1", name="weight_is_a_share"),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_is_a_probability"),
        sa.CheckConstraint("(span_start IS NULL) = (span_end IS NULL)", name="span_has_two_ends"),
        sqlite_with_rowid=False,
    )

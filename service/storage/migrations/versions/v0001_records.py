"""Records with their vectors, skill links, change log and facts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of the first version."""
    op.create_table(
        "records",
        *_record_key(),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_table(
        "vectors",
        *_record_key(),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        _of_a_record(),
    )
    _create_skill_links()
    _create_changes()
    op.create_table(
        "meta",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _record_key() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, primary_key=True) for name in ("tenant", "kind", "id")]


def _of_a_record() -> sa.ForeignKeyConstraint:
    key = ["tenant", "kind", "id"]
    return sa.ForeignKeyConstraint(key, [f"records.{name}" for name in key], ondelete="CASCADE")


def _create_skill_links() -> None:
    op.create_table(
        "skill_links",
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


def _create_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "changes_deleted",
        "changes",
        ["tenant", "kind", "id"],
        sqlite_where=sa.text("type = 'delete'"),
    )

"""Tenants, the keys of those who call, and the sessions that are opened with them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables; the tenant of all records until now is the first."""
    tenants = op.create_table(
        "tenants",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("parent", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.bulk_insert(tenants, [{"tenant": "default", "parent": None, "name": "default"}])
    op.create_table(
        "keys",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("party", sa.Text),
        sa.Column("learner", sa.Text),
        sa.Column("origins", sa.Text, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("expires", sa.Text),
        sa.Column("revoked", sa.Text),
        sa.Column("last_used", sa.Text),
        sa.UniqueConstraint("id", name="key_ids_are_unique"),
        sa.CheckConstraint("kind IN ('secret', 'publishable')", name="key_kind_is_known"),
    )
    op.create_table(
        "sessions",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("expires", sa.Text, nullable=False),
        sa.UniqueConstraint("digest", name="sessions_are_unique"),
    )

"""Consents, opt-outs, disclosures and contacts."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables of who may see whom, who was shown, and who wants to write to whom."""
    # Such a key opens nothing any more, and a row that is no key keeps all others from being read.
    op.execute(
        "DELETE FROM keys WHERE party IS NOT NULL AND "
        "(scopes LIKE '%learner:%' OR scopes LIKE '%reports:%' OR scopes LIKE '%admin%')"
    )
    _make_consents()
    op.create_table(
        "disclosures",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("tenant", "answer", "learner")),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("shown_as", sa.Text, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("disclosures_by_learner", "disclosures", ["tenant", "learner", "at"])
    op.create_index("disclosures_by_name", "disclosures", ["tenant", "party", "shown_as"])
    op.create_table(
        "contacts",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("tenant", "id")),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("learner", sa.Text, nullable=False),
        sa.Column("pseudonym", sa.Text, nullable=False),
        sa.Column("job", sa.Text),
        sa.Column("asked_at", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("answered_at", sa.Text),
    )
    op.create_index("contacts_by_learner", "contacts", ["tenant", "learner", "party"], unique=True)


def _make_consents() -> None:
    op.create_table(
        "consents",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("tenant", "learner", "id")),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("covers", sa.Text, nullable=False),
        sa.Column("signed_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("withdrawn_at", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opt_outs",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("tenant", "learner")),
        sa.Column("since", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )

"""The tables, as the newest migration leaves them; the tenant comes first in every key."""

from typing import NamedTuple

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

records = Table(
    "records",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("content_hash", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("revision", Integer, nullable=False),
)


def _of_a_record() -> ForeignKeyConstraint:
    key = ["tenant", "kind", "id"]
    return ForeignKeyConstraint(key, [records.c[name] for name in key], ondelete="CASCADE")


def _vectors(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("tenant", Text, primary_key=True),
        Column("kind", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("text_hash", Text, nullable=False),
        Column("vector", LargeBinary, nullable=False),
        _of_a_record(),
    )


def _skill_links(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("tenant", Text, primary_key=True),
        Column("kind", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("position", Integer, primary_key=True),
        Column("skill", Text, nullable=False),
        Column("weight", Float, nullable=False),
        Column("source", Text, nullable=False),
        Column("method", Text, nullable=False),
        Column("confidence", Float, nullable=False),
        Column("field", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("span_start", Integer),
        Column("span_end", Integer),
        Column("importance", Text),
        Column("level", Integer),
        Column("evidence", Text),
        Column("date", Text),
        Column("issuer", Text),
        _of_a_record(),
        CheckConstraint("weight BETWEEN 0 AND 1", name="weight_is_a_share"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_is_a_probability"),
        CheckConstraint("(span_start IS NULL) = (span_end IS NULL)", name="span_has_two_ends"),
        sqlite_with_rowid=False,
    )


class Slot(NamedTuple):
    """The tables of what is derived from records: one slot serves while the other is filled."""

    vectors: Table
    skill_links: Table


SLOTS = (
    Slot(_vectors("vectors"), _skill_links("skill_links")),
    Slot(_vectors("vectors_b"), _skill_links("skill_links_b")),
)


def slot_of(derivation: int) -> Slot:
    """Return where the derivation of this number is kept; the next one takes the other slot."""
    return SLOTS[derivation % len(SLOTS)]


derivations = Table(
    "derivations",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("model_hash", Text, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("taxonomies", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    # The row of the change log up to which all was derived, once that was so.
    Column("seq", Integer),
    CheckConstraint("state IN ('running', 'ready', 'replaced')", name="state_is_known"),
    sqlite_with_rowid=False,
)

skill_verdicts = Table(
    "skill_verdicts",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("skill", Text, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("note", Text),
    _of_a_record(),
    CheckConstraint("verdict IN ('confirmed', 'rejected')", name="verdict_is_known"),
    sqlite_with_rowid=False,
)

changes = Table(
    "changes",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    sqlite_with_rowid=False,
)
DELETIONS = text("type = 'delete'")
# Tells from which revision a record that was deleted goes on when it comes back.
Index(
    "changes_deleted",
    changes.c.tenant,
    changes.c.kind,
    changes.c.id,
    sqlite_where=DELETIONS,
)

meta = Table(
    "meta",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

credit_rules = Table(
    "credit_rules",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    # None once it was deleted: the revision goes on if it comes back.
    Column("body", Text),
    Column("revision", Integer, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("model_hash", Text, nullable=False),
    Column("index_version", Integer, nullable=False),
    Column("taxonomy_versions", Text, nullable=False),
    Column("records", Text, nullable=False),
    Column("request", LargeBinary),
    Column("answer", LargeBinary),
    Column("answer_hash", Text, nullable=False),
    Column("erased_on", Text),
    CheckConstraint(
        "erased_on IS NULL OR (request IS NULL AND answer IS NULL)",
        name="erased_is_without_words",
    ),
)
Index("decisions_by_time", decisions.c.tenant, decisions.c.at)

decision_learners = Table(
    "decision_learners",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("learner", Text, primary_key=True),
    Column("decision", Text, primary_key=True),
    sqlite_with_rowid=False,
)
Index("decision_learners_by_decision", decision_learners.c.tenant, decision_learners.c.decision)

consents = Table(
    "consents",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("learner", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("covers", Text, nullable=False),
    Column("signed_at", Text, nullable=False),
    Column("expires_at", Text),
    Column("policy_version", Text, nullable=False),
    Column("withdrawn_at", Text),
    sqlite_with_rowid=False,
)

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("learner", Text, primary_key=True),
    Column("since", Text, nullable=False),
    sqlite_with_rowid=False,
)

disclosures = Table(
    "disclosures",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("answer", Text, primary_key=True),
    # After an erasure a salted hash of the id, and `shown_as` is empty.
    Column("learner", Text, primary_key=True),
    Column("party", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("shown_as", Text, nullable=False),
    Column("fields", Text, nullable=False),
    sqlite_with_rowid=False,
)
Index("disclosures_by_learner", disclosures.c.tenant, disclosures.c.learner, disclosures.c.at)
Index("disclosures_by_name", disclosures.c.tenant, disclosures.c.party, disclosures.c.shown_as)

contacts = Table(
    "contacts",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("party", Text, nullable=False),
    Column("learner", Text, nullable=False),
    Column("pseudonym", Text, nullable=False),
    Column("job", Text),
    Column("asked_at", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("answered_at", Text),
)
Index(
    "contacts_by_learner",
    contacts.c.tenant,
    contacts.c.learner,
    contacts.c.party,
    unique=True,
)

repeats = Table(
    "repeats",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("principal", Text, primary_key=True),
    # HMACs: neither the key nor the request can be told from them, and the answer is sealed.
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("is_done", Boolean, nullable=False),
    Column("answer", LargeBinary),
    Column("size", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("repeats_by_time", repeats.c.until)
Index("repeats_by_principal", repeats.c.tenant, repeats.c.principal, repeats.c.size)

events = Table(
    "events",
    metadata,
    Column("tenant", Text, primary_key=True),
    # In the order in which they were committed; given once.
    Column("number", Integer, primary_key=True),
    Column("principal", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text),
    Column("items", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("reason", Text),
    Column("note", Text),
    Column("received", Text, nullable=False),
    CheckConstraint(
        "type <> 'not_qualified' OR reason IS NOT NULL", name="not_qualified_has_a_reason"
    ),
)
Index("events_by_id", events.c.tenant, events.c.principal, events.c.id, unique=True)
Index("events_by_recommendation", events.c.tenant, events.c.recommendation)

event_learners = Table(
    "event_learners",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("learner", Text, primary_key=True),
    Column("event", Integer, primary_key=True),
    sqlite_with_rowid=False,
)
Index("event_learners_by_event", event_learners.c.tenant, event_learners.c.event)

operations = Table(
    "operations",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    # Whose it is, if a learner's own: it goes with them.
    Column("learner", Text),
    Column("task", Text, nullable=False),
    Column("state", Text, nullable=False),
    # Bytes of all that was sent and of all results, while it arrives of what was sent.
    Column("size", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("created", Text, nullable=False),
    Column("ended", Text),
)
Index("operations_by_state", operations.c.state, operations.c.created)
Index("operations_by_learner", operations.c.tenant, operations.c.learner)

operation_lines = Table(
    "operation_lines",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("line", Integer, primary_key=True),
    # What was sent, until there is a result; neither if it named a learner who is erased.
    Column("sent", Text),
    Column("result", Text),
    Column("is_failure", Boolean, nullable=False),
    CheckConstraint("sent IS NULL OR result IS NULL", name="done_is_without_what_was_sent"),
)

# Which ids a line names: an answer about somebody need not say about whom.
operation_line_ids = Table(
    "operation_line_ids",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("line", Integer, primary_key=True),
    ForeignKeyConstraint(
        ["tenant", "operation", "line"],
        [operation_lines.c.tenant, operation_lines.c.operation, operation_lines.c.line],
        ondelete="CASCADE",
    ),
    sqlite_with_rowid=False,
)
Index(
    "operation_line_ids_by_line",
    operation_line_ids.c.tenant,
    operation_line_ids.c.operation,
    operation_line_ids.c.line,
)

tenants = Table(
    "tenants",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("parent", Text),
    Column("name", Text, nullable=False),
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("key", Text, nullable=False),
    Column("expires", Text, nullable=False),
    # Who it is, where no key is kept that would say so.
    Column("principal", Text),
    UniqueConstraint("digest", name="sessions_are_unique"),
)

keys = Table(
    "keys",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("label", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("party", Text),
    Column("learner", Text),
    Column("origins", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("expires", Text),
    Column("revoked", Text),
    Column("last_used", Text),
    UniqueConstraint("id", name="key_ids_are_unique"),
    CheckConstraint("kind IN ('secret', 'publishable')", name="key_kind_is_known"),
)

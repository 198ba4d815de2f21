"""Policies and agreements on credit, kept beside the records: few, and read whole."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import sqlite

from service.domain.credit import RuleKind, TransferAgreement
from service.domain.credit_policy import CreditPolicy, CreditRule, rule_kind_of
from service.domain.ids import TenantId
from service.domain.precondition import ANYHOW, Precondition
from service.errors import DamagedStore, InvalidRecord, PreconditionFailed
from service.matching.credit_ports import KeptRule, StoredRule
from service.storage.connections import Connections
from service.storage.schema import credit_rules

_ADAPTERS: dict[RuleKind, TypeAdapter[Any]] = {
    RuleKind.POLICY: TypeAdapter(CreditPolicy),
    RuleKind.AGREEMENT: TypeAdapter(TransferAgreement),
}
# The words of the table; those of `RuleKind` are for people.
_KINDS = {RuleKind.POLICY: "policy", RuleKind.AGREEMENT: "agreement"}

_OF_KIND = select(credit_rules.c.id, credit_rules.c.body, credit_rules.c.revision).where(
    credit_rules.c.tenant == bindparam("tenant"), credit_rules.c.kind == bindparam("kind")
)
_ONE = _OF_KIND.where(credit_rules.c.id == bindparam("id"))
_ALL = _OF_KIND.where(credit_rules.c.body.is_not(None)).order_by(credit_rules.c.id)
_INSERT = sqlite.insert(credit_rules)
_PUT = _INSERT.on_conflict_do_update(
    index_elements=["tenant", "kind", "id"],
    set_={"body": _INSERT.excluded.body, "revision": _INSERT.excluded.revision},
)


class SqliteRuleBook:
    """Keeps rules on credit in the store's file; implements ``RuleBook``.

    Of a rule that was deleted the row stays without its body, so that its revision goes on if
    it comes back, and no revision ever names two different contents.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def put(
        self, tenant: TenantId, rules: Sequence[CreditRule], *, condition: Precondition = ANYHOW
    ) -> list[KeptRule]:
        """Keep rules in one transaction; return what became of each.

        Raises:
            PreconditionFailed: if ``condition`` does not hold for one; then none of them is kept.
            InvalidRecord: if one of them cannot be kept; then none of them is.
            StoreProblem: if the store cannot be written; then nothing has changed.
        """
        bodies = [_body(rule) for rule in rules]
        with self._connections.writing() as connection:
            return [
                _put(connection, tenant, rule, body, condition)
                for rule, body in zip(rules, bodies, strict=True)
            ]

    def find(self, tenant: TenantId, kind: RuleKind, rule_id: str) -> StoredRule | None:
        """Return a rule, if there is one with this id."""
        with self._connections.reading() as connection:
            row = connection.execute(_ONE, _key(tenant, kind, rule_id)).one_or_none()
        if row is None or row.body is None:
            return None
        return StoredRule(_decode(kind, row.body), row.revision)

    def all(self, tenant: TenantId, kind: RuleKind) -> list[StoredRule]:
        """Return all rules of a kind by ascending id."""
        with self._connections.reading() as connection:
            rows = connection.execute(_ALL, {"tenant": tenant, "kind": _KINDS[kind]}).all()
        return [StoredRule(_decode(kind, row.body), row.revision) for row in rows]

    def delete(
        self, tenant: TenantId, kind: RuleKind, rule_id: str, *, condition: Precondition = ANYHOW
    ) -> bool:
        """Remove a rule; tell whether there was one.

        Raises:
            PreconditionFailed: if ``condition`` does not hold for it; then nothing has changed.
        """
        key = _key(tenant, kind, rule_id)
        with self._connections.writing() as connection:
            row = connection.execute(_ONE, key).one_or_none()
            _check(condition, kind, rule_id, row)
            if row is None or row.body is None:
                return False
            connection.execute(_PUT, {**key, "body": None, "revision": row.revision + 1})
        return True


def _put(
    connection: Connection,
    tenant: TenantId,
    rule: CreditRule,
    body: str,
    condition: Precondition,
) -> KeptRule:
    key = _key(tenant, rule_kind_of(rule), rule.id)
    row = connection.execute(_ONE, key).one_or_none()
    is_same = row is not None and row.body == body
    if not (is_same and condition.is_about_what_was_seen):
        _check(condition, rule_kind_of(rule), rule.id, row)
    if row is not None and is_same:
        return KeptRule(row.revision, created=False, changed=False)
    revision = 1 if row is None else row.revision + 1
    connection.execute(_PUT, {**key, "body": body, "revision": revision})
    return KeptRule(revision, created=row is None or row.body is None, changed=True)


def _check(condition: Precondition, kind: RuleKind, rule_id: str, row: Any) -> None:
    revision = None if row is None or row.body is None else row.revision
    if not condition.holds(revision):
        raise PreconditionFailed(kind, rule_id, revision)


def _key(tenant: TenantId, kind: RuleKind, rule_id: str) -> dict[str, str]:
    return {"tenant": tenant, "kind": _KINDS[kind], "id": rule_id}


def _body(rule: CreditRule) -> str:
    """Return the rule as canonical JSON: equal rules have equal texts."""
    try:
        body: bytes = _ADAPTERS[rule_kind_of(rule)].dump_json(rule, exclude_defaults=True)
    except (PydanticSerializationError, UnicodeEncodeError):
        raise InvalidRecord(
            f"{rule.id!r} has a text with half a character (a lone surrogate)."
        ) from None
    return body.decode()


def _decode(kind: RuleKind, body: str) -> CreditRule:
    try:
        found: CreditRule = _ADAPTERS[kind].validate_json(body)
    except (ValidationError, InvalidRecord) as error:
        raise DamagedStore(f"The store holds a {kind} that cannot be read: {error}") from error
    return found

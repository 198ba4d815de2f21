"""The decision log's tables: written in groups, read by id, emptied where a learner is erased."""

import json
import zlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, select, update
from sqlalchemy.dialects import sqlite

from service.domain.answer import Versions
from service.domain.decision import Decision, DecisionKind, UsedRecord
from service.domain.ids import TenantId
from service.domain.record import Kind
from service.failpoints import Failpoint, reached
from service.storage.connections import Connections
from service.storage.schema import DELETIONS, changes, decision_learners, decisions

# The fastest: it makes an answer a fifth as long, and the next levels gain little on that.
_LEVEL = 1

_ADD = sqlite.insert(decisions).on_conflict_do_nothing()
_ADD_LEARNERS = sqlite.insert(decision_learners).on_conflict_do_nothing()
_ONE = select(decisions).where(
    decisions.c.tenant == bindparam("tenant"), decisions.c.id == bindparam("id")
)


def _among(name: str) -> Select[tuple[str]]:
    # The ids come as one JSON array, so that there may be any number of them.
    return select(func.json_each(bindparam(name)).table_valued("value").c.value)


_DELETED_AT = (
    select(changes.c.id, func.max(changes.c.revision))
    .where(
        changes.c.tenant == bindparam("tenant"),
        changes.c.kind == Kind.LEARNER.value,
        changes.c.id.in_(_among("learners")),
        DELETIONS,
    )
    .group_by(changes.c.id)
)
_CONCERNED = (
    select(decision_learners.c.decision)
    .where(
        decision_learners.c.tenant == bindparam("tenant"),
        decision_learners.c.learner.in_(_among("learners")),
    )
    .distinct()
)
_ABOUT = (
    select(decisions)
    .where(decisions.c.tenant == bindparam("tenant"), decisions.c.id.in_(_CONCERNED))
    .order_by(decisions.c.at, decisions.c.id)
)
# The day is a fact of the store and part of no answer, so it is the database's to say (UTC).
_ERASED = {
    "records": "[]",
    "request": None,
    "answer": None,
    "answer_hash": "",
    "erased_on": func.current_date(),
}
_ERASE = (
    update(decisions)
    .where(decisions.c.tenant == bindparam("of_tenant"), decisions.c.id.in_(_among("those")))
    .values(_ERASED)
)
_FORGET_LEARNERS = delete(decision_learners).where(
    decision_learners.c.tenant == bindparam("of_tenant"),
    decision_learners.c.decision.in_(_among("those")),
)
_RECENT = (
    select(decisions)
    .where(decisions.c.tenant == bindparam("tenant"))
    .order_by(decisions.c.at.desc(), decisions.c.id)
    .limit(bindparam("most"))
)
_BEFORE = select(decisions.c.id).where(
    decisions.c.tenant == bindparam("tenant"), decisions.c.at < bindparam("before")
)
_FORGET = delete(decisions).where(
    decisions.c.tenant == bindparam("of_tenant"), decisions.c.id.in_(_among("those"))
)


class SqliteDecisions:
    """Keeps decisions beside the records; implements ``service.matching.ports.DecisionLog``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def append(self, tenant: TenantId, group: Sequence[Decision]) -> None:
        """Keep decisions in one transaction; those that are there already stay as they are.

        One that concerns a learner who was deleted since is kept without its words.

        Raises:
            StoreProblem: if the store cannot be written; then none of them is kept.
        """
        rows = [_row(tenant, each) for each in group]
        learners = [
            {"tenant": tenant, "learner": learner.id, "decision": each.id}
            for each in group
            for learner in each.learners
        ]
        if not rows:
            return
        with self._connections.writing() as connection:
            connection.execute(_ADD, rows)
            reached(Failpoint.DECISIONS_HALF_WRITTEN)
            if learners:
                connection.execute(_ADD_LEARNERS, learners)
                _erase(connection, tenant, _too_late(connection, tenant, group))
        reached(Failpoint.DECISIONS_WRITTEN)

    def find(self, tenant: TenantId, decision: str) -> Decision | None:
        """Return the decision, if there is one with this id."""
        with self._connections.reading() as connection:
            row = connection.execute(_ONE, {"tenant": tenant, "id": decision}).one_or_none()
        return _decision(row) if row else None

    def concerning(self, tenant: TenantId, learner: str) -> list[Decision]:
        """Return the decisions that concern a learner, oldest first."""
        which = {"tenant": tenant, "learners": json.dumps([learner])}
        with self._connections.reading() as connection:
            rows = connection.execute(_ABOUT, which).all()
        return [_decision(row) for row in rows]

    def recent(self, tenant: TenantId, *, limit: int) -> list[Decision]:
        """Return the newest decisions, newest first, ties by id."""
        with self._connections.reading() as connection:
            rows = connection.execute(_RECENT, {"tenant": tenant, "most": limit}).all()
        return [_decision(row) for row in rows]

    def forget(self, tenant: TenantId, *, before: datetime) -> int:
        """Remove the decisions made before a time; return how many there were."""
        with self._connections.writing(frees=True) as connection:
            which = {"tenant": tenant, "before": _instant(before)}
            ids = connection.execute(_BEFORE, which).scalars().all()
            those = {"of_tenant": tenant, "those": json.dumps(ids)}
            connection.execute(_FORGET_LEARNERS, those)
            connection.execute(_FORGET, those)
        return len(ids)


def erase_learners(connection: Connection, tenant: TenantId, learners: Sequence[str]) -> None:
    """Take the words out of every decision that concerns one of the learners.

    In the transaction that is open, so that a learner and what was said of them go together.
    """
    which = {"tenant": tenant, "learners": json.dumps(learners)}
    _erase(connection, tenant, connection.execute(_CONCERNED, which).scalars().all())


def _erase(connection: Connection, tenant: TenantId, ids: Sequence[str]) -> None:
    if ids:
        those = {"of_tenant": tenant, "those": json.dumps(ids)}
        connection.execute(_ERASE, those)
        connection.execute(_FORGET_LEARNERS, those)


def _too_late(connection: Connection, tenant: TenantId, group: Sequence[Decision]) -> list[str]:
    """Return the decisions that waited while one of their learners was deleted."""
    learners = sorted({learner.id for each in group for learner in each.learners})
    which = {"tenant": tenant, "learners": json.dumps(learners)}
    deleted = {row.id: row[1] for row in connection.execute(_DELETED_AT, which)}
    return [
        each.id
        for each in group
        if any(0 < used.revision < deleted.get(used.id, 0) for used in each.learners)
    ]


def _row(tenant: TenantId, decision: Decision) -> dict[str, object]:
    return {
        "tenant": tenant,
        "id": decision.id,
        "kind": decision.kind.value,
        "at": _instant(decision.at),
        "model_version": decision.versions.model_version,
        "model_hash": decision.model_hash,
        "index_version": decision.versions.index_version,
        "taxonomy_versions": json.dumps(decision.versions.taxonomy_versions, sort_keys=True),
        "records": json.dumps([(each.kind, each.id, each.revision) for each in decision.records]),
        "request": _packed(decision.request),
        "answer": _packed(decision.answer),
        "answer_hash": decision.answer_hash,
    }


def _decision(row: Sequence[Any]) -> Decision:
    _, decision, kind, at, model, model_hash, seq, taxonomies, records, *words = row
    request, answer, answer_hash, erased_on = words
    return Decision(
        id=decision,
        kind=DecisionKind(kind),
        at=datetime.fromisoformat(at),
        versions=Versions(
            model_version=model, index_version=seq, taxonomy_versions=json.loads(taxonomies)
        ),
        model_hash=model_hash,
        records=tuple(
            UsedRecord(kind=Kind(kind), id=each, revision=revision)
            for kind, each, revision in json.loads(records)
        ),
        request=_unpacked(request),
        answer=_unpacked(answer),
        answer_hash=answer_hash,
        erased_on=date.fromisoformat(erased_on) if erased_on else None,
    )


def _instant(at: datetime) -> str:
    # Of one length and one zone, so that texts are in the order of times.
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _packed(text: str | None) -> bytes | None:
    return None if text is None else zlib.compress(text.encode(), _LEVEL)


def _unpacked(packed: bytes | None) -> str | None:
    return None if packed is None else zlib.decompress(packed).decode()

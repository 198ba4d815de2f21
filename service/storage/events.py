"""Events: tied to the answers that they are about, and gone with the learner whom they name."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import sqlite

from service.domain.access import PrincipalId
from service.domain.event import Event, EventFate, EventPlace, EventType, KeptEvent
from service.domain.ids import LearnerId, TenantId
from service.domain.record import Kind
from service.storage.connections import Connections
from service.storage.schema import decision_learners, decisions, event_learners, events

_ADD = sqlite.insert(events)
_ADD_LEARNERS = sqlite.insert(event_learners)
_ONE = select(events).where(events.c.tenant == bindparam("tenant"), events.c.id == bindparam("id"))
_RECORDS = select(decisions.c.records).where(
    decisions.c.tenant == bindparam("tenant"),
    decisions.c.id == bindparam("id"),
    decisions.c.erased_on.is_(None),
)
_PAGE = (
    select(events)
    .where(
        events.c.tenant == bindparam("tenant"),
        tuple_(events.c.received, events.c.id) > tuple_(bindparam("received"), bindparam("after")),
    )
    .order_by(events.c.received, events.c.id)
    .limit(bindparam("limit"))
)


def _among(name: str) -> Select[tuple[str]]:
    # The ids come as one JSON array, so that there may be any number of them.
    return select(func.json_each(bindparam(name)).table_valued("value").c.value)


def _of(table: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = table.c.tenant == bindparam("of_tenant")
    return found


_NAMING = (
    select(event_learners.c.event)
    .where(_of(event_learners), event_learners.c.learner.in_(_among("learners")))
    .distinct()
)
_ABOUT = (
    select(decision_learners.c.decision)
    .where(_of(decision_learners), decision_learners.c.learner.in_(_among("learners")))
    .distinct()
)
_ERASE = delete(events).where(_of(events), events.c.id.in_(_among("those")))
_FORGET = delete(event_learners).where(
    _of(event_learners), event_learners.c.event.in_(_among("those"))
)
# Others' outcomes stay; what was written about them may be about who is gone.
_SILENCE = (
    update(events)
    .where(_of(events), events.c.recommendation.in_(_ABOUT), events.c.note.is_not(None))
    .values(note=None)
)


class SqliteEvents:
    """Keeps events beside the decisions."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(
        self, tenant: TenantId, sent: Sequence[Event], *, principal: PrincipalId, at: datetime
    ) -> list[EventFate]:
        """Keep events in one transaction; return what became of each, in order.

        Raises:
            StoreProblem: if the store cannot be written; then none of them is kept.
        """
        with self._connections.writing() as connection:
            return [
                _add(connection, tenant, KeptEvent(event=event, principal=principal, received=at))
                for event in sent
            ]

    def page(self, tenant: TenantId, *, after: EventPlace, limit: int) -> list[KeptEvent]:
        """Return up to ``limit`` events in the order in which they were received."""
        which = {
            "tenant": tenant,
            "received": _instant(after.received),
            "after": after.id,
            "limit": limit,
        }
        with self._connections.reading() as connection:
            rows = connection.execute(_PAGE, which).all()
        return [kept_event(row._mapping) for row in rows]


def erase_events(connection: Connection, tenant: TenantId, learners: Sequence[str]) -> None:
    """Remove every event that names one of the learners, and notes on answers that list them.

    In the transaction that is open, before the decisions forget whom they concern.
    """
    which = {"of_tenant": tenant, "learners": json.dumps(learners)}
    those = connection.execute(_NAMING, which).scalars().all()
    if those:
        naming = {"of_tenant": tenant, "those": json.dumps(those)}
        connection.execute(_ERASE, naming)
        connection.execute(_FORGET, naming)
    connection.execute(_SILENCE, which)


def _add(connection: Connection, tenant: TenantId, kept: KeptEvent) -> EventFate:
    event = kept.event
    known = connection.execute(_ONE, {"tenant": tenant, "id": event.id}).one_or_none()
    if known is not None:
        same = kept_event(known._mapping).event == event
        return EventFate.DUPLICATE if same else EventFate.DIFFERENT
    which = {"tenant": tenant, "id": event.recommendation}
    row = connection.execute(_RECORDS, which).one_or_none()
    if row is None:
        return EventFate.UNKNOWN_RECOMMENDATION
    named = [(Kind(kind), each) for kind, each, _ in json.loads(row.records)]
    learners = {each for kind, each in named if kind is Kind.LEARNER}
    if event.subject is not None and event.subject not in learners:
        return EventFate.UNKNOWN_SUBJECT
    if not set(event.items) <= {each for _, each in named}:
        return EventFate.UNKNOWN_ITEM
    connection.execute(_ADD, event_row(tenant, kept))
    whom = learners & {*event.items, *([event.subject] if event.subject else [])}
    if whom:
        rows = [{"tenant": tenant, "learner": each, "event": event.id} for each in sorted(whom)]
        connection.execute(_ADD_LEARNERS, rows)
    return EventFate.STORED


def event_row(tenant: TenantId, kept: KeptEvent) -> dict[str, object]:
    """Return an event as a row of its table."""
    event = kept.event
    return {
        "tenant": tenant,
        "id": event.id,
        "recommendation": event.recommendation,
        "type": event.type.value,
        "subject": event.subject,
        "items": json.dumps(event.items),
        "at": event.at.isoformat(),
        "reason": event.reason,
        "note": event.note,
        "principal": kept.principal,
        "received": _instant(kept.received),
    }


def kept_event(row: Any) -> KeptEvent:
    """Return the event that a row stands for."""
    event = Event(
        id=row["id"],
        recommendation=row["recommendation"],
        type=EventType(row["type"]),
        subject=LearnerId(row["subject"]) if row["subject"] else None,
        items=tuple(json.loads(row["items"])),
        at=datetime.fromisoformat(row["at"]),
        reason=row["reason"],
        note=row["note"],
    )
    return KeptEvent(
        event=event,
        principal=PrincipalId(row["principal"]),
        received=datetime.fromisoformat(row["received"]),
    )


def _instant(at: datetime) -> str:
    # Of one length and one zone, so that texts are in the order of times.
    return at.astimezone(UTC).isoformat(timespec="microseconds")

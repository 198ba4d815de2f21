"""Events as rows of their table, each with a number that only ever grows."""

import json
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite

from service.domain.access import PrincipalId
from service.domain.event import Event, EventType, KeptEvent
from service.domain.ids import LearnerId, TenantId
from service.storage.instants import instant, read_instant
from service.storage.reading import read_meta
from service.storage.schema import event_learners, events, meta

_LAST: Final = "event_number"
_ADD = sqlite.insert(events)
_ADD_LEARNERS = sqlite.insert(event_learners).on_conflict_do_nothing()
_INSERT = sqlite.insert(meta)
_KEEP = _INSERT.on_conflict_do_update(
    index_elements=["tenant", "key"], set_={"value": _INSERT.excluded.value}
)


class EventWriter:
    """Adds events in the transaction that is open; ``close`` before it is committed.

    The number is given while nobody else can write: whoever has read up to a number has missed
    nothing. No number is given twice, also after the event that had it is erased.
    """

    def __init__(self, connection: Connection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant
        self._before = self._last = int(read_meta(connection, tenant, _LAST) or 0)

    def add(self, kept: KeptEvent) -> int:
        """Add an event; return its number."""
        self._last += 1
        row = event_row(self._tenant, kept)
        self._connection.execute(_ADD, {**row, "number": self._last})
        return self._last

    def name(self, number: int, learners: frozenset[str]) -> None:
        """Keep which learners an event names."""
        rows = [
            {"tenant": self._tenant, "learner": each, "event": number} for each in sorted(learners)
        ]
        if rows:
            self._connection.execute(_ADD_LEARNERS, rows)

    def close(self) -> None:
        """Keep which number was the last."""
        if self._last > self._before:
            row = {"tenant": self._tenant, "key": _LAST, "value": str(self._last)}
            self._connection.execute(_KEEP, row)


def event_row(tenant: TenantId, kept: KeptEvent) -> dict[str, object]:
    """Return an event as a row of its table, without its number."""
    event = kept.event
    return {
        "tenant": tenant,
        "principal": kept.principal,
        "id": event.id,
        "recommendation": event.recommendation,
        "type": event.type.value,
        "subject": event.subject,
        "items": json.dumps(event.items),
        "at": event.at.isoformat(),
        "reason": event.reason,
        "note": event.note,
        "received": instant(kept.received),
    }


def kept_event(row: Any) -> KeptEvent:
    """Return the event that a row stands for."""
    event = Event(
        id=row["id"],
        recommendation=row["recommendation"],
        type=EventType(row["type"]),
        subject=LearnerId(row["subject"]) if row["subject"] else None,
        items=tuple(json.loads(row["items"])),
        at=read_instant(row["at"]),
        reason=row["reason"],
        note=row["note"],
    )
    return KeptEvent(
        event=event,
        principal=PrincipalId(row["principal"]),
        received=read_instant(row["received"]),
    )

"""Events: tied to the answers that they are about, and gone with the learner whom they name."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from service.domain.access import Principal
from service.domain.event import Event, EventFate, EventPage, EventPlace, KeptEvent
from service.domain.ids import TenantId
from service.errors import InvalidQuestion
from service.matching.ports import MetaKey
from service.storage.connections import Connections
from service.storage.event_rows import EventWriter, kept_event
from service.storage.reading import read_meta
from service.storage.schema import decision_learners, event_learners, events
from service.storage.telling import told_by

_ONE = select(events).where(
    events.c.tenant == bindparam("tenant"),
    events.c.principal == bindparam("principal"),
    events.c.id == bindparam("id"),
)
_PAGE = (
    select(events)
    .where(events.c.tenant == bindparam("tenant"), events.c.number > bindparam("after"))
    .order_by(events.c.number)
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
_ERASE = delete(events).where(_of(events), events.c.number.in_(_among("those")))
_FORGET = delete(event_learners).where(
    _of(event_learners), event_learners.c.event.in_(_among("those"))
)
# Others' outcomes stay; what was written about them may be about who is gone. That there was a
# reason is not forgotten: it is empty then.
_SILENCE = (
    update(events)
    .where(
        _of(events),
        events.c.recommendation.in_(_ABOUT),
        or_(events.c.note.is_not(None), events.c.reason.is_not(None)),
    )
    .values(note=None, reason=case((events.c.reason.is_not(None), "")))
)


class SqliteEvents:
    """Keeps events beside the decisions."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, principal: Principal, sent: Sequence[Event], *, at: datetime) -> list[EventFate]:
        """Keep events in one transaction; return what became of each, in order.

        An event's id is its sender's own: others may have the same.

        Raises:
            StoreProblem: if the store cannot be written; then none of them is kept.
        """
        with self._connections.writing() as connection:
            writer = EventWriter(connection, principal.tenant)
            fates = [_add(connection, writer, principal, event, at=at) for event in sent]
            writer.close()
        return fates

    def page(self, tenant: TenantId, *, after: EventPlace | None, limit: int) -> EventPage:
        """Return up to ``limit`` events in the order in which they came in.

        Raises:
            InvalidQuestion: if the place is one of a store that was replaced by a backup.
        """
        number = after.number if after else 0
        which = {"tenant": tenant, "after": number, "limit": limit}
        with self._connections.reading() as connection:
            store = read_meta(connection, tenant, MetaKey.STORE_ID) or ""
            rows = connection.execute(_PAGE, which).all()
        if after is not None and after.store != store:
            raise InvalidQuestion(
                "is of the store before a backup was restored; begin without one.",
                field="query.cursor",
            )
        end = EventPlace(store, rows[-1].number if rows else number)
        return EventPage(tuple(kept_event(row._mapping) for row in rows), end)


def erase_events(connection: Connection, tenant: TenantId, learners: Sequence[str]) -> None:
    """Remove every event that names one of the learners, and words on answers that list them.

    In the transaction that is open, before the decisions forget whom they concern.
    """
    which = {"of_tenant": tenant, "learners": json.dumps(learners)}
    those = connection.execute(_NAMING, which).scalars().all()
    if those:
        naming = {"of_tenant": tenant, "those": json.dumps(those)}
        connection.execute(_ERASE, naming)
        connection.execute(_FORGET, naming)
    connection.execute(_SILENCE, which)


def _add(
    connection: Connection, writer: EventWriter, principal: Principal, event: Event, *, at: datetime
) -> EventFate:
    told = told_by(connection, principal, event)
    if isinstance(told, EventFate):
        return _known(connection, principal, event) or told
    known = _known(connection, principal, told.event)
    if known is None:
        kept = KeptEvent(event=told.event, principal=principal.id, received=at)
        writer.name(writer.add(kept), told.learners)
    return known or EventFate.STORED


def _known(connection: Connection, principal: Principal, event: Event) -> EventFate | None:
    """Return how an event stands to the one with its id, if its sender has sent one before."""
    which = {"tenant": principal.tenant, "principal": principal.id, "id": event.id}
    row = connection.execute(_ONE, which).one_or_none()
    if row is None:
        return None
    same = kept_event(row._mapping).event == event
    return EventFate.DUPLICATE if same else EventFate.DIFFERENT

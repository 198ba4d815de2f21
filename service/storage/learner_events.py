"""Events about one learner: what may be given to them, and taken in with them elsewhere."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from service.domain.event import KeptEvent
from service.domain.ids import LearnerId, TenantId
from service.storage.connections import Connections
from service.storage.event_rows import EventWriter, kept_event
from service.storage.schema import decision_learners, event_learners, events

_others = decision_learners.alias("others")
_NAMED = select(event_learners.c.event).where(
    event_learners.c.tenant == bindparam("of_tenant"),
    event_learners.c.learner == bindparam("of_learner"),
)
# Answers about this learner and no other: what became of these became of them, named or not.
_ANSWERED = select(decision_learners.c.decision).where(
    decision_learners.c.tenant == bindparam("of_tenant"),
    decision_learners.c.learner == bindparam("of_learner"),
    ~exists().where(
        _others.c.tenant == decision_learners.c.tenant,
        _others.c.decision == decision_learners.c.decision,
        _others.c.learner != decision_learners.c.learner,
    ),
)
_ABOUT = (
    select(events)
    .where(
        events.c.tenant == bindparam("of_tenant"),
        events.c.number.in_(_NAMED) | events.c.recommendation.in_(_ANSWERED),
    )
    .order_by(events.c.number)
)
_NAMES = select(event_learners.c.event, event_learners.c.learner).where(
    event_learners.c.tenant == bindparam("of_tenant"), event_learners.c.event.in_(_NAMED)
)
_ONE = select(events.c.number).where(
    events.c.tenant == bindparam("tenant"),
    events.c.principal == bindparam("principal"),
    events.c.id == bindparam("id"),
)


class SqliteLearnerEvents:
    """Reads and takes in events about one learner; implements ``LearnerEvents``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def of_learner(self, tenant: TenantId, learner: LearnerId) -> list[KeptEvent]:
        """Return the events about a learner in the order received, without any other learner."""
        which = {"of_tenant": tenant, "of_learner": learner}
        with self._connections.reading() as connection:
            rows = connection.execute(_ABOUT, which).all()
            named = _others_named(connection, which)
        return [
            _without(kept_event(row._mapping), named.get(row.number, frozenset())) for row in rows
        ]

    def keep(self, tenant: TenantId, learner: LearnerId, kept: Sequence[KeptEvent]) -> None:
        """Keep events about a learner as they were kept elsewhere; those that are there stay.

        Raises:
            StoreProblem: if the store cannot be written; then none of them is kept.
        """
        if not kept:
            return
        with self._connections.writing() as connection:
            writer = EventWriter(connection, tenant)
            for each in kept:
                one = {"tenant": tenant, "principal": each.principal, "id": each.event.id}
                number = connection.execute(_ONE, one).scalar() or writer.add(each)
                if learner in (each.event.subject, *each.event.items):
                    writer.name(number, frozenset({learner}))
            writer.close()


def _others_named(connection: Connection, which: dict[str, Any]) -> dict[int, frozenset[str]]:
    named: dict[int, frozenset[str]] = {}
    for row in connection.execute(_NAMES, which):
        if row.learner != which["of_learner"]:
            named[row.event] = named.get(row.event, frozenset()) | {row.learner}
    return named


def _without(kept: KeptEvent, others: frozenset[str]) -> KeptEvent:
    """Return an event without the others whom it names, and without words that may be of them."""
    if not others:
        return kept
    event = kept.event
    alone = replace(
        event,
        subject=None if event.subject in others else event.subject,
        items=tuple(each for each in event.items if each not in others),
        note=None,
        reason=None if event.reason is None else "",
    )
    return replace(kept, event=alone)

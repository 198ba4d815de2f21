"""Events about one learner: what may be given to them, and taken in with them elsewhere."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select
from sqlalchemy.dialects import sqlite

from service.domain.event import KeptEvent
from service.domain.ids import LearnerId, TenantId
from service.storage.connections import Connections
from service.storage.events import event_row, kept_event
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
        events.c.id.in_(_NAMED) | events.c.recommendation.in_(_ANSWERED),
    )
    .order_by(events.c.received, events.c.id)
)
_NAMES = select(event_learners.c.event, event_learners.c.learner).where(
    event_learners.c.tenant == bindparam("of_tenant"), event_learners.c.event.in_(_NAMED)
)
_ADD = sqlite.insert(events).on_conflict_do_nothing()
_ADD_LEARNERS = sqlite.insert(event_learners).on_conflict_do_nothing()


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
        kept = [kept_event(row._mapping) for row in rows]
        return [_without(each, named.get(each.event.id, frozenset())) for each in kept]

    def keep(self, tenant: TenantId, learner: LearnerId, kept: Sequence[KeptEvent]) -> None:
        """Keep events about a learner as they were kept elsewhere; those that are there stay.

        Raises:
            StoreProblem: if the store cannot be written; then none of them is kept.
        """
        if not kept:
            return
        naming = [
            {"tenant": tenant, "learner": learner, "event": each.event.id}
            for each in kept
            if learner in (each.event.subject, *each.event.items)
        ]
        with self._connections.writing() as connection:
            connection.execute(_ADD, [event_row(tenant, each) for each in kept])
            if naming:
                connection.execute(_ADD_LEARNERS, naming)


def _others_named(connection: Connection, which: dict[str, Any]) -> dict[str, frozenset[str]]:
    named: dict[str, frozenset[str]] = {}
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
    )
    return replace(kept, event=alone)

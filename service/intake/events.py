"""Events in and out: what became of answers, kept once and tied to the answer."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from service.domain.access import Principal
from service.domain.decision import Decision
from service.domain.event import Event, EventFate, EventPlace, KeptEvent
from service.domain.ids import TenantId
from service.matching.ports import Clock
from service.storage.events import SqliteEvents

FROM_THE_FIRST = EventPlace(datetime(1, 1, 1, tzinfo=UTC), "")


class Noted(Protocol):
    """Where answers are found that were noted, the newest among them."""

    def find(self, tenant: TenantId, decision: str) -> Decision | None:
        """Return the decision, if there is one with this id; all that was noted counts."""
        ...


class Events:
    """Takes events. Blocking; safe from any thread."""

    def __init__(self, store: SqliteEvents, clock: Clock, decisions: Noted) -> None:
        self._store = store
        self._clock = clock
        self._decisions = decisions

    def take(self, principal: Principal, sent: Sequence[Event]) -> list[EventFate]:
        """Keep the events of one sender; return what became of each, in order.

        Somebody who is one learner speaks for nobody else.
        """
        foreign = [
            principal.learner is not None and event.subject not in (None, principal.learner)
            for event in sent
        ]
        own = [event for event, is_foreign in zip(sent, foreign, strict=True) if not is_foreign]
        fates = iter(self._add(principal, own))
        return [EventFate.UNKNOWN_SUBJECT if each else next(fates) for each in foreign]

    def page(
        self, tenant: TenantId, *, after: EventPlace = FROM_THE_FIRST, limit: int
    ) -> list[KeptEvent]:
        """Return up to ``limit`` events in the order in which they were received."""
        return self._store.page(tenant, after=after, limit=limit)

    def _add(self, principal: Principal, sent: Sequence[Event]) -> list[EventFate]:
        fates = self._add_once(principal, sent)
        early = [at for at, fate in enumerate(fates) if fate is EventFate.UNKNOWN_RECOMMENDATION]
        if early:
            # An answer is logged a moment after it is given; to look for it waits for that.
            self._decisions.find(principal.tenant, sent[early[0]].recommendation)
            again = self._add_once(principal, [sent[at] for at in early])
            for at, fate in zip(early, again, strict=True):
                fates[at] = fate
        return fates

    def _add_once(self, principal: Principal, sent: Sequence[Event]) -> list[EventFate]:
        if not sent:
            return []
        at = self._clock.now()
        return self._store.add(principal.tenant, sent, principal=principal.id, at=at)

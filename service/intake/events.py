"""Events in and out: what became of answers, kept once and tied to the answer."""

from collections.abc import Sequence
from typing import Protocol

from service.domain.access import Principal
from service.domain.decision import Decision
from service.domain.event import Event, EventFate, EventPage, EventPlace
from service.domain.ids import TenantId
from service.matching.ports import Clock
from service.storage.events import SqliteEvents


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

        Somebody who is one learner speaks for nobody else, and of answers about themselves alone;
        somebody who acts for an employer, of those in which it was shown somebody.
        """
        fates = self._add_once(principal, sent)
        early = [at for at, fate in enumerate(fates) if fate is EventFate.UNKNOWN_RECOMMENDATION]
        if early:
            # An answer is logged a moment after it is given; to look for it waits for that.
            self._decisions.find(principal.tenant, sent[early[0]].recommendation)
            again = self._add_once(principal, [sent[at] for at in early])
            for at, fate in zip(early, again, strict=True):
                fates[at] = fate
        return fates

    def page(self, tenant: TenantId, *, after: EventPlace | None = None, limit: int) -> EventPage:
        """Return up to ``limit`` events in the order in which they came in.

        Raises:
            InvalidQuestion: if the place is one of a store that was replaced by a backup.
        """
        return self._store.page(tenant, after=after, limit=limit)

    def _add_once(self, principal: Principal, sent: Sequence[Event]) -> list[EventFate]:
        if not sent:
            return []
        at = self._clock.now()
        return self._store.add(principal, sent, at=at)

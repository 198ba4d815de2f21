"""Suggestions: skills and occupations by the first letters of their names."""

from enum import StrEnum
from threading import Lock
from typing import NamedTuple

from service.answers.desk import Desk
from service.domain.ids import TenantId
from service.matching.openings import Openings, Suggestion


class SuggestionKind(StrEnum):
    """What is suggested."""

    SKILL = "skill"
    OCCUPATION = "occupation"


class _Made(NamedTuple):
    changes: int
    openings: Openings


class Suggestions:
    """Answers what somebody may mean who has typed a few letters. Blocking."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._made: dict[tuple[TenantId, SuggestionKind], _Made] = {}
        self._lock = Lock()
        self.run = desk.run

    def suggest(
        self, tenant: TenantId, kind: SuggestionKind, typed: str, *, limit: int
    ) -> list[Suggestion]:
        """Return at most ``limit`` skills or occupations, in an order that is always the same."""
        return self._openings(tenant, kind).find(typed, limit=limit)

    def _openings(self, tenant: TenantId, kind: SuggestionKind) -> Openings:
        view = self._desk.reader(tenant).opened.view
        named = view.skills if kind is SuggestionKind.SKILL else view.occupations
        with self._lock:
            made = self._made.get((tenant, kind))
            if made is None or made.changes != named.name_changes:
                changes = named.name_changes
                made = _Made(changes, Openings(named.named()))
                self._made[tenant, kind] = made
        return made.openings

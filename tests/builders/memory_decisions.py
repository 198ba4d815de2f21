"""A decision log in memory, for tests of what is noted there."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from service.domain.decision import Decision
from service.domain.ids import TenantId


class MemoryDecisions:
    """Keeps decisions for as long as it lives; implements ``DecisionLog``."""

    def __init__(self) -> None:
        self._kept: dict[TenantId, dict[str, Decision]] = defaultdict(dict)
        self._deleted: dict[tuple[TenantId, str], int] = {}

    def append(self, tenant: TenantId, group: Sequence[Decision]) -> None:
        for each in group:
            late = any(
                0 < used.revision < self._deleted.get((tenant, used.id), 0)
                for used in each.learners
            )
            self._kept[tenant].setdefault(each.id, _erased(each) if late else each)

    def find(self, tenant: TenantId, decision: str) -> Decision | None:
        return self._kept[tenant].get(decision)

    def concerning(self, tenant: TenantId, learner: str) -> list[Decision]:
        found = [
            each
            for each in self._kept[tenant].values()
            if learner in {used.id for used in each.learners}
        ]
        return sorted(found, key=lambda each: (each.at, each.id))

    def recent(self, tenant: TenantId, *, limit: int) -> list[Decision]:
        by_id = sorted(self._kept[tenant].values(), key=lambda each: each.id)
        return sorted(by_id, key=lambda each: each.at, reverse=True)[:limit]

    def forget(self, tenant: TenantId, *, before: datetime) -> int:
        old = [each.id for each in self._kept[tenant].values() if each.at < before]
        for decision in old:
            del self._kept[tenant][decision]
        return len(old)

    def erase(self, tenant: TenantId, learner: str, *, revision: int) -> None:
        """Do what the deletion of a learner does in the store; the revision is its own."""
        self._deleted[tenant, learner] = revision
        for each in self._kept[tenant].values():
            if learner in {used.id for used in each.learners}:
                self._kept[tenant][each.id] = _erased(each)


def _erased(decision: Decision) -> Decision:
    return replace(
        decision,
        records=(),
        request=None,
        answer=None,
        answer_hash="",
        erased_on=datetime.now(UTC).date(),
    )

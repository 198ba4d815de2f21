"""How many of those who ask lack what nobody who asked before them lacks."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from service.domain.ids import DEFAULT_TENANT
from service.domain.learner import Learner
from service.domain.record import Kind
from service.settings import Settings
from service.wiring import Services, open_services


def share_of_own_gaps(store: Path, learners: Sequence[str], *, before: Sequence[str]) -> float:
    """Return which share of learners has a gap that none before them has, in [0, 1].

    Lists are kept by the gap, and by what else is wanted, which here is the same for all. Each
    worker keeps its own, so more are made than this says.

    Args:
        store: where they are.
        learners: who is looked at, in the order in which they asked; one at least.
        before: who asked before them.
    """
    seen: set[object] = set()
    with open_services(Settings(data=store)) as services:
        seen.update(_gaps(services, before))
        known = len(seen)
        seen.update(_gaps(services, learners))
    return (len(seen) - known) / len(learners)


def _gaps(services: Services, learners: Sequence[str]) -> Iterator[object]:
    for each in learners:
        learner = services.answers.read(DEFAULT_TENANT, Kind.LEARNER, each).record
        if isinstance(learner, Learner):
            gap, _ = services.answers.gap(DEFAULT_TENANT, learner, stored=True)
            lacks = tuple((each.requirement.skill, each.covered) for each in gap.open)
            yield gap.reading.described_as, lacks

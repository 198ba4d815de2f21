"""How many of those who ask lack what nobody who asked before them lacks."""

from collections.abc import Sequence
from pathlib import Path

from service.domain.ids import DEFAULT_TENANT
from service.domain.learner import Learner
from service.domain.record import Kind
from service.settings import Settings
from service.wiring import open_services


def share_of_own_gaps(store: Path, learners: Sequence[str]) -> float:
    """Return which share of learners has a gap that none before them has, in [0, 1].

    Lists are kept by the gap, so who lacks the same as another costs less.
    """
    seen = set()
    with open_services(Settings(data=store)) as services:
        for each in learners:
            learner = services.answers.read(DEFAULT_TENANT, Kind.LEARNER, each).record
            if isinstance(learner, Learner):
                gap, _ = services.answers.gap(DEFAULT_TENANT, learner, stored=True)
                seen.add(
                    (
                        gap.reading.described_as,
                        tuple((o.requirement.skill, o.covered) for o in gap.open),
                    )
                )
    return len(seen) / len(learners)

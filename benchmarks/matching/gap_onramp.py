"""Onramp itself in the gap protocol: a store of the catalog alone, asked as anybody would."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import NamedTuple

from benchmarks.matching.catalog import Tagged
from benchmarks.matching.gap_cases import GapCase
from benchmarks.matching.gap_metrics import K
from service.answers import RecommendQuestion
from service.domain.credential import Credential
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, LearnerId
from service.domain.learner import HeldCredential, Learner
from service.domain.record import Kind
from service.errors import GoalWithoutSkills
from service.wiring import Services


class Listed(NamedTuple):
    """A recommended credential: its row in the catalog, and its score in [0, 100]."""

    row: int
    score: float


def recommended(
    services: Services,
    catalog: Sequence[Tagged],
    cases: Sequence[GapCase],
    *,
    advance: Callable[[], None],
) -> list[list[Listed]]:
    """Return Onramp's list for each case; empty where it knows nothing of the goal.

    The goal is the target's title, and the target is not in the store while it is asked for.
    """
    for _ in services.intake.put_many(DEFAULT_TENANT, (each.seen for each in catalog)):
        pass
    row_of: dict[str, int] = {each.seen.id: row for row, each in enumerate(catalog)}
    lists = []
    for target, group in groupby(cases, key=lambda case: case.target):
        with _without(services, catalog[target].seen):
            for case in group:
                found = _asked(services, catalog, case)
                lists.append([Listed(row_of[id_], score) for id_, score in found])
                advance()
    return lists


def _asked(services: Services, catalog: Sequence[Tagged], case: GapCase) -> list[tuple[str, float]]:
    learner = Learner(
        id=LearnerId("asking"),
        credentials=tuple(HeldCredential(id=catalog[row].seen.id) for row in case.held),
        goal=Goal(text=catalog[case.target].seen.name),
    )
    question = RecommendQuestion(learner=learner, stored=False, limit=K)
    try:
        answer = services.answers.recommend(DEFAULT_TENANT, question)
    except GoalWithoutSkills:
        return []
    return [(item.id, item.score) for item in answer.items]


@contextmanager
def _without(services: Services, credential: Credential) -> Iterator[None]:
    services.intake.delete(DEFAULT_TENANT, Kind.CREDENTIAL, credential.id)
    try:
        yield
    finally:
        services.intake.put(DEFAULT_TENANT, credential)

"""Stuffing: how often unqualified people get into the top ten, and what the defense costs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.matching.applicants import Applicant, stuffed
from benchmarks.matching.attacks import Ad, Attack, stuffing
from benchmarks.matching.gap_metrics import K, ndcg
from service.answers import CandidatesQuestion
from service.domain.ids import DEFAULT_TENANT, JobId
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.record import Kind
from service.errors import JobWithoutRequirements
from service.matching.deriving import mean_vector
from service.matching.evidence_rules import EvidenceRules, Factor
from service.matching.texts import job_text
from service.settings import Settings
from service.wiring import Services, open_services

Floats = NDArray[np.float64]
_FIND_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stuffing:
    """What came out.

    Attributes:
        attackers: for each attack the share of each ad's top ten that stuffed profiles take.
        whole_text: the same of search by the vector of the whole text.
        honest: nDCG@10 of each ad with nobody cheating.
        undefended: the same without the defense.
    """

    attackers: Mapping[Attack, Floats]
    whole_text: Mapping[Attack, Floats]
    honest: Floats
    undefended: Floats

    @property
    def cost(self) -> float:
        """The share of the honest nDCG@10 that the defense takes; below 0 is a gain."""
        before = float(self.undefended.mean())
        return 1.0 - float(self.honest.mean()) / before if before else 0.0


def measure_stuffing(
    services: Services,
    ads: Sequence[Ad],
    applicants: Sequence[Applicant],
    *,
    advance: Callable[[], None],
) -> Stuffing:
    """Let everybody apply honestly, and then the unqualified with each attack on each ad."""
    _put(services, [each.learner for each in applicants])
    honest = _honest(services, ads, applicants)
    with _undefended(services.settings) as others:
        undefended = _honest(others, ads, applicants)
    cheats = [each.learner for each in applicants if not each.worth]
    ids = [each.learner.id for each in applicants]
    taken: dict[Attack, list[float]] = {attack: [] for attack in Attack}
    by_text: dict[Attack, list[float]] = {attack: [] for attack in Attack}
    names = {each.id for each in cheats}
    for ad in ads:
        job = job_of(ad)
        for attack in Attack:
            _put(services, _attackers(cheats, stuffing(attack, ad)))
            taken[attack].append(sum(each in names for each in listed(services, job)) / K)
            nearest = _nearest(services, job, ids)
            by_text[attack].append(sum(each in names for each in nearest) / K)
            advance()
    return Stuffing(
        attackers={attack: np.array(each) for attack, each in taken.items()},
        whole_text={attack: np.array(each) for attack, each in by_text.items()},
        honest=honest,
        undefended=undefended,
    )


def job_of(ad: Ad) -> Job:
    """Return an ad as a job that is asked for and not stored."""
    return Job(id=JobId("asked"), title=ad.title, text=ad.text)


def listed(services: Services, job: Job) -> list[str]:
    """Return the ids of Onramp's first ten candidates."""
    question = CandidatesQuestion(job=job, stored=False, limit=K)
    try:
        return [item.id for item in services.answers.candidates(DEFAULT_TENANT, question).items]
    except JobWithoutRequirements:
        return []


def _attackers(cheats: Sequence[Learner], text: str) -> list[Learner]:
    # Every other one pastes it as work: what is claimed to be done is believed more.
    return [
        stuffed(learner, text, as_experience=bool(row % 2)) for row, learner in enumerate(cheats)
    ]


def _honest(services: Services, ads: Sequence[Ad], applicants: Sequence[Applicant]) -> Floats:
    gains = np.array([each.worth for each in applicants])
    row_of: dict[str, int] = {each.learner.id: row for row, each in enumerate(applicants)}
    lists = ([row_of[each] for each in listed(services, job_of(ad))] for ad in ads)
    return np.array([ndcg(gains, rows) for rows in lists])


def _nearest(services: Services, job: Job, ids: Sequence[str]) -> list[str]:
    """Return the ten people whose whole text is nearest to the ad's, ties by id."""
    opened = services.tenants.get(DEFAULT_TENANT)
    query = mean_vector(opened.deriver.encode(job_text(job))[None, :], [1.0])
    found: dict[str, float] = {}
    for start in range(0, len(ids), _FIND_AT_ONCE):
        part = services.records.find(
            DEFAULT_TENANT, Kind.LEARNER, ids[start : start + _FIND_AT_ONCE]
        )
        found |= {id_: float(stored.vector @ query) for id_, stored in part.items()}
    return sorted(found, key=lambda id_: (-found[id_], id_))[:K]


def _put(services: Services, learners: Sequence[Learner]) -> None:
    for _ in services.intake.put_many(DEFAULT_TENANT, learners):
        pass


@contextmanager
def _undefended(settings: Settings) -> Iterator[Services]:
    """Open the same store with every class, level and age of evidence worth the same."""
    beside = Settings(data=Path(settings.data), model=settings.model)
    with open_services(beside, rules=EvidenceRules(neutral=frozenset(Factor))) as services:
        yield services

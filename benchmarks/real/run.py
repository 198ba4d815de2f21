"""The questions of the real run: what next for ten learners, and who fits five occupations."""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from benchmarks.real.report import match_section, recommendation_section
from service.answers import CandidatesQuestion, RecommendQuestion
from service.domain.ids import DEFAULT_TENANT
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.record import Kind
from service.wiring import Services

T = TypeVar("T")

LIMIT = 5
JOBS = (
    "onet-job:15-2051.01",
    "onet-job:29-2072.00",
    "onet-job:51-4041.00",
    "onet-job:43-3031.00",
    "onet-job:13-1081.00",
)


class Answered(NamedTuple):
    """One answer, as a section of the report, and how many seconds it took."""

    seconds: float
    lines: list[str]


def recommend(services: Services, learner_id: str) -> Answered:
    """Answer which microcredential comes next for a learner in the store."""
    learner = services.answers.read(DEFAULT_TENANT, Kind.LEARNER, learner_id).record
    if not isinstance(learner, Learner):
        raise TypeError(f"{learner_id} is no learner")
    question = RecommendQuestion(learner=learner, stored=True, limit=LIMIT)
    seconds, answer = _timed(lambda: services.answers.recommend(DEFAULT_TENANT, question))
    return Answered(seconds, [*recommendation_section(learner, answer, seconds)])


def match(services: Services, job_id: str) -> Answered:
    """Answer who is qualified for a job in the store."""
    job = services.answers.read(DEFAULT_TENANT, Kind.JOB, job_id).record
    if not isinstance(job, Job):
        raise TypeError(f"{job_id} is no job")
    question = CandidatesQuestion(job=job, stored=True, limit=LIMIT)
    seconds, answer = _timed(lambda: services.answers.candidates(DEFAULT_TENANT, question))
    return Answered(seconds, [*match_section(job, answer, seconds)])


def answers(services: Services, learners: list[str]) -> Iterator[Answered]:
    """Yield the answers for the learners, then those for the five jobs."""
    for learner_id in learners:
        yield recommend(services, learner_id)
    for job_id in JOBS:
        yield match(services, job_id)


def _timed(ask: Callable[[], T]) -> tuple[float, T]:
    # Once before, so that nobody's figure has what is made at the first question of all.
    ask()
    start = time.perf_counter()
    answer = ask()
    return time.perf_counter() - start, answer

"""What matches look like as JSON: the types that ``shapes.py`` fills and OpenAPI describes."""

from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from service.api.evidence_types import Reason
from service.api.shape_types import (
    Asked,
    Bridge,
    Duration,
    Money,
    ProblemDocument,
    Provider,
    Versions,
)
from service.api.soft_types import SoftMatchSkills


class Fit(TypedDict):
    """How far both sides fit, each in [0, 100].

    `forward`: the job's needs that are met. `reverse`: the part of the person's evidence that the
    job asks for. `overall`: both together.
    """

    forward: float
    reverse: float
    overall: float


class CoveredAndMissing(TypedDict):
    """What is covered and what is missing of the requirements of one importance."""

    covered: list[str]
    missing: list[str]


class Categories(TypedDict):
    """Covered and missing once more, required and preferred apart."""

    required: CoveredAndMissing
    preferred: CoveredAndMissing


class OneCredentialAway(TypedDict):
    """The one credential that would make a near miss a match; `score` and `fit` are with it."""

    credential: str
    name: str
    provider: Provider
    cost: Money | None
    duration: Duration
    covers: list[str]
    score: float
    fit: Fit


class MatchItem(TypedDict):
    """A learner for a job, or a job for a learner; `score` is in [0, 100]."""

    id: str
    title: str
    rank: int
    score: float
    fit: Fit
    components: dict[str, float]
    covered: list[str]
    missing: list[str]
    missing_required: list[str]
    soft: SoftMatchSkills
    categories: Categories
    bridges: list[Bridge]
    evidence: list[Reason]
    caveats: list[str]
    one_credential_away: OneCredentialAway | None


class Matches(Versions):
    """Who is qualified, or which jobs fit, best first.

    Employers are told numbers of people in fives; one under five is `null`, and a warning says so.
    """

    match_id: str
    items: list[MatchItem]
    near_misses: list[MatchItem]
    near_miss_count: int | None
    requirements: list[Asked]
    applied: list[str]
    qualifying: int | None
    warnings: list[str]
    labels: dict[str, str]
    score_meaning: str


class AnsweredLine(TypedDict):
    """The answer to a line of a batch, as the single route gives it; `line` counts from 1."""

    line: int
    status: int
    answer: dict[str, object]


class RefusedLine(TypedDict):
    """Why a line of a batch has no answer."""

    line: int
    status: int
    problem: ProblemDocument


class BatchCounts(TypedDict):
    """How many lines a batch had, and how many of them have no answer."""

    lines: int
    answered: int
    failed: int


class BatchSummary(TypedDict):
    """The last line of a batch, by which a reader knows that nothing is missing."""

    summary: BatchCounts

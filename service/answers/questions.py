"""Questions: what may be asked, and the small answers that belong to no record."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.answer import Versions
from service.domain.condition import Condition
from service.domain.goal import Goal
from service.domain.ids import SkillId
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.record import Kind
from service.domain.skill import LinkMethod, Span
from service.errors import InvalidQuestion

MAX_LIMIT = 100
MAX_THRESHOLD = 100.0


class UnknownMode(StrEnum):
    """What becomes of credentials of which a constraint is unknown."""

    APART = "apart"
    INCLUDE = "include"


def _check(limit: int, threshold: float) -> None:
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidQuestion(f"{limit} is not a limit from 1 to {MAX_LIMIT}.", field="limit")
    if not 0 <= threshold <= MAX_THRESHOLD:
        raise InvalidQuestion(
            f"{threshold} is not a threshold from 0 to {MAX_THRESHOLD:g}.", field="threshold"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendQuestion:
    """Which microcredential next?

    Attributes:
        stored: whether the learner is in the store, so that nothing has to be derived again.
        goal: none for the learner's own goal.
        conditions: none for the learner's own constraints.
        threshold: the lowest score that is answered, in [0, 100].
        keep: whether an inline learner may be kept in the decision log.
    """

    learner: Learner
    stored: bool
    goal: Goal | None = None
    conditions: tuple[Condition, ...] | None = None
    limit: int = 10
    threshold: float = 0.0
    unknown: UnknownMode = UnknownMode.APART
    exclude_completed: bool = True
    keep: bool = False

    def __post_init__(self) -> None:
        _check(self.limit, self.threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesQuestion:
    """Who is qualified for a job?

    Attributes:
        keep: whether an inline job may be kept in the decision log.
    """

    job: Job
    stored: bool
    limit: int = 10
    threshold: float = 0.0
    near_misses: bool = False
    keep: bool = False

    def __post_init__(self) -> None:
        _check(self.limit, self.threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsQuestion:
    """Which jobs fit a learner?

    Attributes:
        keep: whether an inline learner may be kept in the decision log.
    """

    learner: Learner
    stored: bool
    limit: int = 10
    threshold: float = 0.0
    near_misses: bool = False
    keep: bool = False

    def __post_init__(self) -> None:
        _check(self.limit, self.threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedSkill:
    """A skill that a text names or suggests, with the words that do."""

    skill: SkillId
    label: str
    confidence: float
    method: LinkMethod
    text: str
    span: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What this service is made of.

    Attributes:
        dim: the number of dimensions of a vector.
    """

    versions: Versions
    counts: dict[Kind, int]
    dim: int

"""Questions: what may be asked, and the small answers that belong to no record."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.domain.answer import Versions
from service.domain.condition import Condition, ConditionField
from service.domain.derivation import Derivation
from service.domain.goal import Goal
from service.domain.ids import CredentialId, EmployerId, SkillId
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.ranking import Diversify, Weights
from service.domain.record import Kind
from service.domain.skill import LinkMethod, Span
from service.errors import InvalidQuestion

MAX_LIMIT = 100
MAX_THRESHOLD = 100.0


class UnknownMode(StrEnum):
    """What becomes of credentials of which a constraint is unknown."""

    APART = "apart"
    INCLUDE = "include"


class Explain(StrEnum):
    """How much an answer explains: ``full`` also says which jobs each credential unlocks."""

    SHORT = "short"
    FULL = "full"


def _check(limit: int, threshold: float) -> None:
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidQuestion(f"{limit} is not a limit from 1 to {MAX_LIMIT}.", field="limit")
    if not 0 <= threshold <= MAX_THRESHOLD:
        raise InvalidQuestion(
            f"{threshold} is not a threshold from 0 to {MAX_THRESHOLD:g}.", field="threshold"
        )


def _check_once(names: Sequence[str], field: str) -> None:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            raise InvalidQuestion(f"{name!r} stands there twice.", field=f"{field}.{place}")
        seen.add(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendQuestion:
    """Which microcredential next?

    Attributes:
        stored: whether the learner is in the store, so that nothing has to be derived again.
        goal: none for the learner's own goal.
        conditions: none for the learner's own constraints.
        threshold: the lowest score that is answered, in [0, 100]; pinned items come anyway.
        weights: how much each component counts; none for the defaults.
        pinned: credentials that come first, in this order, whatever they add.
        exclude: credentials that never come.
        diversify: at most so many of one provider; none for any number.
        relax: constraints that are given up, in this order, while fewer than ``limit`` qualify.
        unlocks: whether each item says which jobs it unlocks; ``explain`` full does so too.
        keep: whether an inline learner may be kept in the decision log.
        anonymous: whether anybody at all asks, so that nothing of the question is kept.
    """

    learner: Learner
    stored: bool
    goal: Goal | None = None
    conditions: tuple[Condition, ...] | None = None
    limit: int = 10
    threshold: float = 0.0
    unknown: UnknownMode = UnknownMode.APART
    exclude_completed: bool = True
    weights: Weights | None = None
    pinned: tuple[CredentialId, ...] = ()
    exclude: tuple[CredentialId, ...] = ()
    diversify: Diversify | None = None
    relax: tuple[ConditionField, ...] = ()
    explain: Explain = Explain.SHORT
    unlocks: bool = False
    keep: bool = False
    anonymous: bool = False

    def __post_init__(self) -> None:
        _check(self.limit, self.threshold)
        if self.anonymous and self.keep:
            reason = "nothing is kept of what a publishable key asks; leave it out."
            raise InvalidQuestion(reason, field="keep")
        _check_once(self.pinned, "pinned")
        _check_once(self.relax, "relax")
        if len(self.pinned) > self.limit:
            raise InvalidQuestion(
                f"names {len(self.pinned)} credentials; the limit is {self.limit}.", field="pinned"
            )
        both = sorted(set(self.pinned) & set(self.exclude))
        if both:
            raise InvalidQuestion(f"names {both[0]!r}, which is pinned too.", field="exclude")


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesQuestion:
    """Who is qualified for a job?

    Attributes:
        listed_only: whether the job is a bare list of skills, and nothing else is asked for.
        near_misses: whether who lacks a required skill is listed too.
        one_credential_away: the same, with the credential that would close what is missing.
        keep: whether an inline job may be kept in the decision log.
        party: the employer who asks; none for the institution itself.
    """

    job: Job
    stored: bool
    limit: int = 10
    threshold: float = 0.0
    near_misses: bool = False
    one_credential_away: bool = False
    listed_only: bool = False
    keep: bool = False
    party: EmployerId | None = None

    def __post_init__(self) -> None:
        _check(self.limit, self.threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsQuestion:
    """Which jobs fit a learner?

    Attributes:
        near_misses: whether jobs that require a skill not shown are listed too.
        one_credential_away: the same, with the credential that would close what is missing.
        keep: whether an inline learner may be kept in the decision log.
    """

    learner: Learner
    stored: bool
    limit: int = 10
    threshold: float = 0.0
    near_misses: bool = False
    one_credential_away: bool = False
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
        derivation: the vectors and links that are made anew now, if any are.
    """

    versions: Versions
    counts: dict[Kind, int]
    dim: int
    derivation: Derivation | None = None

"""Answers: what is recommended, who is qualified, and why."""

from dataclasses import dataclass

from service.domain.credential import Provider
from service.domain.fit import CategoryFit, Fit, OneCredentialAway
from service.domain.goal import Goal
from service.domain.ids import CredentialId, JobId, LearnerId, SkillId
from service.domain.job import Requirement
from service.domain.learner import Evidence
from service.domain.quantities import CreditValue, Duration, Money
from service.domain.skill import LinkMethod, LinkSource, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """A neighboring skill that earns partial credit.

    Attributes:
        from_skill: the skill that is there.
        to_skill: the skill that is asked for.
        weight: the share of the credit that it earns, in (0, 1).
    """

    from_skill: SkillId
    to_skill: SkillId
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillReason:
    """Why a record is believed to have a skill.

    Attributes:
        record: the id of the record, by its kind: ``credential``, ``learner`` or ``job`` first.
        field: the field there, as a dotted path.
        text: the words that say so.
        confidence: in (0, 1].
    """

    skill: SkillId
    record: str
    source: LinkSource
    method: LinkMethod | None
    field: str
    text: str
    span: Span | None
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSkill:
    """A requirement, and how much of it is already covered.

    Attributes:
        covered: in [0, 1]; 1 is all of it.
        nearest: the evidence's skill that covers most of it, if any.
    """

    requirement: Requirement
    covered: float
    nearest: SkillId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalReading:
    """How a goal was understood: in words, and as weighted requirements.

    Attributes:
        inferred: whether there was no goal and the nearest occupations stand in for one.
        occupations: the occupations that were read from it, best first, as (id, title).
    """

    goal: Goal | None
    described_as: str
    requirements: tuple[Requirement, ...]
    occupations: tuple[tuple[str, str], ...] = ()
    inferred: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a goal asks for, minus what the evidence covers.

    Attributes:
        coverage: weighted share of the goal that the evidence covers, in [0, 1].
    """

    reading: GoalReading
    held: tuple[OpenSkill, ...]
    open: tuple[OpenSkill, ...]
    coverage: float
    bridges: tuple[Bridge, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One credential for one learner.

    Attributes:
        score: 100 times the weighted share of the open requirements that it adds; not yet
            calibrated.
        components: named parts of the ranking, each in [0, 1] (a relevance in [-1, 1]).
        added: open requirements that it teaches, most valuable first.
        held: skills that it teaches and the goal asks for, but the evidence covers already.
        open: requirements that stay open after it.
        missing_prerequisites: credentials that it asks for and the learner does not hold.
    """

    id: CredentialId
    name: str
    provider: Provider
    rank: int
    score: float
    components: dict[str, float]
    added: tuple[SkillId, ...]
    held: tuple[SkillId, ...]
    open: tuple[SkillId, ...]
    bridges: tuple[Bridge, ...]
    evidence: tuple[SkillReason, ...]
    cost: Money | None
    duration: Duration
    credit: tuple[CreditValue, ...]
    missing_prerequisites: tuple[CredentialId, ...]
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownConstraint:
    """A credential that would be recommended if a missing field were known and met."""

    id: CredentialId
    name: str
    score: float
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """Which model, which state of the store and which taxonomies made an answer."""

    model_version: str
    index_version: int
    taxonomy_versions: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationAnswer:
    """Which microcredential next.

    Attributes:
        qualifying: how many credentials met the constraints.
        labels: the label of every skill that the answer names.
    """

    recommendation_id: str
    versions: Versions
    items: tuple[Recommendation, ...]
    gap: Gap
    unknown_constraints: tuple[UnknownConstraint, ...]
    applied: tuple[str, ...]
    relaxed: tuple[str, ...]
    qualifying: int
    warnings: tuple[str, ...]
    labels: dict[SkillId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One learner and one job, side by side.

    Attributes:
        id: the id of whichever was looked for.
        score: 100 times the weighted coverage of the job's requirements; not yet calibrated.
        fit: how far both sides fit.
        covered: requirements that the evidence covers, heaviest first.
        missing: requirements that it does not.
        missing_required: those of ``missing`` that the job itself states as required.
        categories: covered and missing once more, required and preferred apart.
        one_away: of a near miss, the credential that would make it none; only where asked for.
    """

    id: LearnerId | JobId
    title: str
    rank: int
    score: float
    fit: Fit
    components: dict[str, float]
    covered: tuple[SkillId, ...]
    missing: tuple[SkillId, ...]
    missing_required: tuple[SkillId, ...]
    categories: tuple[CategoryFit, ...]
    bridges: tuple[Bridge, ...]
    evidence: tuple[SkillReason, ...]
    caveats: tuple[str, ...] = ()
    one_away: OneCredentialAway | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchAnswer:
    """Who is qualified, or which jobs fit.

    Attributes:
        near_misses: matches that lack a skill which the job states as required; empty unless
            asked for.
        near_miss_count: how many there are, asked for or not.
        requirements: what the job asks for, heaviest first; empty where jobs are the items.
    """

    match_id: str
    versions: Versions
    items: tuple[Match, ...]
    near_misses: tuple[Match, ...]
    near_miss_count: int
    requirements: tuple[Requirement, ...]
    applied: tuple[str, ...]
    qualifying: int
    warnings: tuple[str, ...]
    labels: dict[SkillId, str]

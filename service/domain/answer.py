"""Answers: what is recommended, who is qualified, and why."""

from dataclasses import dataclass, field

from service.domain.credential import Provider
from service.domain.fit import CategoryFit, Fit, OneCredentialAway
from service.domain.goal import Goal
from service.domain.ids import CredentialId, JobId, LearnerId, OccupationId, SkillId
from service.domain.job import Requirement
from service.domain.learner import Evidence
from service.domain.quantities import CreditAward, Duration, Money
from service.domain.ranking import Weights
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
        evidence: of a learner, all that shows the skill, with what each piece counts.
    """

    skill: SkillId
    record: str
    source: LinkSource
    method: LinkMethod | None
    field: str
    text: str
    span: Span | None
    confidence: float
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftFit:
    """The soft skills of a match: a lane of their own beside the fit."""

    covered: tuple[SkillId, ...] = ()
    missing: tuple[SkillId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftGain:
    """The soft skills of a recommendation: a lane of their own beside what it adds."""

    added: tuple[SkillId, ...] = ()
    held: tuple[SkillId, ...] = ()
    open: tuple[SkillId, ...] = ()


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
class Trace:
    """Why a credential leads to work: who asks for a missing skill that it teaches.

    Attributes:
        job: the posting that asks for the skill; none where no job of the store does.
        occupation: the goal's occupation, in place of a posting.
        credit: the credit that the credential yields, if any.
    """

    job: JobId | None
    skill: SkillId
    credential: CredentialId
    occupation: OccupationId | None = None
    credit: CreditAward | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocks:
    """The jobs whose match crosses a threshold only with a credential.

    Attributes:
        jobs: how many there are.
        sample: the best of them, at most 20.
        at: the match score that is crossed.
    """

    jobs: int
    sample: tuple[JobId, ...]
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One credential for one learner.

    Attributes:
        score: 100 times the sum of the components, each times its weight; not yet calibrated.
        components: the parts of the score by their name, each in [0, 1].
        marginal_gain: the weighted share of the objective that it adds beyond the items before
            it, in [0, 1]; the list is in this order, with the other components.
        pinned: whether it is on the list because it was asked for.
        breaks: the constraints that it breaks, in words; empty unless it is pinned or constraints
            were relaxed.
        added: open requirements that it teaches, most valuable first.
        held: skills that it teaches and the goal asks for, but the evidence covers already.
        open: requirements that stay open after it.
        credit: the credit that it yields; none if none is known.
        missing_prerequisites: credentials that it asks for and the learner does not hold.
        soft: the soft skills among ``added``, ``held`` and ``open``.
        trace: for each added skill that somebody asks for, who does.
        unlocks: the jobs that it opens; none unless that was asked for.
    """

    id: CredentialId
    name: str
    provider: Provider
    rank: int
    score: float
    components: dict[str, float]
    marginal_gain: float
    added: tuple[SkillId, ...]
    held: tuple[SkillId, ...]
    open: tuple[SkillId, ...]
    bridges: tuple[Bridge, ...]
    evidence: tuple[SkillReason, ...]
    cost: Money | None
    duration: Duration
    credit: CreditAward | None
    missing_prerequisites: tuple[CredentialId, ...]
    caveats: tuple[str, ...]
    soft: SoftGain = field(default_factory=SoftGain)
    pinned: bool = False
    breaks: tuple[str, ...] = ()
    trace: tuple[Trace, ...] = ()
    unlocks: Unlocks | None = None


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
        objective: what the list is to be best at, in words.
        objective_value: the share of it that the list reaches as a whole, in [0, 1].
        weights: how much each component counted.
        relaxed: the constraints that were given up, in words.
        qualifying: how many credentials met all constraints.
        labels: the label of every skill that the answer names.
        names: the name of every credential that one of these asks for first.
        score_meaning: what a score says, in words.
    """

    recommendation_id: str
    versions: Versions
    items: tuple[Recommendation, ...]
    gap: Gap
    objective: str
    objective_value: float
    weights: Weights
    unknown_constraints: tuple[UnknownConstraint, ...]
    applied: tuple[str, ...]
    relaxed: tuple[str, ...]
    qualifying: int
    warnings: tuple[str, ...]
    labels: dict[SkillId, str]
    names: dict[CredentialId, str]
    score_meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One learner and one job, side by side.

    Attributes:
        id: the id of whichever was looked for.
        score: in [0, 100], by how much of the job's requirements is met.
        fit: how far both sides fit.
        covered: requirements that the evidence covers, heaviest first.
        missing: requirements that it does not.
        missing_required: those of ``missing`` that the job itself states as required.
        soft: the soft skills among ``covered`` and ``missing``.
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
    soft: SoftFit = field(default_factory=SoftFit)
    one_away: OneCredentialAway | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchAnswer:
    """Who is qualified, or which jobs fit.

    Attributes:
        near_misses: matches that lack a skill which the job states as required; empty unless
            asked for.
        near_miss_count: how many there are, asked for or not; none where that is withheld.
        qualifying: how many items there are; none where that is withheld.
        requirements: what the job asks for, heaviest first; empty where jobs are the items.
        score_meaning: what a score says, in words.
    """

    match_id: str
    versions: Versions
    items: tuple[Match, ...]
    near_misses: tuple[Match, ...]
    near_miss_count: int | None
    requirements: tuple[Requirement, ...]
    applied: tuple[str, ...]
    qualifying: int | None
    warnings: tuple[str, ...]
    labels: dict[SkillId, str]
    score_meaning: str

"""Pathways: credentials in an order that leads from a profile to a goal, within limits."""

from dataclasses import dataclass, field
from enum import StrEnum

from service.domain.answer import Bridge, Gap, SkillReason, UnknownConstraint, Versions
from service.domain.credential import CredentialKind, Provider
from service.domain.ids import CredentialId, SkillId
from service.domain.quantities import CreditUnit, CreditValue, Money
from service.errors import InvalidQuestion

MAX_STEPS = 20
DEFAULT_STEPS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayLimits:
    """What a pathway as a whole may take; ``None`` is no limit.

    Attributes:
        budget: the most that all of it may cost.
        weeks: the most calendar weeks, one credential after another.
        hours_per_week: the most hours of work in a week.
        steps: the most credentials that are studied.
    """

    budget: Money | None = None
    weeks: float | None = None
    hours_per_week: float | None = None
    steps: int = DEFAULT_STEPS

    def __post_init__(self) -> None:
        if not 1 <= self.steps <= MAX_STEPS:
            raise InvalidQuestion(
                f"{self.steps} is not a number of steps from 1 to {MAX_STEPS}.", field="max_steps"
            )
        for name in ("weeks", "hours_per_week"):
            value = getattr(self, name)
            if value is not None and not 0 <= value < float("inf"):
                raise InvalidQuestion(f"{value} is not a number of 0 or more.", field=name)

    def described(self) -> tuple[str, ...]:
        """Return every limit in words."""
        words = []
        if self.budget is not None:
            words.append(f"at most {self.budget.amount:g} {self.budget.currency} in all")
        if self.weeks is not None:
            words.append(f"at most {self.weeks:g} weeks in all, one credential after another")
        if self.hours_per_week is not None:
            words.append(f"at most {self.hours_per_week:g} hours a week")
        steps = "step" if self.steps == 1 else "steps"
        return (*words, f"at most {self.steps} {steps}")


class PlanMethod(StrEnum):
    """How a pathway was found."""

    EXACT = "exact"
    GREEDY = "greedy"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayStep:
    """One credential of a pathway.

    Attributes:
        position: from 1 on.
        awarded: whether it is earned by its parts alone, without study or cost of its own.
        added: open requirements that it teaches better than the steps before it.
        gain: the share of the gap that it adds to the steps before it, in [0, 1].
        coverage: the share of the goal that is covered after it, in [0, 1].
        starts: weeks from the beginning; ``None`` where a length before it is unknown.
        ends: weeks from the beginning; ``None`` where its length is unknown too.
        hours: hours of work in all, if they are known.
        needs: steps before it that it asks for, or whose parts they are.
    """

    position: int
    id: CredentialId
    name: str
    provider: Provider
    kind: CredentialKind | None
    awarded: bool
    added: tuple[SkillId, ...]
    gain: float
    coverage: float
    starts: float | None
    ends: float | None
    hours: float | None
    cost: Money | None
    credit: tuple[CreditValue, ...]
    needs: tuple[CredentialId, ...]
    bridges: tuple[Bridge, ...]
    evidence: tuple[SkillReason, ...]
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayTotals:
    """What a pathway takes and gives.

    Attributes:
        cost: the sum in each currency, of those whose cost is known.
        cost_unknown: the steps whose cost is not.
        weeks: the end of the last step; ``None`` if a length is unknown.
        hours: the sum; ``None`` if a step's hours are unknown.
        credit: the sum in each unit; parts of a stack count, the stack itself does not.
        coverage_before: the share of the goal that the evidence covers, in [0, 1].
        coverage_after: the same with the pathway.
        gain: the share of the gap that the pathway adds, in [0, 1].
    """

    cost: tuple[Money, ...]
    cost_unknown: tuple[CredentialId, ...]
    weeks: float | None
    hours: float | None
    credit: tuple[CreditValue, ...]
    coverage_before: float
    coverage_after: float
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A credential that others count towards.

    Attributes:
        needed: how many parts earn it; ``None`` where it takes more than its parts.
        done: parts that the learner holds.
        planned: parts that are steps of the pathway.
        remaining: the other parts.
        earned: whether the parts held and planned are enough.
    """

    id: CredentialId
    name: str
    needed: int | None
    done: tuple[CredentialId, ...]
    planned: tuple[CredentialId, ...]
    remaining: tuple[CredentialId, ...]
    earned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditProgress:
    """How far credit of one unit leads towards a credential.

    Attributes:
        of: how much the credential has in all.
        done: what the parts held award, at most ``of``.
        planned: what the parts planned add, at most what is left.
        left: the rest.
    """

    units: CreditUnit
    of: float
    done: float
    planned: float
    left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRamp:
    """How far a pathway leads towards the credential that is its goal.

    Attributes:
        missing_prerequisites: what it asks for, and is neither held nor planned.
        in_pathway: whether it is a step itself.
        cost: what it states, in all; what parts held may save is not known.
        weeks: what it states, in all.
    """

    stack: Stack
    kind: CredentialKind | None
    credit: tuple[CreditProgress, ...]
    missing_prerequisites: tuple[CredentialId, ...]
    in_pathway: bool
    cost: Money | None
    weeks: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How good a pathway is, and by what.

    Attributes:
        optimal: whether it is proven that none within the limits is better.
        proven_gap: the share of the gap that a better one could add at most, in [0, 1].
        considered: among how many credentials it was sought.
    """

    method: PlanMethod
    optimal: bool
    proven_gap: float
    considered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GreedyPathway:
    """What comes of always taking what adds most, for comparison."""

    steps: tuple[CredentialId, ...]
    coverage: float
    gain: float
    cost: tuple[Money, ...]
    weeks: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfReach:
    """A credential that would add to the goal and cannot be part of the pathway."""

    id: CredentialId
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayAnswer:
    """From profile to goal.

    Attributes:
        open: requirements that stay open after the pathway, heaviest first.
        stacks: what the pathway counts towards.
        target: present where the goal is a credential.
        names: the name of every credential that the answer names.
        labels: the label of every skill that the answer names.
    """

    pathway_id: str
    versions: Versions
    steps: tuple[PathwayStep, ...]
    totals: PathwayTotals
    open: tuple[SkillId, ...]
    gap: Gap
    stacks: tuple[Stack, ...]
    target: OnRamp | None
    proof: Proof
    greedy: GreedyPathway
    unknown_constraints: tuple[UnknownConstraint, ...]
    out_of_reach: tuple[OutOfReach, ...]
    applied: tuple[str, ...]
    warnings: tuple[str, ...]
    names: dict[CredentialId, str] = field(default_factory=dict)
    labels: dict[SkillId, str] = field(default_factory=dict)

"""What a pathway looks like as JSON."""

from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from service.api.evidence_types import Reason
from service.api.shape_types import (
    Bridge,
    CreditAmount,
    GapSummary,
    Money,
    Provider,
    UnknownConstraint,
    Versions,
)


class PathwayStep(TypedDict):
    """One credential of a pathway; `gain` and `coverage` are in [0, 1], times in weeks.

    `awarded`: earned by its parts, without study or cost of its own. `coverage` is of the goal,
    with the steps before it. `needs` are steps before it that it asks for, or its parts.
    """

    position: int
    id: str
    name: str
    provider: Provider
    kind: str | None
    awarded: bool
    added: list[str]
    gain: float
    coverage: float
    starts: float | None
    ends: float | None
    hours: float | None
    cost: Money | None
    credit: list[CreditAmount]
    needs: list[str]
    bridges: list[Bridge]
    evidence: list[Reason]
    caveats: list[str]


class PathwayTotals(TypedDict):
    """What a pathway takes and gives; `weeks` and `hours` are null where a step's are unknown."""

    cost: list[Money]
    cost_unknown: list[str]
    weeks: float | None
    hours: float | None
    credit: list[CreditAmount]
    coverage_before: float
    coverage_after: float
    gain: float


class Stack(TypedDict):
    """A credential that others count towards; `needed` is null where it takes more than parts."""

    id: str
    name: str
    needed: int | None
    done: list[str]
    planned: list[str]
    remaining: list[str]
    earned: bool


class CreditProgress(TypedDict):
    """How far credit of one unit leads: `of` in all, what is `done`, `planned` and `left`."""

    units: str
    of: float
    done: float
    planned: float
    left: float


class OnRamp(Stack):
    """How far a pathway leads towards the credential that is its goal."""

    kind: str | None
    credit: list[CreditProgress]
    missing_prerequisites: list[str]
    in_pathway: bool
    cost: Money | None
    weeks: float | None


class Proof(TypedDict):
    """How good a pathway is; `proven_gap` is what a better one could gain at most, in [0, 1]."""

    method: str
    optimal: bool
    proven_gap: float
    considered: int


class GreedyPathway(TypedDict):
    """What comes of always taking what adds most."""

    steps: list[str]
    coverage: float
    gain: float
    cost: list[Money]
    weeks: float | None


class OutOfReach(TypedDict):
    """A credential that would add to the goal and cannot be part of the pathway."""

    id: str
    name: str
    reason: str


class Pathway(Versions):
    """Which credentials, in which order, lead to a goal."""

    pathway_id: str
    steps: list[PathwayStep]
    totals: PathwayTotals
    open: list[str]
    gap: GapSummary
    stacks: list[Stack]
    target: OnRamp | None
    proof: Proof
    greedy: GreedyPathway
    unknown_constraints: list[UnknownConstraint]
    out_of_reach: list[OutOfReach]
    applied: list[str]
    warnings: list[str]
    names: dict[str, str]
    labels: dict[str, str]

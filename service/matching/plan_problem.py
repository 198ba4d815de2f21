"""The planning problem: which credentials may be chosen, what each takes, and what a choice gives.

Credentials are numbered by ascending id. A choice is a set of these numbers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from service.domain.ids import CredentialId
from service.matching.integer_program import Numbers

Choice = frozenset[int]

# Two choices whose values differ by less are equal.
EQUAL = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsNeeded:
    """A stack: so many more of these parts earn it, with no study or cost of its own."""

    count: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """The credential that is the goal.

    Attributes:
        asked_first: what it asks for and the learner does not hold.
        amounts: float64 ``(n,)``: how far each credential leads towards it.
        most: the sum that is enough.
        inside: pairs (part, whole) of which the part's amount is within the whole's.
    """

    asked_first: tuple[int, ...]
    amounts: Numbers
    most: float
    inside: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanProblem:
    """What may be chosen.

    Attributes:
        ids: ascending.
        credit: float64 ``(n, r)`` in [0, 1]: how far each credential meets each requirement.
        need: float64 ``(r,)``: each requirement's share of the gap; the sum is 1, or 0.
        cost: float64 ``(n,)`` in one currency; NaN for unknown, where there is no budget.
        weeks: float64 ``(n,)``; NaN for unknown, where there is no limit.
        budget: the most that the sum of ``cost`` may be; ``None`` for no limit.
        max_weeks: the most that the sum of ``weeks`` may be; ``None`` for no limit.
        max_steps: the most credentials, not counting stacks.
        prerequisites: for each credential those that have to be chosen with it.
        stacks: stacks by their number.
    """

    ids: tuple[CredentialId, ...]
    credit: Numbers
    need: Numbers
    cost: Numbers
    weeks: Numbers
    budget: float | None
    max_weeks: float | None
    max_steps: int
    prerequisites: tuple[tuple[int, ...], ...]
    stacks: Mapping[int, PartsNeeded] = field(default_factory=dict)
    target: Target | None = None

    def is_allowed(self, chosen: Collection[int]) -> bool:
        """Tell whether a choice keeps to the limits, and has all that its members ask for."""
        return self.fits(chosen) and all(self.is_open(each, chosen) for each in chosen)

    def fits(self, chosen: Collection[int]) -> bool:
        """Tell whether a choice keeps to budget, weeks and steps."""
        members = sorted(chosen)
        studied = [each for each in members if each not in self.stacks]
        return (
            len(studied) <= self.max_steps
            and (self.budget is None or _sum(self.cost, studied) <= self.budget + EQUAL)
            and (self.max_weeks is None or _sum(self.weeks, studied) <= self.max_weeks + EQUAL)
        )

    def is_open(self, each: int, chosen: Collection[int]) -> bool:
        """Tell whether a choice has the prerequisites of a credential, and enough parts of it."""
        stack = self.stacks.get(each)
        enough = stack is None or sum(part in chosen for part in stack.parts) >= stack.count
        return enough and all(before in chosen for before in self.prerequisites[each])

    def met(self, chosen: Collection[int]) -> Numbers:
        """Return how far a choice meets each requirement: float64 ``(r,)``; the best counts."""
        if not chosen:
            return np.zeros(len(self.need))
        best: Numbers = self.credit[sorted(chosen)].max(axis=0)
        return best

    def gain(self, chosen: Collection[int]) -> float:
        """Return the share of the gap that a choice covers, in [0, 1]."""
        return float(self.met(chosen) @ self.need)

    def value(self, chosen: Collection[int]) -> tuple[float, ...]:
        """Return what a choice is worth; the first figure goes before the second, and so on.

        How much of what the target asks for it has, how far it leads towards the target, and
        the share of the gap that it covers; without a target the last alone.
        """
        if self.target is None:
            return (self.gain(chosen),)
        asked = sum(each in chosen for each in self.target.asked_first)
        return (float(asked), self.progress(chosen), self.gain(chosen))

    def progress(self, chosen: Collection[int]) -> float:
        """Return how far a choice leads towards the target."""
        if self.target is None:
            return 0.0
        within = {part for part, whole in self.target.inside if whole in chosen}
        counted = sorted(set(chosen) - within)
        return min(_sum(self.target.amounts, counted), self.target.most)

    def price(self, chosen: Collection[int]) -> tuple[float, float]:
        """Return cost and weeks as ties are broken by: an unknown one counts as the highest."""
        studied = [each for each in sorted(chosen) if each not in self.stacks]
        return _sum(filled(self.cost), studied), _sum(filled(self.weeks), studied)


def filled(figures: Numbers) -> Numbers:
    """Return the figures with the highest known one in place of unknown ones; 1 if none is."""
    known = figures[~np.isnan(figures)]
    return np.where(np.isnan(figures), known.max() if len(known) else 1.0, figures)


def is_better(value: Sequence[float], than: Sequence[float]) -> bool:
    """Tell whether a value goes before another one by more than a millionth."""
    for ours, theirs in zip(value, than, strict=True):
        if abs(ours - theirs) > EQUAL:
            return ours > theirs
    return False


def _sum(figures: Numbers, chosen: Sequence[int]) -> float:
    return float(figures[list(chosen)].sum())

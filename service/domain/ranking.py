"""Ranking: the parts of a recommendation's score, and what may be asked of a list."""

from dataclasses import dataclass
from enum import StrEnum

from service.errors import InvalidQuestion


class Component(StrEnum):
    """A part of a score; the same words are the keys of ``weights`` and of ``components``."""

    GAP = "gap"
    DEMAND = "demand"
    RELEVANCE = "relevance"
    CREDIT = "credit"
    COST = "cost"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each component counts, each in [0, 1]; 0 switches it off.

    Attributes:
        gap: the share of what is open that a credential adds.
        demand: how much the jobs of the store ask for what it adds.
        relevance: how near it is to the goal and the gap.
        credit: the credit that it yields.
        cost: cheaper is better.
        time: shorter is better.
    """

    gap: float = 0.65
    demand: float = 0.1
    relevance: float = 0.1
    credit: float = 0.05
    cost: float = 0.05
    time: float = 0.05

    def __post_init__(self) -> None:
        for component in Component:
            if not 0 <= self.of(component) <= 1:
                raise InvalidQuestion(
                    f"{self.of(component)} is not a weight from 0 to 1.",
                    field=f"weights.{component}",
                )
        if not any(self.all):
            raise InvalidQuestion("are all 0; give one component a weight.", field="weights")

    def of(self, component: Component) -> float:
        """Return the weight of one component."""
        weight: float = getattr(self, component.value)
        return weight

    @property
    def all(self) -> tuple[float, ...]:
        """The weights in the order of ``Component``."""
        return tuple(self.of(component) for component in Component)


class GroupBy(StrEnum):
    """By what a list is kept diverse."""

    PROVIDER = "provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversify:
    """At most so many items of one group."""

    by: GroupBy = GroupBy.PROVIDER
    max_per_group: int = 2

    def __post_init__(self) -> None:
        if self.max_per_group < 1:
            raise InvalidQuestion(
                f"{self.max_per_group} is not a number of 1 or more.",
                field="diversify.max_per_group",
            )

    def __str__(self) -> str:
        """Return the rule as people read it: ``at most 2 of one provider``."""
        return f"at most {self.max_per_group} of one {self.by}"

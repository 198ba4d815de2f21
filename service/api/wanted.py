"""What a request wants of a list: weights for its components, and diversity."""

from typing import Annotated

from pydantic import BaseModel, Field, Strict, model_validator

from service.api.conditions import STRICT, fault
from service.domain.ranking import Component, Diversify, GroupBy, Weights
from service.errors import InvalidQuestion

_DEFAULTS = Weights()

Weight = Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)]


def _weight(component: Component, says: str) -> float:
    default: float = Field(default=_DEFAULTS.of(component), description=says)
    return default


class WeightsBody(BaseModel):
    """How much each component of a score counts; one that is left out keeps its default."""

    model_config = STRICT

    gap: Weight = _weight(Component.GAP, "The share of what is open that is added.")
    demand: Weight = _weight(Component.DEMAND, "How much the jobs ask for what is added.")
    relevance: Weight = _weight(Component.RELEVANCE, "How near it is to the goal and the gap.")
    credit: Weight = _weight(Component.CREDIT, "The credit that it yields.")
    cost: Weight = _weight(Component.COST, "Cheaper is better.")
    time: Weight = _weight(Component.TIME, "Shorter is better.")

    @model_validator(mode="after")
    def _has_a_weight(self) -> "WeightsBody":
        try:
            self.to_domain()
        except InvalidQuestion as error:
            raise fault(error.reason) from None
        return self

    def to_domain(self) -> Weights:
        """Return the domain's value."""
        return Weights(**{each.value: getattr(self, each.value) for each in Component})


class DiversifyBody(BaseModel):
    """At most so many items of one group."""

    model_config = STRICT

    by: GroupBy = Field(default=GroupBy.PROVIDER, description="What makes a group.")
    max_per_group: Annotated[int, Strict(), Field(ge=1, le=100)] = Field(
        default=2, description="How many of one group."
    )

    def to_domain(self) -> Diversify:
        """Return the domain's value."""
        return Diversify(by=self.by, max_per_group=self.max_per_group)

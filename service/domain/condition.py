"""Hard constraints: what a credential must be, and what it means that a value is unknown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from service.domain.credential import Credential, Status
from service.domain.learner import Constraints
from service.domain.quantities import Money
from service.errors import InvalidRecord

EVERYWHERE = "001"


class ConditionField(StrEnum):
    """What a condition can be about; the value is the path in a credential."""

    COST = "cost"
    WEEKS = "duration.weeks"
    HOURS_PER_WEEK = "duration.hours_per_week"
    EFFORT_HOURS = "duration.effort_hours"
    DELIVERY = "delivery"
    SCHEDULE = "schedule"
    LANGUAGE = "languages"
    REGION = "regions"
    STATUS = "status"
    PROVIDER_TYPE = "provider.type"
    KIND = "kind"
    LEVEL = "level"


class Truth(StrEnum):
    """Whether a condition holds. Unknown is not yes."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"
    UNKNOWN = "unknown"


NUMERIC_FIELDS = frozenset(
    {
        ConditionField.COST,
        ConditionField.WEEKS,
        ConditionField.HOURS_PER_WEEK,
        ConditionField.EFFORT_HOURS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One hard constraint: at most ``at_most``, or one of ``any_of``.

    Attributes:
        at_most: an upper bound for numeric fields (weeks or hours; for a cost an amount).
        currency: the currency of ``at_most``; given for a cost alone.
        any_of: the values of which a credential must have at least one.
    """

    field: ConditionField
    at_most: float | None = None
    currency: str | None = None
    any_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        numeric = self.field in NUMERIC_FIELDS
        if numeric and (self.at_most is None or self.any_of):
            raise InvalidRecord("needs an upper bound (lte).", field=self.field)
        if not numeric and (self.at_most is not None or not self.any_of):
            raise InvalidRecord("needs one value or more (eq, in).", field=self.field)
        if (self.field is ConditionField.COST) != (self.currency is not None):
            raise InvalidRecord("a currency goes with a cost, and with nothing else.", field="cost")

    def __str__(self) -> str:
        """Return the condition as people read it: ``cost at most 300 USD``."""
        if self.at_most is not None:
            bound = f"{self.at_most:g}"
            return f"{self.field} at most {bound} {self.currency or ''}".rstrip()
        return f"{self.field} {' or '.join(self.any_of)}"


ACTIVE = Condition(field=ConditionField.STATUS, any_of=(Status.ACTIVE,))


def describe(condition: Condition) -> str:
    """Return how the condition was applied, in words."""
    if condition == ACTIVE:
        return "status Active or unstated"
    return str(condition)


def numeric_value(credential: Credential, field: ConditionField) -> float | None:
    """Return the value of a numeric field; a range counts by its upper end."""
    duration = credential.duration
    match field:
        case ConditionField.COST:
            return credential.cost.amount if credential.cost else None
        case ConditionField.WEEKS:
            return duration.weeks
        case ConditionField.HOURS_PER_WEEK:
            return duration.hours_per_week
        case _:
            return duration.effort_hours


def values(credential: Credential, field: ConditionField) -> tuple[str, ...]:
    """Return the values of a field that is not numeric; empty if unknown.

    An unstated status counts as Active.
    """
    return _VALUES[field](credential)


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value is not None else ()


_VALUES: dict[ConditionField, Callable[[Credential], tuple[str, ...]]] = {
    ConditionField.DELIVERY: lambda credential: credential.delivery,
    ConditionField.SCHEDULE: lambda credential: credential.schedule,
    ConditionField.LANGUAGE: lambda credential: credential.languages,
    ConditionField.REGION: lambda credential: credential.regions,
    ConditionField.STATUS: lambda credential: (credential.status or Status.ACTIVE,),
    ConditionField.PROVIDER_TYPE: lambda credential: _one(credential.provider.type),
    ConditionField.KIND: lambda credential: _one(credential.kind),
    ConditionField.LEVEL: lambda credential: _one(credential.level),
}


def admits(field: ConditionField, *, wanted: str, has: str) -> bool:
    """Tell whether a credential that has one value serves who wants another.

    A region serves its subdivisions (``US`` serves ``US-IN``) and ``001`` serves everybody; a
    language serves by its primary tag (``en-US`` serves ``en``).
    """
    if field is ConditionField.REGION:
        return has in {wanted, EVERYWHERE} or wanted.startswith(f"{has}-")
    if field is ConditionField.LANGUAGE:
        return has.lower().split("-")[0] == wanted.lower().split("-")[0]
    return has == wanted


def judge(condition: Condition, credential: Credential) -> Truth:
    """Tell whether the credential meets the condition.

    A cost in another currency than the condition's is unknown.
    """
    if condition.at_most is not None:
        value = numeric_value(credential, condition.field)
        cost = credential.cost
        other_currency = cost is not None and cost.currency != condition.currency
        if value is None or (condition.field is ConditionField.COST and other_currency):
            return Truth.UNKNOWN
        return Truth.SATISFIED if value <= condition.at_most else Truth.VIOLATED
    has = values(credential, condition.field)
    if not has:
        return Truth.UNKNOWN
    served = any(
        admits(condition.field, wanted=wanted, has=value)
        for wanted in condition.any_of
        for value in has
    )
    return Truth.SATISFIED if served else Truth.VIOLATED


def conditions_of(constraints: Constraints) -> tuple[Condition, ...]:
    """Return a learner's constraints as conditions."""
    return tuple(_conditions(constraints))


def _conditions(constraints: Constraints) -> Iterable[Condition]:
    if constraints.max_cost is not None:
        yield cost_at_most(constraints.max_cost)
    for field, bound in (
        (ConditionField.WEEKS, constraints.max_weeks),
        (ConditionField.HOURS_PER_WEEK, constraints.max_hours_per_week),
    ):
        if bound is not None:
            yield Condition(field=field, at_most=bound)
    region = (constraints.region,) if constraints.region else ()
    for field, wanted in (
        (ConditionField.DELIVERY, constraints.delivery),
        (ConditionField.SCHEDULE, constraints.schedule),
        (ConditionField.LANGUAGE, constraints.languages),
        (ConditionField.REGION, region),
        (ConditionField.PROVIDER_TYPE, constraints.provider_types),
    ):
        if wanted:
            yield Condition(field=field, any_of=tuple(str(value) for value in wanted))


def cost_at_most(money: Money) -> Condition:
    """Return the condition that a credential costs no more than this."""
    return Condition(field=ConditionField.COST, at_most=money.amount, currency=money.currency)

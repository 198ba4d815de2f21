"""Filters in: the hard constraints that a request puts on credentials."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from service.domain.condition import NUMERIC_FIELDS, Condition, ConditionField
from service.domain.credential import (
    CredentialKind,
    Delivery,
    Level,
    ProviderType,
    Schedule,
    Status,
)
from service.intake import ConstraintsBody, MoneyBody

STRICT = ConfigDict(extra="forbid", frozen=True)

_CHOICES: dict[ConditionField, tuple[str, ...]] = {
    ConditionField.DELIVERY: tuple(Delivery),
    ConditionField.SCHEDULE: tuple(Schedule),
    ConditionField.STATUS: tuple(Status),
    ConditionField.PROVIDER_TYPE: tuple(ProviderType),
    ConditionField.KIND: tuple(CredentialKind),
    ConditionField.LEVEL: tuple(Level),
}


def fault(reason: str, *, field: str = "") -> PydanticCustomError:
    """Return the error that says, in plain words, which rule is broken."""
    return PydanticCustomError("rule", "{reason}", {"reason": reason, "field": field})


class BoundBody(BaseModel):
    """An upper bound; a cost's has a currency."""

    model_config = STRICT

    amount: Annotated[float, Strict(), Field(ge=0, le=1e12, allow_inf_nan=False)] = Field(
        description="The most that is allowed."
    )
    currency: str | None = Field(
        default=None, description="ISO 4217, such as `USD`; for a cost alone."
    )

    @model_validator(mode="after")
    def _has_a_real_currency(self) -> "BoundBody":
        if self.currency is not None:
            _obey(lambda: MoneyBody(amount=0.0, currency=self.currency or ""), field="currency")
        return self


def _bound(value: Any) -> Any:
    if isinstance(value, dict | BoundBody):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"amount": value}
    raise fault('is neither a number nor an amount such as {"amount": 300, "currency": "USD"}.')


Value = Annotated[str, Field(min_length=1, max_length=100)]


class ConditionBody(BaseModel):
    """One hard constraint: a field, and one of `in`, `eq` and `lte`."""

    model_config = STRICT

    field: ConditionField = Field(description="What it is about.")
    any_of: tuple[Value, ...] | None = Field(
        default=None,
        alias="in",
        max_length=100,
        description="Any of these values will do.",
    )
    eq: Value | None = Field(default=None, description="This value alone will do.")
    lte: Annotated[BoundBody, BeforeValidator(_bound, BoundBody | float)] | None = Field(
        default=None, description="At most this; for cost, weeks and hours."
    )

    @model_validator(mode="after")
    def _says_one_thing(self) -> "ConditionBody":
        given = [self.any_of is not None, self.eq is not None, self.lte is not None]
        if sum(given) != 1:
            raise fault("needs one of in, eq and lte.")
        if self.any_of == ():
            raise fault("is empty; name one value or more.", field="in")
        if (self.field in NUMERIC_FIELDS) != (self.lte is not None):
            wanted = "lte" if self.field in NUMERIC_FIELDS else "in or eq"
            raise fault(f"{self.field} is compared with {wanted}.")
        if self.lte is not None:
            self._check_currency(self.lte)
        for at, value in enumerate(self.values):
            _check_value(self.field, value, at=f"in.{at}" if self.any_of else "eq")
        return self

    @property
    def values(self) -> tuple[str, ...]:
        """The values of which one will do; empty for a bound."""
        return self.any_of or ((self.eq,) if self.eq is not None else ())

    def to_domain(self) -> Condition:
        """Return the domain's value."""
        if self.lte is None:
            return Condition(field=self.field, any_of=self.values)
        return Condition(field=self.field, at_most=self.lte.amount, currency=self.lte.currency)

    def _check_currency(self, bound: BoundBody) -> None:
        is_cost = self.field is ConditionField.COST
        if is_cost and bound.currency is None:
            raise fault(
                'a cost needs its currency, such as {"amount": 300, "currency": "USD"}.',
                field="lte",
            )
        if not is_cost and bound.currency is not None:
            raise fault("a currency goes with a cost alone.", field="lte.currency")


class FilterBody(BaseModel):
    """Hard constraints; a credential has to meet all of them."""

    model_config = STRICT

    all: tuple[ConditionBody, ...] = Field(max_length=50, description="The constraints.")

    def to_domain(self) -> tuple[Condition, ...]:
        """Return the domain's values."""
        return tuple(condition.to_domain() for condition in self.all)


def _check_value(field: ConditionField, value: str, *, at: str) -> None:
    choices = _CHOICES.get(field)
    if choices is not None and value not in choices:
        raise fault(f"{value[:80]!r} is not one of {', '.join(choices)}.", field=at)
    if field is ConditionField.LANGUAGE:
        _obey(lambda: ConstraintsBody(languages=(value,)), field=at)
    if field is ConditionField.REGION:
        _obey(lambda: ConstraintsBody(region=value), field=at)


def _obey(check: Callable[[], object], *, field: str) -> None:
    """Apply a rule of the native format, and tell a fault at the place in this request."""
    try:
        check()
    except ValidationError as error:
        details = error.errors(include_url=False)[0]
        raise fault(
            str(details.get("ctx", {}).get("reason", details["msg"])), field=field
        ) from None

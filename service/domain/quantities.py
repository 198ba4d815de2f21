"""Amounts with their units: money, time, credit and pay."""

import re
from dataclasses import dataclass
from enum import StrEnum

from service.errors import InvalidRecord

_CURRENCY = re.compile(r"[A-Z]{3}")


def _check_not_negative(value: float | None, field: str) -> None:
    if value is not None and not 0 <= value < float("inf"):
        raise InvalidRecord(f"{value} is not a number of 0 or more.", field=field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount in one currency; ``currency`` is an ISO 4217 code such as ``USD``."""

    amount: float
    currency: str

    def __post_init__(self) -> None:
        _check_not_negative(self.amount, "amount")
        if _CURRENCY.fullmatch(self.currency) is None:
            raise InvalidRecord(
                f"{self.currency!r} is not an ISO 4217 code such as USD.", field="currency"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """How long something takes: calendar weeks and hours of effort are kept apart.

    Attributes:
        min_weeks: the lower end of a range of calendar weeks.
        weeks: calendar weeks; the upper end where a range is given.
        effort_hours: hours of work in all.
        hours_per_week: hours of work in a week.
    """

    min_weeks: float | None = None
    weeks: float | None = None
    effort_hours: float | None = None
    hours_per_week: float | None = None

    def __post_init__(self) -> None:
        for field in ("min_weeks", "weeks", "effort_hours", "hours_per_week"):
            _check_not_negative(getattr(self, field), field)
        if self.min_weeks is not None and self.weeks is not None and self.min_weeks > self.weeks:
            raise InvalidRecord(
                f"{self.min_weeks} is more than weeks, {self.weeks}.", field="min_weeks"
            )


class CreditUnit(StrEnum):
    """What a credit value counts; clock hours are hours of training."""

    SEMESTER_HOUR = "SemesterHour"
    QUARTER_HOUR = "QuarterHour"
    CONTINUING_EDUCATION_UNIT = "ContinuingEducationUnit"
    ECTS = "ECTS"
    CLOCK_HOUR = "ClockHour"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditValue:
    """How much credit a credential awards."""

    units: CreditUnit
    value: float

    def __post_init__(self) -> None:
        _check_not_negative(self.value, "value")


class CreditStatus(StrEnum):
    """Who vouches for credit."""

    STATED_BY_PROVIDER = "stated_by_provider"
    GRANTED_BY_RULE = "granted_by_rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditAward:
    """The credit that a credential yields, and by whose word.

    Attributes:
        rule: the id of the rule that grants it; none where the provider states it.
        institution: where it counts; none where that is not known.
    """

    credit: CreditValue
    status: CreditStatus = CreditStatus.STATED_BY_PROVIDER
    rule: str | None = None
    institution: str | None = None


class PayPeriod(StrEnum):
    """What a salary is paid for."""

    YEAR = "year"
    MONTH = "month"
    WEEK = "week"
    HOUR = "hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Salary:
    """What a job pays, as a range; either end may be unknown."""

    currency: str
    period: PayPeriod
    min: float | None = None
    max: float | None = None

    def __post_init__(self) -> None:
        _check_not_negative(self.min, "min")
        _check_not_negative(self.max, "max")

"""What rules on credit must hold to, whatever they are about."""

from collections.abc import Sequence
from datetime import date

from service.errors import InvalidRecord


def check_some(values: Sequence[object], field: str) -> None:
    """Raise ``InvalidRecord`` unless there is one value or more."""
    if not values:
        raise InvalidRecord("is empty; give one or more.", field=field)


def check_once(values: Sequence[object], field: str) -> None:
    """Raise ``InvalidRecord`` if a value is there twice; of a tuple the first part is told."""
    twice = next((value for at, value in enumerate(values) if value in values[:at]), None)
    if twice is not None:
        shown = twice[0] if isinstance(twice, tuple) else twice
        raise InvalidRecord(f"{shown} is there twice.", field=field)


def check_order(starts: date | None, ends: date | None) -> None:
    """Raise ``InvalidRecord`` if the last day is before the first."""
    if starts and ends and starts > ends:
        raise InvalidRecord(f"{ends} is before starts.", field="ends")


def check_positive(value: float, field: str) -> None:
    """Raise ``InvalidRecord`` unless the value is finite and above 0."""
    if not 0 < value < float("inf"):
        raise InvalidRecord(f"{value} is not a number above 0.", field=field)


def check_not_negative(value: float, field: str) -> None:
    """Raise ``InvalidRecord`` unless the value is finite and not below 0."""
    if not 0 <= value < float("inf"):
        raise InvalidRecord(f"{value} is not a number of 0 or more.", field=field)

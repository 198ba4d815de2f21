"""The building blocks of native bodies: strict scalars with plain-spoken rules."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from service.domain.ids import ID_PATTERN, check_id
from service.errors import InvalidRecord

RULE: Final = "rule"
"""The type of those pydantic errors whose message is already in plain words."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LARGEST = 1e12
_NAME_LENGTH = 1_000
_TEXT_LENGTH = 100_000
_LIST_LENGTH = 1_000
_SHOWN_LENGTH = 80
_SHOWN_DIGITS = 30

T = TypeVar("T")


def broken(reason: str, *, field: str = "") -> PydanticCustomError:
    """Return the error that says, in plain words, which rule is broken."""
    return PydanticCustomError(RULE, "{reason}", {"reason": reason, "field": field})


def _id(value: str) -> str:
    try:
        return check_id(value)
    except InvalidRecord as error:
        raise broken(error.reason) from None


def _without_nul(value: str) -> str:
    if "\x00" in value:
        raise broken("has a NUL character in it; take it out.")
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise broken("is blank.")
    return value


def _date(value: object) -> object:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise broken(f"{value} is not a day of the calendar.") from None
    raise broken(f"{shown(value)} is not a date such as 2025-06-30.")


def _matching(pattern: str, wanted: str) -> tuple[AfterValidator, WithJsonSchema]:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if compiled.fullmatch(value) is None:
            raise broken(f"{shown(value)} is not {wanted}.")
        return value

    return AfterValidator(check), WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})


def shown(value: object) -> str:
    """Return the value as a message shows it: cut to a length that people read."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = repr(value) if isinstance(value, str | float) else _short_integer(value)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 3]}…"


def _short_integer(value: object) -> str:
    # Python refuses to write integers of thousands of digits.
    if isinstance(value, int) and abs(value) >= 10**_SHOWN_DIGITS:
        return f"a number of more than {_SHOWN_DIGITS} digits"
    return str(value)


_plain = (Strict(), AfterValidator(_without_nul))

Id = Annotated[
    str, Strict(), AfterValidator(_id), WithJsonSchema({"type": "string", "pattern": ID_PATTERN})
]
Name = Annotated[
    str, StringConstraints(max_length=_NAME_LENGTH), *_plain, AfterValidator(_not_blank)
]
Text = Annotated[str, StringConstraints(max_length=_TEXT_LENGTH), *_plain]
Url = Annotated[
    str,
    StringConstraints(max_length=2_000),
    *_plain,
    *_matching(r"https?://[^\s]+", "a web address that begins with http:// or https://"),
]
Uri = Annotated[
    str,
    StringConstraints(max_length=2_000),
    *_plain,
    *_matching(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+", "a URI"),
]
Currency = Annotated[str, Strict(), *_matching(r"[A-Z]{3}", "an ISO 4217 code such as USD")]
Language = Annotated[
    str,
    Strict(),
    *_matching(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,8}", "a BCP 47 tag such as en or pt-BR"),
]
Region = Annotated[
    str,
    Strict(),
    *_matching(
        r"([A-Z]{2}(-[A-Z0-9]{1,3})?|001)",
        "an ISO 3166 code such as US or US-IN, or 001 for everywhere",
    ),
]
Amount = Annotated[float, Strict(), Field(ge=0, le=_LARGEST, allow_inf_nan=False)]
Share = Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)]
SkillLevel = Annotated[int, Strict(), Field(ge=1, le=5)]
Count = Annotated[int, Strict(), Field(ge=1, le=_LIST_LENGTH)]
Flag = Annotated[bool, Strict()]
Date = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]


class _Before:
    """Metadata of a field: rewrites a value before it is validated, and says so in the schema."""

    def __init__(self, rewrite: Callable[[Any], Any], also: JsonSchemaValue) -> None:
        self._rewrite = rewrite
        self._also = also

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._rewrite, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), self._also]}


class OrText(_Before):
    """Lets a plain string stand for the object that has only this key."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            lambda value: {key: value} if isinstance(value, str) else value, {"type": "string"}
        )


def _countable(value: object) -> object:
    # Before its items: pydantic would look for the faults of each of a million.
    if isinstance(value, list) and len(value) > _LIST_LENGTH:
        raise broken(f"has more than {_LIST_LENGTH:,} items.")
    return () if value is None else value


OR_NULL = _Before(_countable, {"type": "null"})

Many = Annotated[tuple[T, ...], Field(max_length=_LIST_LENGTH), OR_NULL]
"""A list that may be absent or null, which both mean unknown."""

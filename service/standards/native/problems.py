"""What is wrong with a body, in plain words, one sentence for each fault."""

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from service.domain.protected import is_protected
from service.errors import InvalidRecord
from service.standards.native.types import RULE, shown

MAX_FAULTS = 100
"""So many are told: a person reads fewer, and a program mends the first."""

_LONGEST_MEANT = 64
"""No word that is known is longer; what is like a long one takes long to find out."""

_QUOTED = re.compile(r"'([^']*)'")


class Problem(NamedTuple):
    """One fault: where it is, and what is wrong and expected.

    Attributes:
        path: keys and positions from the outside in; empty for the whole record.
    """

    path: tuple[str | int, ...]
    reason: str

    @property
    def field(self) -> str:
        """The path with dots, such as ``skills.0.level``."""
        return ".".join(str(part) for part in self.path)

    @property
    def pointer(self) -> str:
        """The path as a JSON Pointer (RFC 6901)."""
        parts = (str(part).replace("~", "~0").replace("/", "~1") for part in self.path)
        return "".join(f"/{part}" for part in parts)


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Return all faults that pydantic found in a body of this model."""
    return problems_of(error.errors(include_url=False), model)


def problems_of(errors: Sequence[ErrorDetails], model: type[BaseModel]) -> list[Problem]:
    """Return the faults for errors as pydantic lists them: a hundred, and how many more."""
    found = [_problem(details, model) for details in errors[:MAX_FAULTS]]
    if len(errors) > MAX_FAULTS:
        found.append(Problem((), f"has {len(errors) - MAX_FAULTS:,} more faults."))
    return found


def problem_of(error: InvalidRecord) -> Problem:
    """Return the fault for a rule of the domain that was broken."""
    path = tuple(error.field.split(".")) if error.field else ()
    return Problem(path, error.reason)


def nearest(word: str, known: Sequence[str]) -> str:
    """Return the question whether another word was meant, or nothing if none is close."""
    close = get_close_matches(word, known, n=1) if len(word) <= _LONGEST_MEANT else ()
    return f" Did you mean {close[0]!r}?" if close else ""


def _problem(details: ErrorDetails, model: type[BaseModel]) -> Problem:
    path = details["loc"]
    context = details.get("ctx", {})
    if details["type"] == RULE:
        return Problem(_deeper(path, str(context["field"])), str(context["reason"]))
    if details["type"] == "extra_forbidden":
        return Problem(_printable(path), _unknown_key(path, model))
    say = _REASONS.get(details["type"])
    reason = say(details["input"], context) if say else f"{details['msg']}."
    return Problem(path, reason)


def _deeper(path: tuple[str | int, ...], field: str) -> tuple[str | int, ...]:
    # A rule about the whole of an object may go by the object's own name.
    inner = tuple(part for part in field.split(".") if part)
    return path if inner == path[-1:] else path + inner


def _printable(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    # The last part is a key that the caller made up; it may hold anything.
    *outer, key = path
    return (*outer, str(key)[:100].encode("utf-8", "backslashreplace").decode())


def _unknown_key(path: tuple[str | int, ...], model: type[BaseModel]) -> str:
    if is_protected(str(path[-1])):
        return "is a protected trait, which is never kept or used; leave it out."
    fields = _model_at(model, path[:-1]).model_fields.items()
    known = [facts.alias or name for name, facts in fields]
    return f"is not a field.{nearest(str(path[-1]), known) or ' There are ' + _listed(known) + '.'}"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def _model_at(model: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel]:
    for part in path:
        if isinstance(part, str):
            model = _model_in(model.model_fields[part].annotation) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the one model that an annotation such as ``tuple[Body, ...] | None`` is about."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(argument) for argument in get_args(annotation))
    return next((found for found in inner if found), None)


def _not_a_choice(value: object, context: Mapping[str, Any]) -> str:
    choices = _QUOTED.findall(str(context["expected"]))
    meant = nearest(value, choices) if isinstance(value, str) else ""
    return f"{shown(value)} is not one of {_listed(choices)}.{meant}"


def _is_not(expected: str) -> Callable[[object, Mapping[str, Any]], str]:
    return lambda value, _context: f"{shown(value)} is not {expected}."


_NUMBER = _is_not("a number")
_OBJECT = _is_not("an object")

_REASONS: dict[str, Callable[[object, Mapping[str, Any]], str]] = {
    "missing": lambda _value, _context: "is missing.",
    "enum": _not_a_choice,
    "string_type": _is_not("text"),
    "string_unicode": lambda _value, _context: "has half a character in it (a lone surrogate).",
    "string_too_long": lambda value, context: (
        f"is {len(str(value)):,} characters long; {context['max_length']:,} are allowed."
    ),
    "float_type": _NUMBER,
    "finite_number": _NUMBER,
    "int_type": _is_not("a whole number"),
    "int_from_float": _is_not("a whole number"),
    "bool_type": _is_not("true or false"),
    "tuple_type": _is_not("a list"),
    "too_long": lambda _value, context: f"has more than {context['max_length']:,} items.",
    "greater_than_equal": lambda value, context: (
        f"{shown(value)} is not a number of {context['ge']:g} or more."
    ),
    "less_than_equal": lambda value, context: f"{shown(value)} is more than {context['le']:,.0f}.",
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
}

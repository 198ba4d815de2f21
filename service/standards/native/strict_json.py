"""JSON as the standard means it: no doubled keys, no NaN, no numbers or depths out of bounds."""

import json
from typing import Any, NoReturn

from service.errors import InvalidRecord

MAX_DEPTH = 32
MAX_DIGITS = 15
"""Longer integers are not safe: a double, and so other programs, would change them."""


def parse_json(text: str) -> Any:
    """Return the value that the text stands for.

    Raises:
        InvalidRecord: if it is not JSON, or is JSON that programs read in different ways.
    """
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        reason = f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]} at {_where(error)}."
        raise InvalidRecord(reason) from None
    except RecursionError:
        raise _too_deep() from None
    if _is_deeper(value, MAX_DEPTH):
        raise _too_deep()
    return value


def _where(error: json.JSONDecodeError) -> str:
    if error.lineno == 1:
        return f"character {error.colno}"
    return f"line {error.lineno}, character {error.colno}"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InvalidRecord(f"has the key {key[:100]!r} twice in one object.")
        found[key] = value
    return found


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise InvalidRecord(f"has a whole number of more than {MAX_DIGITS} digits.")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise InvalidRecord(f"has a number that is too large: {digits[:40]}.")
    return value


def _constant(word: str) -> NoReturn:
    raise InvalidRecord(f"has {word}, which is not JSON.")


def _too_deep() -> InvalidRecord:
    return InvalidRecord(f"is nested more than {MAX_DEPTH} levels deep.")


def _is_deeper(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit + 1):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []

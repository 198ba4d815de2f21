"""JSON as the standard means it: no doubled keys, no NaN, no numbers or depths out of bounds."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, NamedTuple, NoReturn

from service.errors import InvalidRecord

MAX_DEPTH = 32
MAX_DIGITS = 15
"""Longer integers are not safe: a double, and so other programs, would change them."""
MAX_STRING = 100_000
"""Characters of one string: as many as the longest text of a record may have."""
_MAX_FAULTS = 100
_HALF = re.compile("[\ud800-\udfff]")
# Where a string does not end, the rest of the text is one: so each character is looked at once.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)

Path = tuple[str | int, ...]


class Most(NamedTuple):
    """How much may stand in one text.

    Attributes:
        keys: of all its objects together.
        values: and of its lists: of all commas and brackets outside of strings.
    """

    keys: int
    values: int


RECORD: Final = Most(keys=20_000, values=40_000)
"""More than the largest record has: a thousand skills with all that can be said of each."""
QUESTION: Final = Most(keys=2_000, values=5_000)
"""What a question may have, whose faults are looked for while somebody waits."""


def parse_json(text: str, *, most: Most = RECORD) -> Any:
    """Return the value that the text stands for.

    Raises:
        InvalidRecord: if it is not JSON, or is JSON that programs read in different ways, or has
            more than it may.
    """
    # Before it is parsed: what is refused is not to cost what is answered.
    _check_values(text, most.values)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_Objects(most.keys),
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


def text_faults(text: str, value: Any) -> list[tuple[Path, str]]:
    """Return where the value of this JSON has strings that no field may hold, at most 100 times.

    Longer than 100,000 characters, half a character (a lone surrogate), or NUL; keys as well.
    """
    # Only an escape can bring in what UTF-8 cannot say, so most bodies need no second look.
    if "\\u" not in text and len(text) <= MAX_STRING:
        return []
    return list(islice(_text_faults(value, ()), _MAX_FAULTS))


def _text_faults(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if why := _fault_in(value):
            yield path, why
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _text_faults(item, (*path, at))
    elif isinstance(value, dict):
        for key, item in value.items():
            named = key[:100].encode("utf-8", "backslashreplace").decode()
            if why := _fault_in(key):
                yield (*path, named), f"the key {why}"
            yield from _text_faults(item, (*path, named))


def _fault_in(text: str) -> str | None:
    if len(text) > MAX_STRING:
        return f"is {len(text):,} characters long; {MAX_STRING:,} are allowed."
    if "\x00" in text:
        return "has a NUL character in it; take it out."
    if _HALF.search(text):
        return "has half a character in it (a lone surrogate)."
    return None


def _check_values(text: str, most: int) -> None:
    if _marks(text) > most and _marks(_STRING.sub("", text)) > most:
        raise InvalidRecord(f"has more than {most:,} values in all.")


def _marks(text: str) -> int:
    return text.count(",") + text.count("[") + text.count("{")


def _where(error: json.JSONDecodeError) -> str:
    if error.lineno == 1:
        return f"character {error.colno}"
    return f"line {error.lineno}, character {error.colno}"


class _Objects:
    """Makes the objects of one text, and counts their keys."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._keys = 0

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self._keys += len(pairs)
        if self._keys > self._most:
            raise InvalidRecord(f"has more than {self._most:,} keys in all.")
        found = dict(pairs)
        if len(found) < len(pairs):
            raise InvalidRecord(f"has the key {twice(pairs)[:100]!r} twice in one object.")
        return found


def twice(pairs: list[tuple[str, Any]]) -> str:
    """Return the first key that comes more than once; there has to be one."""
    counts = Counter(key for key, _ in pairs)
    return next(key for key, count in counts.items() if count > 1)


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

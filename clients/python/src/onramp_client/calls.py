"""A call as a value: what is sent, and how the answer is read. No input, no output."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import quote

from onramp_client.errors import InvalidAnswer, problem_of

T = TypeVar("T")

JSON = "application/json"
NDJSON = "application/x-ndjson"
_SUCCESS = range(200, 300)
_NOT_MODIFIED = 304


class Tagged(NamedTuple, Generic[T]):
    """What was read, and the tag by which it can be changed only if it is still so."""

    value: T
    etag: str


class Reads(StrEnum):
    """What an answer is; what is tagged is nothing if the caller has it already."""

    JSON = "json"
    TAGGED = "tagged"
    TEXT = "text"
    NOTHING = "nothing"
    LINES = "lines"


# No slots: before Python 3.14 a generic class with them cannot be called as `Call[T](…)`.
@dataclass(frozen=True, kw_only=True)
class Call(Generic[T]):
    """One call of the API, whose answer is a ``T``.

    Attributes:
        operation: its name in the API's description.
        method: of HTTP.
        path: the template, such as ``/v1/learners/{id}``.
        parts: what stands for the names in the template.
        query: the parameters behind the path.
        body: a value that is sent as JSON; none for no body.
        lines: values that are sent as one line of JSON each, in place of a body.
        repeatable: whether it changes nothing to say it twice.
        idempotency_key: makes a call that creates something repeatable.
        if_match: the tag that a record must have for it to be changed.
        if_none_match: the tag of what the caller has; with a change ``*``: there is none yet.
        later: whether the lines are to be worked on after the answer, which then is an operation.
        reads: what the answer is.
    """

    operation: str
    method: str
    path: str
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str | int] = field(default_factory=dict)
    body: object = None
    lines: Iterable[object] | None = None
    repeatable: bool = False
    idempotency_key: str | None = None
    if_match: str | None = None
    if_none_match: str | None = None
    later: bool = False
    reads: Reads = Reads.JSON

    @property
    def may_repeat(self) -> bool:
        """Whether it may be sent again: an iterator of lines is used up by the first time."""
        is_kept = self.lines is None or isinstance(self.lines, Sequence)
        return is_kept and (self.repeatable or self.idempotency_key is not None)

    @property
    def url(self) -> str:
        """The path with its parts filled in."""
        return self.path.format_map(
            {name: quote(part, safe="") for name, part in self.parts.items()}
        )

    @property
    def headers(self) -> dict[str, str]:
        """What is said of the body and of the answer."""
        found = {"Accept": NDJSON if self.reads is Reads.LINES else f"{JSON}, */*;q=0.5"}
        if self.lines is not None:
            found["Content-Type"] = NDJSON
        elif self.body is not None:
            found["Content-Type"] = JSON
        if self.idempotency_key is not None:
            found["Idempotency-Key"] = self.idempotency_key
        if self.if_match is not None:
            found["If-Match"] = self.if_match
        if self.if_none_match is not None:
            found["If-None-Match"] = self.if_none_match
        if self.later:
            found["Prefer"] = "respond-async"
        return found

    def content(self) -> bytes | Iterator[bytes] | None:
        """Return the body's bytes, lines as they are asked for."""
        if self.lines is not None:
            return (_bytes_of(line) + b"\n" for line in self.lines)
        return None if self.body is None else _bytes_of(self.body)


def answer_of(call: Call[T], status: int, headers: Mapping[str, str], body: bytes) -> T:
    """Return what an answer says.

    Raises:
        Problem: if it says that something is wrong.
        InvalidAnswer: if it is none of this API.
    """
    found: Any = None
    if status == _NOT_MODIFIED and call.reads is Reads.TAGGED:
        return found  # type: ignore[no-any-return]  # its T says that there may be none
    check(status, headers, body)
    if call.reads is Reads.TEXT:
        found = body.decode()
    elif call.reads is not Reads.NOTHING:
        found = value_of(body)
    if call.reads is Reads.TAGGED:
        found = Tagged(found, headers.get("etag", ""))
    return found  # type: ignore[no-any-return]  # the API's description says that it is a T


def check(status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Do nothing if the answer is what was asked for.

    Raises:
        Problem: if it says that something is wrong.
        InvalidAnswer: if it is none of this API.
    """
    if status in _SUCCESS:
        return
    document = value_of(body) if "json" in headers.get("content-type", "") else None
    if not isinstance(document, dict):
        raise InvalidAnswer(f"The answer has status {status} and no problem document.")
    raise problem_of(status, document, headers)


def value_of(text: bytes) -> Any:
    """Return the value that a JSON text is.

    Raises:
        InvalidAnswer: if it is none.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidAnswer(f"The answer is no JSON: {error}.") from None


class LineReader:
    """Cuts what comes in pieces into lines, at line feeds alone.

    Texts hold other characters that count as ends of lines elsewhere, such as U+2028.
    """

    def __init__(self) -> None:
        self._rest = b""

    def values(self, piece: bytes) -> Iterator[Any]:
        """Yield the values of the lines that this piece completes."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        yield from (value_of(line) for line in lines if line.strip())

    def last(self) -> Iterator[Any]:
        """Yield the value of what was left without a line feed."""
        if self._rest.strip():
            yield value_of(self._rest)


def _bytes_of(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()

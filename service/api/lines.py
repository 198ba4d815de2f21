"""Lines in: a body with one JSON object on each line, read whole and then line by line."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple

from fastapi import Request

from service.errors import InvalidRecord
from service.intake import RECORD, Most, Problem, parse_json, text_faults

LINE_LIMIT = 1_000_000
_MEMORY = 4_000_000
_BOM = b"\xef\xbb\xbf"


class RawLine(NamedTuple):
    """One line that is not blank, as bytes; ``number`` counts from 1."""

    number: int
    raw: bytes


class LineValue(NamedTuple):
    """The JSON value of a line, or what is wrong with it."""

    value: Any
    problems: tuple[Problem, ...] = ()


async def spooled(request: Request) -> IO[bytes]:
    """Return the whole body as a file that its reader closes.

    The whole body first: clients that send all before they read would wait for ever.
    """
    body = SpooledTemporaryFile(max_size=_MEMORY)  # noqa: SIM115  # closed by who reads it
    try:
        async for chunk in request.stream():
            body.write(chunk)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


def lines_of(body: IO[bytes]) -> Iterator[RawLine]:
    """Yield the lines that are not blank; of one that is too long just so much as tells that."""
    for number, raw in enumerate(_raw_lines(body), start=1):
        if raw.strip():
            yield RawLine(number, raw)


def value_of(raw: bytes, *, most: Most = RECORD) -> LineValue:
    """Return the JSON value of a line, or what is wrong with it."""
    if len(raw.rstrip(b"\r\n")) > LINE_LIMIT:
        reason = f"is longer than {LINE_LIMIT:,} bytes; no record needs as much."
        return LineValue(None, (Problem((), reason),))
    try:
        text = raw.decode()
        value = parse_json(text, most=most)
    except UnicodeDecodeError as error:
        return LineValue(None, (Problem((), f"is not UTF-8: see byte {error.start}."),))
    except InvalidRecord as error:
        return LineValue(None, (Problem((), error.reason),))
    return LineValue(value, tuple(Problem(*each) for each in text_faults(text, value)))


def _raw_lines(body: IO[bytes]) -> Iterator[bytes]:
    first = True
    while raw := body.readline(LINE_LIMIT + 1):
        if first:
            raw, first = raw.removeprefix(_BOM), False
        yield raw
        while raw and not raw.endswith(b"\n"):
            # The rest of a line that is too long; its beginning tells that it is.
            raw = body.readline(LINE_LIMIT)

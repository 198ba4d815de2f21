"""Files in, lines and records out: what every reader of a format has in common."""

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TextIO

from service.domain.record import Kind, Record, kind_of
from service.errors import UnreadableFile

MAX_LINE = 1_000_000
NOT_UTF_8 = "has bytes that are not UTF-8; save the file as UTF-8."
TOO_LONG = f"is longer than {MAX_LINE:,} characters; no record needs as much."

_GZIP = b"\x1f\x8b"
_FOREIGN_STARTS = (
    (b"\xff\xfe", "is UTF-16 text; save it as UTF-8."),
    (b"\xfe\xff", "is UTF-16 text; save it as UTF-8."),
    (b"PK\x03\x04", "is a zip archive or a spreadsheet; unpack it, or export it as CSV."),
    (b"PAR1", "is a Parquet file; export it as CSV or JSON Lines."),
    (b"%PDF", "is a PDF; export the data as CSV or JSON Lines."),
)
_PRETTY_PRINTED = ("[", "{", "[{")
# What `surrogateescape` makes of a byte that does not decode.
_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with one line of a file.

    Attributes:
        file: the path as the caller gave it.
        line: the line's number, from 1; for a record of several lines that of its first.
        field: where in the record, as a dotted path; empty for the whole record.
        reason: what is wrong and what is expected, as a sentence without the field.
    """

    file: str
    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What became of one line: either a record, or everything that is wrong with it."""

    file: str
    line: int
    record: Record | None = None
    faults: tuple[Fault, ...] = ()


Reader = Callable[[Sequence[Path]], Iterator[Parsed]]


class Place(NamedTuple):
    """Where something stands; ``line`` counts from 1."""

    file: str
    line: int

    def found(self, record: Record) -> Parsed:
        """Return a record that was read here."""
        return Parsed(file=self.file, line=self.line, record=record)

    def failed(self, *problems: tuple[str, str]) -> Parsed:
        """Return the faults that were found here, each given as ``(field, reason)``."""
        faults = tuple(
            Fault(file=self.file, line=self.line, field=field, reason=reason)
            for field, reason in problems
        )
        return Parsed(file=self.file, line=self.line, faults=faults)


class Line(NamedTuple):
    """One line of a file without its end; ``reason`` tells why there is no text."""

    place: Place
    text: str
    reason: str | None = None


def refuse_repeats(parsed: Iterable[Parsed]) -> Iterator[Parsed]:
    """Turn a record whose id stood before, with other content, into a fault.

    Without this the same import would change records each time it runs.
    """
    seen: dict[tuple[Kind, str], tuple[Place, int]] = {}
    for item in parsed:
        if item.record is None:
            yield item
            continue
        place = Place(item.file, item.line)
        key = (kind_of(item.record), item.record.id)
        first, content = seen.setdefault(key, (place, hash(item.record)))
        if content == hash(item.record):
            yield item
        else:
            where = f"{first.file}, line {first.line}"
            reason = f"{item.record.id!r} stands already with other content: {where}."
            yield place.failed(("id", reason))


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a UTF-8 text file, plain or gzip, with or without a byte order mark.

    Bytes that are not UTF-8 do not stop the reading: they come as lone surrogates, for which
    `is_undecoded` tests. Every way to end a line comes as a newline.

    Raises:
        UnreadableFile: if there is no such file, it is empty, or is plainly something else.
    """
    name = str(path)
    try:
        with _unpacked(path) as raw:
            _refuse_foreign(name, raw.peek(4)[:4])
            with io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape") as text:
                yield text
    except FileNotFoundError:
        raise UnreadableFile(name, "there is no such file; check the path.") from None
    except IsADirectoryError:
        raise UnreadableFile(name, "is a folder; name the files in it.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        reason = f"the gzip file is damaged or cut off ({error}); copy or fetch it again."
        raise UnreadableFile(name, reason) from error
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror or error}."
        raise UnreadableFile(name, reason) from error


def suffix_of(path: Path) -> str:
    """Return the end of the file's name in lower case, such as ``.csv``, without a ``.gz``."""
    suffix = path.suffix.lower()
    return path.with_suffix("").suffix.lower() if suffix == ".gz" else suffix


def is_undecoded(text: str) -> bool:
    """Tell whether the text, as `open_text` gives it, had bytes that are not UTF-8."""
    return _UNDECODED.search(text) is not None


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a file that are not blank.

    A line that is too long, or is not UTF-8, comes with a reason in place of its text.

    Raises:
        UnreadableFile: as `open_text`, or if all lines are blank.
    """
    blank = True
    with open_text(path) as stream:
        for line in _numbered(str(path), stream):
            if line.text.strip() or line.reason:
                blank = False
                yield line
    if blank:
        raise UnreadableFile(str(path), "there is nothing in it but blank lines.")


def read_json_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a file of JSON Lines that are not blank.

    Raises:
        UnreadableFile: as `read_lines`, or if it is one JSON document of many lines.
    """
    first = True
    for line in read_lines(path):
        if first and line.text.strip() in _PRETTY_PRINTED:
            reason = "is one JSON document over many lines; write one object on each line."
            raise UnreadableFile(str(path), reason)
        first = False
        yield line


@contextmanager
def _unpacked(path: Path) -> Iterator[io.BufferedReader | gzip.GzipFile]:
    with path.open("rb") as file:
        zipped = file.peek(2)[:2] == _GZIP
        if path.suffix.lower() == ".gz" and not zipped and file.peek(1):
            reason = "is named .gz, but is not gzip; name it for what it is."
            raise UnreadableFile(str(path), reason)
        if not zipped:
            yield file
            return
        with gzip.open(file) as unzipped:
            yield unzipped


def _refuse_foreign(name: str, start: bytes) -> None:
    if not start:
        raise UnreadableFile(name, "the file is empty.")
    for magic, reason in _FOREIGN_STARTS:
        if start.startswith(magic):
            raise UnreadableFile(name, reason)


def _numbered(file: str, stream: TextIO) -> Iterator[Line]:
    number = 0
    while text := stream.readline(MAX_LINE + 1):
        number += 1
        place = Place(file, number)
        whole = text.removesuffix("\n")
        if len(whole) > MAX_LINE:
            _skip_rest(stream, text)
            yield Line(place, "", TOO_LONG)
        elif is_undecoded(whole):
            yield Line(place, "", NOT_UTF_8)
        else:
            yield Line(place, whole)


def _skip_rest(stream: TextIO, text: str) -> None:
    while text and not text.endswith("\n"):
        text = stream.readline(MAX_LINE)

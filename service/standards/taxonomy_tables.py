"""Tables as the taxonomies are handed out: tab-separated, with a header, plain or gzip."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from service.errors import UnreadableFile
from service.standards.reading import NOT_UTF_8, Place, is_undecoded, open_text

ENDINGS = (".tsv.gz", ".tsv", ".txt")


class Row(NamedTuple):
    """One row of a table by column; ``reason`` tells why there are no values."""

    place: Place
    values: dict[str, str]
    reason: str | None = None


def find_table(folder: Path, name: str) -> Path:
    """Return the path of the table in the folder, whichever of the usual endings it has.

    Raises:
        UnreadableFile: if it is not there.
    """
    for ending in ENDINGS:
        path = folder / f"{name}{ending}"
        if path.exists():
            return path
    raise UnreadableFile(
        str(folder), f"there is no {name}{ENDINGS[0]} in it; name a folder that has it."
    )


def read_rows(path: Path, *, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a table; a row that cannot be read comes with a reason.

    Values may be quoted, and then go over several lines; a row has the number of its first.

    Raises:
        UnreadableFile: as `open_text`, or if one of ``columns`` is not in the header.
    """
    with open_text(path) as stream:
        rows = _numbered(str(path), stream)
        first = next(rows, None)
        header = first[1] if first else []
        missing = [column for column in columns if column not in header]
        if missing:
            raise UnreadableFile(
                str(path),
                f"the header has no column {', '.join(missing)}; it has {', '.join(header)}.",
            )
        for place, values, reason in rows:
            if values or reason:
                yield _row(place, header, values, reason)


def squeeze(text: str) -> str:
    """Return the text with one space between its words, and none around them."""
    return " ".join(text.split())


def _numbered(file: str, stream: TextIO) -> Iterator[tuple[Place, list[str], str | None]]:
    reader = csv.reader(stream, delimiter="\t", strict=True)
    while True:
        place = Place(file, reader.line_num + 1)
        try:
            yield place, next(reader), None
        except StopIteration:
            return
        except csv.Error as error:
            yield place, [], f"the row cannot be read: {error}."


def _row(place: Place, header: list[str], values: list[str], reason: str | None) -> Row:
    if reason is None and len(values) != len(header):
        reason = f"has {len(values)} values, and the header {len(header)} columns."
    if reason is None and any(map(is_undecoded, values)):
        reason = NOT_UTF_8
    return Row(place, {} if reason else dict(zip(header, values, strict=True)), reason)

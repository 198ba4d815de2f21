"""Tables of text cells: CSV, TSV and semicolon-separated files, row by row."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from service.errors import UnreadableFile
from service.standards.native.problems import nearest
from service.standards.reading import MAX_LINE, NOT_UTF_8, TOO_LONG, Place, is_undecoded, open_text


class Row(NamedTuple):
    """One row: its cells by column, or the reason why it cannot be read."""

    place: Place
    cells: dict[str, str]
    reason: str | None = None


class _Lines:
    """Feeds the csv module, never more than `MAX_LINE` characters at once."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.cut = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        text = self._stream.readline(MAX_LINE)
        if not text:
            raise StopIteration
        rest = text
        while rest and not rest.endswith("\n"):
            rest = self._stream.readline(MAX_LINE)
            self.cut = self.cut or bool(rest)
        return text


class Table:
    """An open table: its columns, and then its rows, once.

    Attributes:
        file: the path as the caller gave it.
        columns: the column names of the header, in order; those that are blank are left out.
    """

    def __init__(self, file: str, stream: TextIO) -> None:
        self.file = file
        self._lines = _Lines(stream)
        header = self._header()
        self._names = [name.strip() for name in header]
        self.columns = tuple(name for name in self._names if name)

    def _header(self) -> list[str]:
        first = next(self._lines, "")
        if not first.strip() or self._lines.cut or is_undecoded(first):
            raise UnreadableFile(self.file, "the first line is not a header of column names.")
        # A header of one column has no separator at all.
        delimiter = next((mark for mark in "\t,;" if mark in first), ",")
        self._rows = csv.reader(self._lines, delimiter=delimiter, strict=True)
        header = next(csv.reader([first], delimiter=delimiter))
        named = [name.strip() for name in header if name.strip()]
        for name in named:
            if named.count(name) > 1:
                raise UnreadableFile(self.file, f"there are two columns with the name {name!r}.")
        return header

    def require(self, columns: list[str]) -> None:
        """Check that the columns are there.

        Raises:
            UnreadableFile: naming the missing ones, and those that there are.
        """
        missing = [column for column in columns if column not in self.columns]
        if missing:
            there = ", ".join(self.columns)
            meant = nearest(missing[0], self.columns)
            reason = f"there is no column {', '.join(missing)}.{meant} There are: {there}."
            raise UnreadableFile(self.file, reason)

    def __iter__(self) -> Iterator[Row]:
        while True:
            # The header is the first line; the csv reader counts from the second.
            start = self._rows.line_num + 2
            self._lines.cut = False
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._unreadable(start, str(error))
                continue
            if any(cells):
                yield self._row(Place(self.file, start), cells)

    def _row(self, place: Place, cells: list[str]) -> Row:
        width = len(self._names)
        if self._lines.cut:
            return Row(place, {}, TOO_LONG)
        if len(cells) < width or any(cells[width:]):
            return Row(place, {}, f"has {len(cells)} cells, and the header has {width}.")
        if any(is_undecoded(cell) for cell in cells):
            return Row(place, {}, NOT_UTF_8)
        named = zip(self._names, cells, strict=False)
        return Row(place, {name: cell.strip() for name, cell in named if name})

    def _unreadable(self, start: int, error: str) -> Row:
        end = self._rows.line_num + 1
        where = f"; lines {start} to {end} are skipped" if end > start else ""
        return Row(Place(self.file, start), {}, f"cannot be split into cells ({error}){where}.")


def read_table_rows(path: Path, required: list[str]) -> Iterator[Row]:
    """Yield the rows of a table that are not blank.

    Raises:
        UnreadableFile: if the file cannot be read, or lacks one of the required columns.
    """
    with open_text(path) as stream:
        table = Table(str(path), stream)
        table.require(required)
        yield from table

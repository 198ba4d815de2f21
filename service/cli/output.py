"""Output: tables for people, JSON for programs, and one clear line for what went wrong."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import typer
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

WIDTH = 100
INDENT = 3

# Texts of records come from anywhere; what a terminal would obey is shown, not sent.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Column(NamedTuple):
    """One column of a table: its heading, its share of the width, and whether it is a number.

    ``share`` is relative to the other columns; 0 gives a column just what it needs.
    """

    heading: str
    share: int = 0
    is_number: bool = False


def console() -> Console:
    """Return the console for results: as wide as the terminal, at most 100 columns."""
    probe = Console()
    width = min(probe.width, WIDTH) if probe.is_terminal else WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False)


def error_console() -> Console:
    """Return the console for progress and complaints."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def complain(text: str) -> None:
    """Write a line on standard error."""
    typer.echo(text, err=True)


def write_json(value: Any) -> None:
    """Write a value for programs."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def plain(text: str) -> str:
    """Return a record's text on one line, without characters that a terminal obeys."""
    return " ".join(_CONTROL.sub(" ", text).split())


def lines(text: str) -> str:
    """Return a text as `plain` does, its lines kept apart."""
    return "\n".join(plain(line) for line in text.split("\n"))


def indented(out: Console, text: str) -> None:
    """Print a paragraph that stands back, also where it wraps."""
    out.print(Padding(text, (0, 0, 0, INDENT)))


def listed(words: Iterable[str], *, shown: int | None = None) -> str:
    """Return words in their order, each once: skills of one name are one to a reader.

    Args:
        words: the words.
        shown: how many to write out; of the others the count. All of them if it is not given.
    """
    each = list(dict.fromkeys(words))
    rest = len(each) - len(each[:shown])
    return plain(", ".join(each[:shown]) + (f" and {rest} more" if rest else ""))


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], *, title: str = "") -> Table:
    """Return a table that wraps what is too wide for its columns, and cuts nothing."""
    made = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for column in columns:
        made.add_column(
            column.heading,
            ratio=column.share or None,
            justify="right" if column.is_number else "left",
            no_wrap=not column.share,
            overflow="fold",
        )
    for row in rows:
        made.add_row(*(lines(cell) for cell in row))
    made.expand = any(column.share for column in columns)
    return made

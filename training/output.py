"""What the command line shows: lines, tables, and a bar with the time that is left."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from training.pairs import SourceCount
from training.research.pair import Source
from training.research.sources import is_open

# Steps of different sources take different times; a minute's mean would jump.
_SECONDS_OF_MEAN = 600
_WIDTH_OF_FILE = 100


def say(text: str, *, error: bool = False) -> None:
    """Write a line as it is, on standard error if it tells of an error."""
    _console(error=error).print(text, soft_wrap=True)


def bars() -> Progress:
    """Return bars on standard error with the time that is left."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=_console(error=True),
        speed_estimate_period=_SECONDS_OF_MEAN,
    )


def show_counts(counts: Sequence[SourceCount]) -> None:
    """Show how many pairs each source gave, and what of it may be published."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("source", no_wrap=True)
    for heading in ("pairs", "held out"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("open", no_wrap=True)
    for count in counts:
        source = Source(count.source)
        answer = "yes" if is_open(source) else "no"
        table.add_row(source.value, f"{count.pairs:,}", f"{count.held_out:,}", answer)
    table.add_section()
    pairs, held_out = sum(each.pairs for each in counts), sum(each.held_out for each in counts)
    table.add_row("together", f"{pairs:,}", f"{held_out:,}")
    _console().print(table)


def _console(*, error: bool = False) -> Console:
    console = Console(stderr=error, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_FILE
    return console

"""Progress: a bar on standard error for people, nothing for programs."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from service.cli.output import error_console


class Meter:
    """Shows what is being done and how far it is."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def tell(self, what: str, count: int) -> None:
        """Say what is being done, and that so many more are done."""
        self._progress.update(self._task, description=what, advance=count)

    def advance(self, count: int = 1) -> None:
        """Say that so many more are done."""
        self._progress.advance(self._task, count)

    def say(self, text: str) -> None:
        """Write a line above the bar."""
        self._progress.console.print(text, soft_wrap=True)


@contextmanager
def meter(what: str, *, total: int | None = None) -> Iterator[Meter]:
    """Show a bar while something long is done; it is gone when that is done.

    Args:
        what: what is being done.
        total: how many there are to do, if that is known.
    """
    console = error_console()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    quiet = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
        yield Meter(progress, progress.add_task(what, total=total))

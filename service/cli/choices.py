"""Options that exclude or need each other."""

from collections.abc import Mapping
from pathlib import Path

import typer


def one_of(given: Mapping[str, object]) -> None:
    """Check that exactly one of the options was given.

    Raises:
        typer.BadParameter: if none was, or several.
    """
    names = [name for name, value in given.items() if value is not None]
    if len(names) != 1:
        known = ", ".join(given)
        found = f"not {' and '.join(names)}" if names else "none was given"
        raise typer.BadParameter(f"give one of {known}; {found}.")


def needed_out(out: Path | None) -> Path:
    """Return where a bulk run writes.

    Raises:
        typer.BadParameter: if it was not said.
    """
    if out is None:
        raise typer.BadParameter(
            "say where the lines go; - is standard output.", param_hint="--out"
        )
    return out


def refuse_out(out: Path | None) -> None:
    """Check that no file to write was named where the answer goes to standard output.

    Raises:
        typer.BadParameter: if one was.
    """
    if out is not None:
        raise typer.BadParameter(
            "it goes with a file of many; one answer goes to standard output.", param_hint="--out"
        )

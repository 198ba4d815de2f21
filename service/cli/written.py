"""Files that are written: whole or not at all, and for their owner's eyes."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

import typer

from service.cli.errors import CannotWrite
from service.standards.reading import Fault

STANDARD_OUTPUT = Path("-")


def json_line(value: Any) -> str:
    """Return a value as one line of JSON Lines."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


@contextmanager
def whole_file(path: Path) -> Iterator[IO[str]]:
    """Write a text file that appears under its name only when all of it is there.

    Raises:
        CannotWrite: if it cannot be written.
    """
    if path.exists() and not path.is_file():
        raise CannotWrite(f"{path} is not a file; name one, or - for standard output.")
    try:
        # Not UTF-8 is only what a bad line held; JSON knows it escaped.
        with NamedTemporaryFile(
            "w",
            encoding="utf-8",
            errors="backslashreplace",
            dir=path.parent,
            prefix=f".{path.name}.",
            delete=False,
        ) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {error.strerror or error}.") from error


@contextmanager
def texts_out(path: Path) -> Iterator[Callable[[str], None]]:
    """Write lines that are JSON already to a file, or to standard output for ``-``."""
    if path == STANDARD_OUTPUT:
        yield lambda line: typer.echo(line, nl=False)
        return
    with whole_file(path) as file:
        yield lambda line: _told(file.write(line))


@contextmanager
def faults_file(path: Path | None) -> Iterator[Callable[[Fault], None]]:
    """Write faults as JSON Lines; nowhere if there is no path."""
    if path is None:
        yield lambda _fault: None
        return
    with whole_file(path) as file:
        yield lambda fault: _write(file, asdict(fault))


def _told(_count: int) -> None:
    """Return nothing; that so many characters were written is of no interest."""


def _write(file: IO[str], value: Any) -> None:
    file.write(json_line(value))

"""Where the log goes: to a stream, a line for each event, as JSON or for a person."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import JSONRenderer
from structlog.typing import Processor

from service.logs.lines import OURS, line_of


@contextmanager
def logging_to(stream: TextIO, *, as_json: bool, level: str) -> Iterator[None]:
    """Write what this program and its libraries log to a stream, for as long as this is open.

    Args:
        stream: where lines go.
        as_json: whether they are for programs, or for a person.
        level: the least of our own events that is written; of libraries only warnings are.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Lines(_renderer(stream, as_json=as_json)))
    root = logging.getLogger()
    ours = [logging.getLogger(name) for name in OURS]
    before = (root.handlers[:], root.level, [each.level for each in ours])
    # Not added to: where a line is written twice, the second one is not made by these rules.
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for each in ours:
        each.setLevel(level.upper())
    try:
        yield
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        for each, was in zip(ours, before[2], strict=True):
            each.setLevel(was)


class _Lines(logging.Formatter):
    """Renders lines with structlog.

    In place of its own formatter, which copies each record twice: a line is written for every
    request, and 50 microseconds of each are enough.
    """

    def __init__(self, render: Callable[[dict[str, Any]], str]) -> None:
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return self._render(line_of(record))


def _renderer(stream: TextIO, *, as_json: bool) -> Callable[[dict[str, Any]], str]:
    renderer: Processor = (
        JSONRenderer()
        if as_json
        else ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain_traceback)
    )

    def render(line: dict[str, Any]) -> str:
        return str(renderer(None, line["level"], line))

    return render

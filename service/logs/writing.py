"""Where the log goes: to a stream, a line for each event, as JSON or for a person."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import JSONRenderer
from structlog.stdlib import ProcessorFormatter

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
    handler.setFormatter(_formatter(stream, as_json=as_json))
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


def _formatter(stream: TextIO, *, as_json: bool) -> ProcessorFormatter:
    renderer = (
        JSONRenderer(ensure_ascii=False)
        if as_json
        else ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain_traceback)
    )
    return ProcessorFormatter(
        processors=[line_of, renderer], pass_foreign_args=True, use_get_message=False
    )

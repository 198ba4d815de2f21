"""A line of the log: which fields it may have, and how it is made of what was logged."""

import logging
from datetime import UTC, datetime
from typing import Any, Final

from service.logs.requests import current_request
from service.logs.telling import safe_args, told_with_places

OURS: Final = ("service", "index", "embeddings")
"""The packages whose messages are constants with fields; ruff's rule ``G`` holds them to it."""

FIELDS: Final = (
    "request_id",
    "trace_id",
    "method",
    "route",
    "status",
    "duration_ms",
    "tenant",
    "principal",
    "problem",
)
"""What an event may say beside time, level, logger, message and exception; nothing else is read."""

_LONGEST_FOREIGN: Final = 200


def line_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a log record may say."""
    line: dict[str, Any] = {
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": _message(record),
    }
    extra = record.__dict__
    line |= {name: extra[name] for name in FIELDS if extra.get(name) is not None}
    note = current_request()
    if note is not None and "request_id" not in line:
        line["request_id"] = note.id
        if note.trace_id:
            line["trace_id"] = note.trace_id
    if record.exc_info and record.exc_info[1]:
        line["exception"] = told_with_places(record.exc_info[1])
    return line


def _message(record: logging.LogRecord) -> str:
    said = str(record.msg)
    if record.name.partition(".")[0] not in OURS:
        # Others format before they log; what follows the first line is theirs to fill.
        said = said.partition("\n")[0][:_LONGEST_FOREIGN]
    if not record.args:
        return said
    try:
        return str(said % safe_args(record.args))
    # A number was asked for where there is a text.
    except (TypeError, ValueError, KeyError):
        return said

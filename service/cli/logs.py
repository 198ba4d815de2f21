"""The log of what serves: on standard error, as the settings say."""

import sys
from contextlib import AbstractContextManager

from service.logs import logging_to
from service.settings import LogFormat, Settings


def logged(settings: Settings) -> AbstractContextManager[None]:
    """Write the log for as long as the block lasts."""
    stream = sys.stderr
    return logging_to(
        stream, as_json=_is_for_programs(settings.log_format), level=settings.log_level
    )


def _is_for_programs(chosen: LogFormat) -> bool:
    if chosen is LogFormat.AUTO:
        return not sys.stderr.isatty()
    return chosen is LogFormat.JSON

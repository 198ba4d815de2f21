"""Working on operations beside what is served: one thread of one process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import Final

from service.api.operating import Working, work_once
from service.errors import StoreProblem
from service.indexing.beside import beside

# How often it is looked whether there is something to do, and whether another process has ended.
EVERY_S: Final = 0.5
# So many looks between two removals of what is old.
_LOOKS: Final = 120

logger = logging.getLogger(__name__)


@contextmanager
def operating(working: Working, *, every_s: float = EVERY_S) -> Iterator[None]:
    """Work on operations, for as long as the block lasts, unless another process does."""
    with beside(partial(_operate, working, every_s=every_s), name="operations"):
        yield


def _operate(working: Working, stop: Event, *, every_s: float) -> None:
    while not stop.wait(every_s):
        with working.operations.alone() as is_mine:
            looks = 0
            while is_mine and not stop.wait(every_s):
                if not looks % _LOOKS:
                    working.operations.forget()
                looks += 1
                _work(working, stop)


def _work(working: Working, stop: Event) -> None:
    """Work until nothing is left to do; what the store refuses is tried again."""
    try:
        while not stop.is_set() and work_once(working):
            pass
    except StoreProblem as error:
        logger.warning("Operations cannot go on, and will be tried again: %s", error)
    except Exception:
        # Whatever it is, other operations may go on; without this thread none would.
        logger.exception("Operations cannot go on, and will be tried again")

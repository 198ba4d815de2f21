"""Working on operations beside what is served: one thread of one process."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event
from time import monotonic
from typing import Final

from service.api.operating import Working, work_once
from service.errors import StoreProblem
from service.indexing.beside import beside

# How often it is looked whether there is something to do, and whether another process has ended.
EVERY_S: Final = 0.5
# How often what is old is removed.
FORGOTTEN_EVERY_S: Final = 60.0

logger = logging.getLogger(__name__)


@contextmanager
def operating(working: Working, *, every_s: float = EVERY_S) -> Iterator[None]:
    """Work on operations, for as long as the block lasts, unless another process does."""
    with beside(partial(_operate, working, every_s=every_s), name="operations"):
        yield


def _operate(working: Working, stop: Event, *, every_s: float) -> None:
    while not stop.wait(every_s):
        with working.operations.alone() as is_mine:
            forgotten = monotonic() - FORGOTTEN_EVERY_S
            while is_mine and not stop.is_set():
                # Also while there is always something to do.
                if monotonic() - forgotten >= FORGOTTEN_EVERY_S:
                    _tried(working.operations.forget)
                    forgotten = monotonic()
                if not _tried(partial(work_once, working)):
                    stop.wait(every_s)


def _tried(work: Callable[[], int]) -> bool:
    """Return whether there was something to do; what cannot be done is tried again."""
    try:
        return bool(work())
    except StoreProblem as error:
        logger.warning("Operations cannot go on, and will be tried again: %s", error)
    except Exception:
        # Whatever it is, other operations may go on; without this thread none would.
        logger.exception("Operations cannot go on, and will be tried again")
    return False

"""Following the change log: what another process writes is applied without a question coming in."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event

from service.errors import StoreProblem
from service.indexing.beside import beside
from service.indexing.tenants import Tenants

logger = logging.getLogger(__name__)

# A write elsewhere is searchable here within a second; a look at the log takes 0.1 ms.
EVERY_S = 0.25


@contextmanager
def following(tenants: Tenants, *, every_s: float = EVERY_S) -> Iterator[None]:
    """Keep the open views up with the change log for as long as the block lasts."""
    with beside(partial(_follow, tenants, every_s=every_s), name="following"):
        yield


def _follow(tenants: Tenants, stop: Event, *, every_s: float) -> None:
    is_well = True
    while not stop.wait(every_s):
        try:
            tenants.catch_up()
        except StoreProblem as error:
            # Said once; questions say it themselves, each time.
            if is_well:
                logger.warning("The change log cannot be followed: %s", error)
            is_well = False
        except Exception:
            # Whatever it is, the next change may be read; without this thread none would be.
            if is_well:
                logger.exception("The change log cannot be followed")
            is_well = False
        else:
            is_well = True

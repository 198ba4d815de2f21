"""Following the change log: what another process writes is applied without a question coming in."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event

from service.indexing.beside import beside
from service.indexing.tenants import Tenants

# A write elsewhere is searchable here within a second; a look at the log takes 0.1 ms.
EVERY_S = 0.25


@contextmanager
def following(tenants: Tenants, *, every_s: float = EVERY_S) -> Iterator[None]:
    """Keep the open views up with the change log for as long as the block lasts."""
    with beside(partial(_follow, tenants, every_s=every_s), name="following"):
        yield


def _follow(tenants: Tenants, stop: Event, *, every_s: float) -> None:
    while not stop.wait(every_s):
        tenants.catch_up()

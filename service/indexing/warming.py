"""Warming: what first answers would wait for is loaded and worked out while something is served."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Event
from typing import Final
from weakref import WeakSet

from service.domain.ids import TenantId
from service.errors import OnrampError, StoreProblem
from service.indexing.beside import beside
from service.indexing.snapshots import Snapshots
from service.indexing.tenant import Tenant
from service.indexing.tenants import Tenants
from service.matching.ports import Clock, Records

logger = logging.getLogger(__name__)

LOOK_S: Final = 1.0
# One look of so many is for tenants that can be opened, since it reads their manifests.
_LOOKS_FOR_NEW: Final = 5
# Before what could not be loaded is tried again, unless somebody asks for it.
AGAIN_S: Final = 60.0


@contextmanager
def warming(
    tenants: Tenants,
    wanted: Callable[[], Iterable[TenantId]],
    clock: Clock,
    *,
    look_s: float = LOOK_S,
) -> Iterator[None]:
    """Open tenants and warm them, by a thread beside the block, for as long as there is room.

    No tenant is closed for one that nobody has asked for, and one that cannot be opened keeps no
    other from it. Whoever is asked for is opened and warmed whether it is among them or not.

    Args:
        tenants: what is opened.
        wanted: tells which tenants can be opened at little cost; asked again and again.
        clock: tells as of which day evidence is weighed.
        look_s: seconds between two looks for what is new.
    """

    def work(stop: Event) -> None:
        _Warming(tenants, wanted, clock, stop, look_s).run()

    with beside(work, name="warming"):
        yield


def cheap_to_open(
    records: Records, snapshots: Snapshots, known: Callable[[], Sequence[TenantId]]
) -> Iterator[TenantId]:
    """Yield the tenants of which there is a whole snapshot that is fresh.

    Another one would keep whoever is answered waiting for ten seconds of work. A process beside
    the server writes the snapshots that are missing, at a low priority.

    Raises:
        StoreProblem: if the store cannot be read.
    """
    for tenant in known():
        if not snapshots.is_old(records, tenant, whole=True):
            yield tenant


class _Ended(Exception):
    """The block ended while a tenant was being loaded."""


class _Warming:
    def __init__(
        self,
        tenants: Tenants,
        wanted: Callable[[], Iterable[TenantId]],
        clock: Clock,
        stop: Event,
        look_s: float,
    ) -> None:
        self._tenants = tenants
        self._wanted = wanted
        self._clock = clock
        self._stop = stop
        self._look_s = look_s
        # When what has failed is tried again, and never what was opened: whoever made room for
        # others stays closed until it is asked for.
        self._again: dict[TenantId, float] = {}
        self._warmed: WeakSet[Tenant] = WeakSet()
        self._look_again = 0.0

    def run(self) -> None:
        while not self._stop.is_set():
            # Another one comes when everything was derived anew, or when one is asked for.
            self._warm_open()
            # Whoever asks is told of a store that cannot be read, each time.
            with suppress(StoreProblem):
                self._open_wanted()
            self._stop.wait(self._look_s)

    def _open_wanted(self) -> None:
        if time.monotonic() < self._look_again:
            return
        self._look_again = time.monotonic() + _LOOKS_FOR_NEW * self._look_s
        for tenant in self._wanted():
            if self._stop.is_set():
                return
            if self._again.get(tenant, 0.0) <= time.monotonic():
                self._open(tenant)
                self._warm_open()

    def _open(self, tenant: TenantId) -> None:
        self._again[tenant] = time.monotonic() + AGAIN_S
        try:
            if not self._tenants.has_room_for(tenant):
                return
            self._tenants.get(tenant, on_page=self._go_on)
        except _Ended:
            return
        except Exception as error:
            self._tenants.troubles.note(tenant, error)
        else:
            self._again[tenant] = float("inf")

    def _go_on(self, _count: int) -> None:
        if self._stop.is_set():
            raise _Ended

    def _warm_open(self) -> None:
        # The first one first, as it was opened.
        for tenant in self._tenants.opened().values():
            if tenant not in self._warmed and not self._stop.is_set():
                self._warmed.add(tenant)
                self._warm(tenant)

    def _warm(self, tenant: Tenant) -> None:
        try:
            tenant.warm(self._clock.now().date(), until=self._stop.is_set)
        except OnrampError as error:
            # Questions say it themselves, each time.
            logger.warning("What the first answers need could not be read: %s", error)

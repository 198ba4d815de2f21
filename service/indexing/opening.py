"""Opening: a tenant's indexes are loaded apart from those who answer, once however many wait."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Final

from service.domain.ids import TenantId

# A small tenant need not wait until a large one is loaded.
_THREADS: Final = 2


class Opening:
    """Loads the indexes of tenants that are asked before they are in memory."""

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None
        self._under_way: dict[TenantId, Future[object]] = {}
        self._lock = Lock()

    def begin(self, tenant: TenantId, load: Callable[[TenantId], object]) -> Future[object]:
        """Begin to load a tenant's indexes, if nobody has; return what tells when they are there.

        Args:
            tenant: whose.
            load: loads them, for seconds; what it raises, whoever waits is told.
        """
        with self._lock:
            under_way = self._under_way.get(tenant)
            if under_way is None or under_way.done():
                if self._executor is None:
                    self._executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="opening")
                under_way = self._executor.submit(load, tenant)
                self._under_way[tenant] = under_way
            return under_way

    def end(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        with self._lock:
            executor, self._executor = self._executor, None
            self._under_way.clear()
        if executor is not None:
            executor.shutdown(cancel_futures=True)

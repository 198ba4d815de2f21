"""Troubles: tenants whose indexes could not be loaded or kept up, each said once."""

import logging
from collections.abc import Mapping
from threading import Lock

from service.domain.ids import TenantId
from service.errors import OnrampError
from service.logs import OwnWords

logger = logging.getLogger(__name__)


class Troubles:
    """Which tenants have one, and what it is. Whoever asks about them is told by their answer."""

    def __init__(self) -> None:
        self._found: dict[TenantId, Exception] = {}
        self._lock = Lock()

    def now(self) -> Mapping[TenantId, Exception]:
        """Return the tenants that have one now."""
        with self._lock:
            return dict(self._found)

    def note(self, tenant: TenantId, error: Exception) -> None:
        """Keep a tenant's trouble; the log has a line about it if there was none."""
        with self._lock:
            is_new = tenant not in self._found
            self._found[tenant] = error
        if is_new:
            logger.warning(
                "The change log of the tenant %s cannot be followed: %s",
                OwnWords(tenant),
                error,
                # Where nobody foresaw it, it is worth knowing where it came from.
                exc_info=None if isinstance(error, OnrampError) else error,
            )

    def clear(self, tenant: TenantId) -> None:
        """Take a tenant for well; the log has a line about it if it was not."""
        with self._lock:
            was_there = self._found.pop(tenant, None) is not None
        if was_there:
            logger.warning("The change log of the tenant %s is followed again.", OwnWords(tenant))

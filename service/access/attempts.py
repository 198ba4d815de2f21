"""Attempts to sign in: who fails too often has to wait."""

from collections.abc import Callable
from time import monotonic
from typing import Final

MOST: Final = 10
WINDOW_S: Final = 60.0
# Beyond so many addresses those whose time is over are forgotten.
_ADDRESSES: Final = 10_000


class Attempts:
    """Counts failures by address, in this process; not for several threads at once.

    Args:
        ticks: seconds that only ever go on.
    """

    def __init__(self, *, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self._failed: dict[str, list[float]] = {}

    def wait_s(self, address: str) -> float:
        """Return for how many seconds an address has to wait; 0 if it need not."""
        recent = self._recent(address)
        return max(0.0, recent[0] + WINDOW_S - self._ticks()) if len(recent) >= MOST else 0.0

    def failed(self, address: str) -> None:
        """Note a failure."""
        if len(self._failed) >= _ADDRESSES:
            self._failed = {each: at for each in list(self._failed) if (at := self._recent(each))}
        self._failed[address] = [*self._recent(address), self._ticks()][-MOST:]

    def _recent(self, address: str) -> list[float]:
        since = self._ticks() - WINDOW_S
        return [at for at in self._failed.get(address, ()) if at > since]

"""So many in a minute: counts for each name, on monotonic time and in bounded memory."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import ceil
from typing import NamedTuple

WINDOW_S = 60.0
NAMES = 20_000
"""So many are remembered; beyond, the one whose minute began first is forgotten."""


class Taken(NamedTuple):
    """What became of one request: ``remaining`` are left, all again in ``reset_s`` seconds."""

    allowed: bool
    limit: int
    remaining: int
    reset_s: int


class _Window(NamedTuple):
    begun: float
    passed: int


class Windows:
    """Counts requests by name; a name's minute begins with the first of them.

    So exactly ``limit`` pass in each minute, whatever the limit: a bucket that fills up drop by
    drop lets its whole contents pass on top in the first minute, or refuses short bursts. Belongs
    to one event loop.
    """

    def __init__(
        self, limit: int, *, now: Callable[[], float] = time.monotonic, names: int = NAMES
    ) -> None:
        self._limit = limit
        self._now = now
        self._names = names
        # In the order in which their minutes began.
        self._windows: OrderedDict[Hashable, _Window] = OrderedDict()

    def take(self, name: Hashable) -> Taken:
        """Count one request, if it is allowed."""
        window = self._window(name)
        allowed = window.passed < self._limit
        if allowed:
            window = window._replace(passed=window.passed + 1)
            self._windows[name] = window
        return self._taken(window, allowed=allowed)

    def look(self, name: Hashable) -> Taken:
        """Return what ``take`` would, and count nothing."""
        window = self._window(name)
        return self._taken(window, allowed=window.passed < self._limit)

    def _window(self, name: Hashable) -> _Window:
        now = self._now()
        known = self._windows.get(name)
        if known is not None and now < known.begun + WINDOW_S:
            return known
        if known is not None:
            del self._windows[name]
        self._forget(now)
        return _Window(now, 0)

    def _forget(self, now: float) -> None:
        while self._windows:
            oldest = next(iter(self._windows))
            over = self._windows[oldest].begun + WINDOW_S <= now
            if not over and len(self._windows) < self._names:
                return
            del self._windows[oldest]

    def _taken(self, window: _Window, *, allowed: bool) -> Taken:
        left = window.begun + WINDOW_S - self._now()
        remaining = self._limit - window.passed
        return Taken(allowed, self._limit, remaining, max(1, ceil(left)))

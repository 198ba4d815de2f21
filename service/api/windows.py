"""So many in any minute: counts for each name, on monotonic time and in bounded memory."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

WINDOW_S = 60.0
SLOT_S = 0.5
"""Requests are counted by half seconds, so that a minute is sharp to one part in 120."""
NAMES = 20_000
"""So many are remembered; beyond, the one who asked longest ago is forgotten."""


class Taken(NamedTuple):
    """What became of one request: ``remaining`` are left, and more again in ``reset_s`` seconds."""

    allowed: bool
    limit: int
    remaining: int
    reset_s: int


@dataclass(slots=True)
class _Window:
    """The half seconds of the last minute in which something passed, and how much."""

    slots: deque[tuple[float, int]] = field(default_factory=deque)
    passed: int = 0


class Windows:
    """Counts requests by name, over a minute that ends now.

    In no minute pass more than ``limit``, wherever it begins; whoever asks steadily gets all but
    one part in 120 of them. Belongs to one event loop.
    """

    def __init__(
        self, limit: int, *, now: Callable[[], float] = time.monotonic, names: int = NAMES
    ) -> None:
        self._limit = limit
        self._now = now
        self._names = names
        # In the order in which they last passed.
        self._windows: OrderedDict[Hashable, _Window] = OrderedDict()

    def take(self, name: Hashable) -> Taken:
        """Count one request, if it is allowed."""
        now = self._now()
        window = self._window(name, now)
        allowed = window.passed < self._limit
        if allowed:
            self._count(name, window, now)
        return self._taken(window, now, allowed=allowed)

    def look(self, name: Hashable) -> Taken:
        """Return what ``take`` would, and count nothing."""
        now = self._now()
        window = self._window(name, now)
        return self._taken(window, now, allowed=window.passed < self._limit)

    def _window(self, name: Hashable, now: float) -> _Window:
        window = self._windows.get(name)
        if window is None:
            return _Window()
        while window.slots and _ends(window.slots[0]) <= now:
            window.passed -= window.slots.popleft()[1]
        return window

    def _count(self, name: Hashable, window: _Window, now: float) -> None:
        begun = now - now % SLOT_S
        window.passed += 1
        if window.slots and window.slots[-1][0] == begun:
            window.slots[-1] = (begun, window.slots[-1][1] + 1)
        else:
            window.slots.append((begun, 1))
        self._windows[name] = window
        self._windows.move_to_end(name)
        self._forget(now)

    def _forget(self, now: float) -> None:
        while self._windows:
            oldest = next(iter(self._windows.values()))
            if len(self._windows) <= self._names and _ends(oldest.slots[-1]) > now:
                return
            self._windows.popitem(last=False)

    def _taken(self, window: _Window, now: float, *, allowed: bool) -> Taken:
        left = _ends(window.slots[0]) - now if window.slots else 0.0
        return Taken(allowed, self._limit, self._limit - window.passed, max(1, ceil(left)))


def _ends(slot: tuple[float, int]) -> float:
    # The last of a slot may have passed at its end.
    return slot[0] + SLOT_S + WINDOW_S

"""Connections of worker processes that share a listener: who has fewest of them takes the next.

A connection wakes all workers, and whoever is awake first takes it, mostly the same one again and
again: of eight clients that keep their connections one worker had all, and the other idled.
"""

import socket
import time
from collections.abc import Callable, MutableSequence
from typing import Any, Final

# Stands for a worker that does not serve.
GONE: Final = -1
# A worker that has more connections than another leaves the next one to it, so often and for so
# long; then it takes it, since the other may be stuck.
_LEAVES: Final = 20
_LEFT_S: Final = 0.005


class FairListener(socket.socket):
    """A listener of one of several workers.

    Args:
        listener: what they share; this takes it over.
        counts: how many connections each worker has open, or ``GONE``; shared by all of them.
        place: which of them this is.
        clock: tells seconds.
    """

    def __init__(
        self,
        listener: socket.socket,
        counts: MutableSequence[int],
        place: int,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(fileno=listener.detach())
        self._counts = counts
        self._place = place
        self._clock = clock
        self._left, self._left_since = 0, 0.0
        counts[place] = 0

    def accept(self) -> tuple[socket.socket, Any]:
        """Return the next connection, if it is this worker's turn.

        Raises:
            BlockingIOError: if none waits, or another worker has fewer connections.
        """
        if self._leaves_it():
            raise BlockingIOError
        connection, address = super().accept()
        self._left = 0
        self._counts[self._place] += 1
        return _Counted(connection, on_close=self._note_close), address

    def _leaves_it(self) -> bool:
        own = self._counts[self._place]
        if not any(GONE < each < own for each in self._counts):
            self._left = 0
            return False
        now = self._clock()
        if not self._left:
            self._left_since = now
        self._left += 1
        return self._left <= _LEAVES or now - self._left_since < _LEFT_S

    def _note_close(self) -> None:
        self._counts[self._place] -= 1


class _Counted(socket.socket):
    """A connection that tells when it is closed."""

    def __init__(self, connection: socket.socket, *, on_close: Callable[[], None]) -> None:
        super().__init__(fileno=connection.detach())
        self._on_close: Callable[[], None] | None = on_close

    def close(self) -> None:
        """Close it, and tell so once."""
        super().close()
        on_close, self._on_close = self._on_close, None
        if on_close is not None:
            on_close()

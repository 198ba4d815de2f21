"""Connections of worker processes that share a listener: who has fewest of them takes the next.

A connection wakes all workers, and whoever is awake first takes it, mostly the same one again and
again: of eight clients that keep their connections one worker had all, and the other idled. Who has
many more than another all the same, as when that one was busy while they came, ends some of them
with an answer: a client that connects again finds the other.
"""

import socket
import time
from collections.abc import Callable, MutableSequence
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Stands for a worker that does not serve.
GONE: Final = -1
# A worker that has more connections than another leaves the next one to it, so often and for so
# long; then it takes it, and those that follow, until the other shows that it is not stuck.
_LEAVES: Final = 20
_LEFT_S: Final = 0.05
# Who has so many more than another ends one with its next answer, but for so long after what was
# left to the others was not taken: a client that connects again would come back.
_MANY_MORE: Final = 2
_STUCK_S: Final = 1.0


class FairListener(socket.socket):
    """A listener of one of several workers.

    A socket by inheritance, since asyncio calls `accept` on what it is given, and asks it for
    all else that a socket has.

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
        family, kind, protocol = listener.family, listener.type, listener.proto
        super().__init__(family, kind, protocol, fileno=listener.detach())
        self._counts = counts
        self._place = place
        self._clock = clock
        self._open = 0
        self._serves = False
        # Who has fewer connections, and since when and how often the next was left to them.
        self._fewer: list[tuple[int, int]] = []
        self._left, self._left_since = 0, 0.0
        self._stuck_until = -float("inf")
        # Connections that end with an answer that is just being given.
        self._ending = 0

    def listen(self, backlog: int = socket.SOMAXCONN, /) -> None:
        """Begin to take turns, as asyncio does when it begins to serve."""
        super().listen(backlog)
        self._serves = True
        self._tell()

    def close(self) -> None:
        """Take no more turns."""
        self._serves = False
        self._tell()
        super().close()

    def accept(self) -> tuple[socket.socket, Any]:
        """Return the next connection, if it is this worker's turn.

        Raises:
            BlockingIOError: if none waits, or another worker has fewer connections.
        """
        if self._leaves_it():
            raise BlockingIOError
        connection, address = super().accept()
        if self._fewer:
            self._stuck_until = self._clock() + _STUCK_S
        counted = _Counted(connection, on_close=self._note_close)
        self._open += 1
        self._tell()
        return counted, address

    def gives_one_up(self) -> bool:
        """Tell whether to end a connection of this worker, for another to have it.

        Who is told so ends one: it is counted as one that is about to close.
        """
        least = min((count for count in self._counts if count > GONE), default=self._open)
        if self._open - self._ending < least + _MANY_MORE or self._clock() < self._stuck_until:
            return False
        self._ending += 1
        return True

    def _leaves_it(self) -> bool:
        counts = enumerate(self._counts)
        fewer = [(place, count) for place, count in counts if GONE < count < self._open]
        if fewer != self._fewer:
            self._fewer, self._left, self._left_since = fewer, 0, self._clock()
        if not fewer:
            return False
        self._left += 1
        return self._left <= _LEAVES or self._clock() - self._left_since < _LEFT_S

    def _note_close(self) -> None:
        self._open -= 1
        self._ending = max(0, self._ending - 1)
        self._tell()

    def _tell(self) -> None:
        self._counts[self._place] = self._open if self._serves else GONE


class Moving:
    """Ends a connection with its answer where another worker has fewer.

    Args:
        app: what is inside.
        gives_one_up: tells whether to.
    """

    def __init__(self, app: ASGIApp, gives_one_up: Callable[[], bool]) -> None:
        self._app = app
        self._gives_one_up = gives_one_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def moving_send(message: Message) -> None:
            if message["type"] == "http.response.start" and self._gives_one_up():
                headers = [*message.get("headers", ()), (b"connection", b"close")]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, moving_send)


class _Counted(socket.socket):
    """A connection that tells when it is closed."""

    def __init__(self, connection: socket.socket, *, on_close: Callable[[], None]) -> None:
        family, kind, protocol = connection.family, connection.type, connection.proto
        super().__init__(family, kind, protocol, fileno=connection.detach())
        self._on_close: Callable[[], None] | None = on_close

    def close(self) -> None:
        """Close it, and tell so once."""
        on_close, self._on_close = self._on_close, None
        try:
            super().close()
        finally:
            if on_close is not None:
                on_close()

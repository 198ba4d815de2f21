"""Stopping in good order: who was let in is served, and who asks is told to go elsewhere first."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import FrameType

import uvicorn

from service.cli.newcomers import turn_away_newcomers

# Told to stop, the server says so at `/health/ready` and goes on serving for this long, so that
# whoever sends requests here (a load balancer, systemd's successor) sends no more of them.
DRAIN_S = 1.0
# Newcomers are turned away then; who was beginning to connect has this long to get into line.
SETTLE_S = 0.2
# What was let in at the last moment has this long to say what it wants.
LAST_S = 0.2
# Answers that are under way have this long to end.
GRACE_S = 6
# All in all; with what it takes to close the store, less than ten seconds.
STOP_S = DRAIN_S + SETTLE_S + LAST_S + GRACE_S


class DrainingServer(uvicorn.Server):
    """A server that drops no request which it accepted when it is told to stop by SIGTERM.

    On Ctrl-C it stops at once: somebody sits there and waits.

    Args:
        config: what to serve, and how.
        on_stopping: called when it begins to stop.
        owns_listener: whether nobody else serves on it; else whoever tells all of them to stop
            turns newcomers away, after `DRAIN_S`.
    """

    def __init__(
        self, config: uvicorn.Config, *, on_stopping: Callable[[], None], owns_listener: bool
    ) -> None:
        super().__init__(config)
        self._on_stopping = on_stopping
        self._owns_listener = owns_listener
        self._drains = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note which signal it was, and begin to stop."""
        # The first one decides: Ctrl-C reaches workers before whoever started them ends them.
        if not self.should_exit:
            self._drains = sig == signal.SIGTERM
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Be unready, serve on, close the door behind the last one, and end what is under way."""
        self._on_stopping()
        if self._drains:
            # Each answer from now on ends its connection, so that no client uses it once more
            # in the moment in which it is closed.
            self.server_state.default_headers.append((b"connection", b"close"))
            await self._wait(DRAIN_S)
            if self._owns_listener:
                for listener in sockets or []:
                    turn_away_newcomers(listener)
            await self._wait(SETTLE_S)
            await self._take_the_last(sockets or [])
            await self._wait(LAST_S)
        await super().shutdown(sockets)

    async def _wait(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until and not self.force_exit:
            await asyncio.sleep(0.05)

    async def _take_the_last(self, listeners: Iterable[socket.socket]) -> None:
        """Stop listening, and serve those who were in line until that moment.

        The system resets connections that wait to be accepted when a listener is closed; so they
        are accepted with nothing in between.
        """
        accepted = [each for listener in listeners for each in _in_line(listener)]
        for server in self.servers:
            server.close()
        loop = asyncio.get_running_loop()
        for each in accepted:
            await loop.connect_accepted_socket(self._protocol, each)

    def _protocol(self) -> asyncio.Protocol:
        # As uvicorn makes it for each connection that it accepts itself.
        protocol: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol


def _in_line(listener: socket.socket) -> list[socket.socket]:
    accepted: list[socket.socket] = []
    with suppress(BlockingIOError):
        while True:
            # All of them, also where others would have a turn.
            connection, _ = socket.socket.accept(listener)
            connection.setblocking(False)
            accepted.append(connection)
    return accepted

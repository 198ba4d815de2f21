"""Serving: one process on one address, until it is told to stop."""

import ipaddress
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import uvicorn

from service.app import create_app
from service.cli.errors import CannotServe
from service.cli.output import complain, console
from service.cli.stopping import GRACE_S, DrainingServer
from service.wiring import Services


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """Take the address to serve on, before anything slow is done.

    Raises:
        CannotServe: if it cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotServe(f"{host!r} is no address to serve on: {error.strerror}.") from error
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            raise CannotServe(
                f"Port {port} on {host} cannot be had ({error.strerror}). "
                "Stop what uses it, or take another one with --port."
            ) from error
        yield listener


class Server:
    """Serves until Ctrl-C or a signal to end."""

    def __init__(self, services: Services, listener: socket.socket) -> None:
        self._listener = listener
        self._host, self._port = listener.getsockname()[:2]
        app = create_app(services)
        config = uvicorn.Config(
            app,
            log_level="warning",
            timeout_graceful_shutdown=GRACE_S,
            server_header=False,
        )
        self._server = DrainingServer(config, on_stopping=app.state.readiness.end)

    def run(self) -> None:
        """Say where, serve, and return when it was told to stop."""
        out = console()
        host = f"[{self._host}]" if ":" in self._host else self._host
        if not _is_loopback(self._host):
            complain(
                f"Warning: {self._host} can be reached from other machines, and there are no "
                "keys yet: whoever reaches the port may read and change everything."
            )
        # From here on connections wait in line, so that the address is true when it is read.
        self._listener.listen()
        before = signal.signal(signal.SIGTERM, _end)
        try:
            out.print(f"Onramp serves http://{host}:{self._port} until Ctrl-C.", soft_wrap=True)
            self._server.run(sockets=[self._listener])
        # uvicorn ends in good order, and then sends itself the signal once more.
        except (KeyboardInterrupt, _Ended):
            out.print("Stopped.")
        finally:
            signal.signal(signal.SIGTERM, before)


class _Ended(Exception):
    """The process was told to end."""


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _Ended


def _is_loopback(host: str) -> bool:
    return ipaddress.ip_address(host.partition("%")[0]).is_loopback

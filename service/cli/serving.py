"""Serving: on one address until it is told to stop, in this process."""

import ipaddress
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from types import FrameType
from typing import NoReturn

import uvicorn
from starlette.types import ASGIApp

from service.access import watching
from service.api.edge import Edge
from service.api.metrics import Board, Shared
from service.api.operating import Working
from service.app import create_app
from service.cli.collecting import collecting_seldom
from service.cli.errors import CannotServe
from service.cli.fair_listener import FairListener, Moving
from service.cli.figures import figures_kept
from service.cli.operating import operating
from service.cli.output import console
from service.cli.protocol import DeadlineProtocol
from service.cli.renewing import renewed_beside
from service.cli.shipped_checks import warn_of_shipped
from service.cli.snapshotting import kept_fresh
from service.cli.stopping import GRACE_S, DrainingServer
from service.indexing.following import following
from service.indexing.warming import cheap_to_open, warming
from service.settings import Settings, listed
from service.wiring import Services, SystemClock

# By these a server on one's own machine is addressed.
_OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")


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


def say_where(listener: socket.socket, *, workers: int = 1) -> None:
    """Say where this serves, and from here on let connections wait in line."""
    host, port = listener.getsockname()[:2]
    # The address is true when it is read.
    listener.listen()
    shown = f"[{host}]" if ":" in host else host
    by = f" with {workers} worker processes" if workers > 1 else ""
    console().print(f"Onramp serves http://{shown}:{port}{by} until Ctrl-C.", soft_wrap=True)


class Server:
    """Serves until Ctrl-C or a signal to end; keeps up with the log, with keys and snapshots.

    Args:
        services: what answers.
        listener: where.
        shared: where this process leaves its figures, if it is one of several workers.
        demo_key: the key of the demo's page; with it nobody else needs one, on this machine alone.
    """

    def __init__(
        self,
        services: Services,
        listener: socket.socket,
        *,
        shared: Shared | None = None,
        demo_key: str | None = None,
    ) -> None:
        self._services = services
        self._listener = listener
        app = create_app(
            services,
            edge_of(services.settings, listener, is_demo=demo_key is not None),
            shared=shared,
            page_key=demo_key or _page_key(services.settings),
            is_demo=demo_key is not None,
        )
        self._board: Board = app.state.board
        moving = Moving(app, listener.gives_one_up) if isinstance(listener, FairListener) else app
        self._server = DrainingServer(
            served(moving),
            on_stopping=app.state.readiness.end,
            owns_listener=shared is None,
        )

    def run(self) -> None:
        """Say where, serve, and return when it was told to stop."""
        self.serve(lambda: say_where(self._listener), keeps_snapshots=True)
        console().print("Stopped.")

    def serve(self, on_start: Callable[[], None], *, keeps_snapshots: bool) -> None:
        """Serve, and return when it was told to stop.

        Args:
            on_start: called when requests are about to be taken.
            keeps_snapshots: whether this process sees to it that there is a fresh one, and that
                vectors are of the model that is configured.
        """
        _allow_many_connections()
        with (
            ended_by_sigterm(),
            collecting_seldom(),
            following(self._services.tenants),
            watching(self._services.access.keyring),
            _warming(self._services),
            operating(working(self._services)),
            figures_kept(self._board),
        ):
            on_start()
            if keeps_snapshots:
                warn_of_shipped(self._services.records)
                with kept_fresh(self._services), renewed_beside(self._services):
                    self._server.run(sockets=[self._listener])
            else:
                self._server.run(sockets=[self._listener])


def working(services: Services) -> Working:
    """Return what works on operations: the same services that answer."""
    return Working(services.answers, services.intake, services.operations, services.access)


def served(app: ASGIApp) -> uvicorn.Config:
    """Return how uvicorn serves the application: with deadlines of our own, and quietly."""
    return uvicorn.Config(
        app,
        http=DeadlineProtocol,
        # What it logs goes where all goes; each request has a line of our own.
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
        server_header=False,
        # Whom to believe is a setting of our own; uvicorn believes whoever is on this machine.
        proxy_headers=False,
    )


def edge_of(settings: Settings, listener: socket.socket, *, is_demo: bool = False) -> Edge:
    """Return the bounds of a process that serves on this address."""
    # The demo goes by no name but this machine's own, whatever a service here is called.
    named = () if is_demo else listed(settings.hosts)
    return Edge(
        hosts=named or (*_OWN_NAMES, _as_host(listener.getsockname()[0])),
        proxies=listed(settings.proxies),
        body_s=settings.body_seconds,
        in_flight=settings.in_flight,
        queue=settings.queue,
        queue_s=settings.queue_seconds,
        many_in_flight=settings.bulk_in_flight,
        key_rate=settings.key_rate,
        address_rate=settings.address_rate,
        failure_rate=settings.failure_rate,
        workers=settings.workers,
    )


def _as_host(address: str) -> str:
    plain = address.partition("%")[0]
    return f"[{plain}]" if ":" in plain else plain


def _allow_many_connections() -> None:
    # Each is a file to the system, and 1,024 of them, the usual limit, are soon held by slow ones.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _warming(services: Services) -> AbstractContextManager[None]:
    known = services.access.tenancy.all
    wanted = partial(cheap_to_open, services.records, services.snapshots, known)
    return warming(services.tenants, wanted, SystemClock())


def _page_key(settings: Settings) -> str | None:
    return settings.page_key.get_secret_value() if settings.page_key else None


class _Ended(Exception):
    """The process was told to end."""


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Leave the block, in good order, at SIGTERM or Ctrl-C."""
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    # uvicorn ends in good order, and then sends itself the signal once more.
    except (KeyboardInterrupt, _Ended):
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _Ended


def refuse_others(listener: socket.socket) -> None:
    """Do nothing if the address is this machine's own, and reached from nowhere else.

    Raises:
        CannotServe: if it is not.
    """
    host = str(listener.getsockname()[0])
    if not _is_loopback(host):
        raise CannotServe(
            f"The demo answers without a key, so it serves on this machine alone, and not on "
            f"{host}. Use 127.0.0.1, or `onramp serve` with keys."
        )


def _is_loopback(host: str) -> bool:
    return ipaddress.ip_address(host.partition("%")[0]).is_loopback

"""A server as a user has it: a process of its own over a store, asked over HTTP."""

import http.client
import json
import math
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from service.access import NewKey
from service.domain.access import OPERATOR, Scope
from service.settings import Settings, environment_of
from service.wiring import open_access

HOST = "127.0.0.1"
START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 15
_BETWEEN_TRIES_S = 0.01
_COMPILED = Path(__file__).parents[1] / "build" / "compiled"


class ServerDidNotStart(Exception):
    """The server ended, or was not ready in time; the message has what it said."""


class Server(NamedTuple):
    """A server that is ready.

    Attributes:
        pid: of its process.
        port: on the loopback address.
        ready_s: seconds from the start of the process to the first "ready".
        key: opens everything.
    """

    pid: int
    port: int
    ready_s: float
    key: str


class Reply(NamedTuple):
    """What came back, and how many milliseconds it took."""

    status: int
    body: dict[str, Any]
    ms: float


@contextmanager
def serving(
    python: Path,
    data: Path,
    *,
    settings: Settings | None = None,
    patience_s: float = START_TIMEOUT_S,
) -> Iterator[Server]:
    """Start a server over a store, wait until it is ready, and end it afterwards.

    Args:
        python: of the environment that serves.
        data: the folder of the store.
        settings: those of the server, if not the usual ones.
        patience_s: how long to wait for it.

    Raises:
        ServerDidNotStart: if it ends, or is not ready in time (two minutes unless told).
    """
    port, (key,) = _free_port(), keys_for(data)
    command = [str(python), "-m", "service", "--data", str(data), "serve", "--port", str(port)]
    environment = as_installed(settings or Settings(data=data))
    start = time.perf_counter()
    # A file and no pipe: it logs a line for each request, and nobody reads them.
    with TemporaryFile("w+") as said:
        process = subprocess.Popen(  # noqa: S603 - our own program
            command, env=environment, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            _wait_until_ready(process, port, patience_s, said)
            yield Server(process.pid, port, time.perf_counter() - start, key)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def as_installed(settings: Settings) -> dict[str, str]:
    """Return the environment of a program whose code is compiled, as an install leaves it.

    A checkout on a machine that keeps no compiled code would compile all of it at each start.
    """
    told = environment_of(settings)
    told.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**told, "PYTHONPYCACHEPREFIX": str(_COMPILED)}


class Client:
    """Asks a server on one connection that is kept open."""

    def __init__(self, server: Server, *, patience_s: float = START_TIMEOUT_S) -> None:
        self._connection = http.client.HTTPConnection(HOST, server.port, timeout=patience_s)
        self._key = server.key

    def post(self, path: str, body: dict[str, Any]) -> Reply:
        """Send a JSON object and return the reply; the time ends with its last byte."""
        sent = json.dumps(body)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
        start = time.perf_counter()
        self._connection.request("POST", path, sent, headers)
        response = self._connection.getresponse()
        content = response.read()
        ms = 1000 * (time.perf_counter() - start)
        return Reply(response.status, json.loads(content), ms)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def percentile(values: list[float], share: float) -> float:
    """Return the value that ``share`` of the values do not exceed: the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def keys_for(data: Path, count: int = 1) -> list[str]:
    """Return new keys to a store that open everything."""
    wanted = NewKey(label="a benchmark", scopes=frozenset({Scope.ADMIN}))
    with open_access(Settings(data=data)) as access:
        return [access.keys.create(OPERATOR, wanted).secret for _ in range(count)]


def _wait_until_ready(
    process: subprocess.Popen[bytes], port: int, patience_s: float, said: IO[str]
) -> None:
    deadline = time.perf_counter() + patience_s
    while not _is_ready(port):
        if process.poll() is not None or time.perf_counter() > deadline:
            process.kill()
            process.wait()
            said.seek(0)
            raise ServerDidNotStart(f"The server was never ready. It said: {said.read().strip()}")
        time.sleep(_BETWEEN_TRIES_S)


def _is_ready(port: int) -> bool:
    with closing(http.client.HTTPConnection(HOST, port, timeout=START_TIMEOUT_S)) as connection:
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port

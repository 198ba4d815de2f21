"""Connections that hold without asking, or ask without reading."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from starlette.types import Message, Receive, Scope, Send

from service.cli.protocol import DeadlineProtocol
from tests.builders.served import serving

ANSWER = b"x" * 20_000_000


# The ports of the clients whose connections the server has ended.
ENDED: set[int] = set()


# Connections by the port of their client.
OPEN: dict[int, DeadlineProtocol] = {}


class HastyProtocol(DeadlineProtocol):
    head_s = 0.3
    unread_s = 0.3

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        OPEN[self.client[1] if self.client else 0] = self

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        ENDED.add(self.client[1] if self.client else 0)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"] == "/body":
        while (await receive()).get("more_body"):
            pass
    if scope["path"] in GIVEN_UP:
        give_up_while_something_comes(scope["path"], int(scope["query_string"]))
    body = ANSWER if scope["path"] == "/long" else b"fine"
    start: Message = {"type": "http.response.start", "status": 200, "headers": []}
    await send({**start, "headers": [(b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


GIVEN_UP = ("/give-up", "/kept-long-enough")
COMING, CAME = threading.Event(), threading.Event()


def give_up_while_something_comes(path: str, port: int) -> None:
    """Be busy while a client sends, and then find that its time is over."""
    COMING.set()
    CAME.wait(10)
    if path == "/give-up":
        OPEN[port]._stop_waiting()
        OPEN[port]._give_up()
    else:
        OPEN[port].timeout_keep_alive_handler()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(app, http=HastyProtocol) as found:
        yield found


def talk(port: int, *sent: bytes, pause: float = 0.0) -> bytes:
    """Send the parts with pauses between; return what comes until the other side ends."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        with suppress(ConnectionError):
            for part in sent:
                connection.sendall(part)
                time.sleep(pause)
        return read_to_end(connection)


def read_to_end(connection: socket.socket) -> bytes:
    received = bytearray()
    with suppress(ConnectionError):
        while data := connection.recv(65536):
            received += data
    return bytes(received)


def test_a_request_whose_headers_trickle_is_told_so_and_closed(port: int) -> None:
    trickle = [b"GET / HTTP/1.1\r\n", *(b"X-%d: y\r\n" % each for each in range(4))]

    said = talk(port, *trickle, pause=0.06)

    assert said.startswith(b"HTTP/1.1 408 Request Timeout")
    assert b"application/problem+json" in said


@pytest.mark.parametrize(
    "sent",
    [
        b"no request at all\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nTrick",
    ],
)
def test_what_is_no_request_is_told_so_as_all_problems_are(port: int, sent: bytes) -> None:
    head, _, body = talk(port, sent).partition(b"\r\n\r\n")
    headers = head.lower()
    problem = json.loads(body)

    assert problem["status"] in (400, 408)
    assert head.startswith(b"HTTP/1.1 %d " % problem["status"])
    assert b"content-type: application/problem+json" in headers
    assert b"x-request-id: " + problem["request_id"].encode() in headers
    assert b"x-content-type-options: nosniff" in headers
    assert b"cache-control: no-store" in headers
    assert b"connection: close" in headers


def test_a_chunk_that_is_none_ends_the_connection(port: int) -> None:
    head = b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

    said = talk(port, head, b"not a length\r\n")

    assert said.startswith(b"HTTP/1.1 400 Bad Request")
    assert said.count(b"HTTP/1.1 ") == 1


def test_a_body_whose_length_is_said_in_two_ways_is_the_last_of_its_connection(port: int) -> None:
    head = b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"

    said = talk(port, chunked, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", pause=0.12)

    assert said.count(b"HTTP/1.1 200") == 1
    assert b"connection: close" in said.lower()


def test_a_connection_on_which_nothing_comes_is_closed_without_a_word(port: int) -> None:
    assert talk(port) == b""


def test_the_rest_of_a_body_that_nobody_reads_is_not_waited_for(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n"

    said = talk(port, head, *([b"x"] * 10), pause=0.06)

    assert said.count(b"HTTP/1.1 200") == 1
    assert said.endswith(b"fine")


def is_ended(port: int, *, reads: int) -> bool:
    """Ask for a long answer and read so much of it at a time; return whether the server ends it."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, max(4096, reads))
        own = connection.getsockname()[1]
        ENDED.discard(own)
        connection.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(500):
            if own in ENDED:
                return True
            if reads:
                connection.recv(reads)
            time.sleep(0.02)
    return False


def test_an_answer_that_is_not_read_ends_its_connection(port: int) -> None:
    assert is_ended(port, reads=0)


def test_an_answer_that_is_read_in_drops_ends_its_connection(port: int) -> None:
    assert is_ended(port, reads=8192)


def test_an_honest_client_keeps_its_connection(port: int) -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    body = b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"

    said = talk(port, request, body, b"a", b"b", b"c", request, pause=0.12)

    assert said.count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize("path", GIVEN_UP)
def test_a_request_that_comes_just_when_its_connection_is_given_up_is_served(
    port: int, path: str
) -> None:
    COMING.clear()
    CAME.clear()
    late = socket.create_connection(("127.0.0.1", port), timeout=20)
    late.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    first = b""
    while not first.endswith(b"fine"):
        first += late.recv(65536)
    head = b"GET %s?%d HTTP/1.1\r\nHost: x\r\n\r\n" % (path.encode(), late.getsockname()[1])
    busy = socket.create_connection(("127.0.0.1", port), timeout=20)
    busy.sendall(head)
    COMING.wait(10)
    late.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    CAME.set()

    said = read_to_end(late)
    late.close()
    busy.close()

    assert said.startswith(b"HTTP/1.1 200")
    assert said.endswith(b"fine")


def test_an_honest_client_is_served_beside_many_slow_ones(port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(200)]
    for connection in slow:
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")

    said = talk(port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    ends = [connection.recv(65536) for connection in slow]
    for connection in slow:
        connection.close()

    assert said.startswith(b"HTTP/1.1 200")
    assert all(end.startswith(b"HTTP/1.1 408") for end in ends)

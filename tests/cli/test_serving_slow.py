"""A server that many hold on to without asking anything."""

import json
import resource
import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.builders.command_line import made_key
from tests.builders.running import address_of, running

SLOW = 1_000
PATIENCE_S = 60
STALLED = (
    b"GET /v1/meta HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    b"POST /v1/skills/extract HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b'Content-Length: 900\r\n\r\n{"text": "',
    b"POST /v1/jobs:bulk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n",
)


@contextmanager
def many_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def closed_in_the_end(connections: list[socket.socket]) -> int:
    """Wait until the other side has said something or nothing more; count those that ended."""
    waiting = selectors.DefaultSelector()
    for connection in connections:
        waiting.register(connection, selectors.EVENT_READ)
    ended = 0
    while waiting.get_map() and (ready := waiting.select(PATIENCE_S)):
        for key, _ in ready:
            found = key.fileobj
            if isinstance(found, socket.socket) and not found.recv(65536):
                waiting.unregister(found)
                ended += 1
    waiting.close()
    return ended


@pytest.mark.slow
def test_a_thousand_slow_connections_are_closed_and_the_honest_are_served_meanwhile(
    tmp_path: Path,
) -> None:
    key = made_key(tmp_path)
    with many_files(), running("--data", tmp_path, "serve", "--port", "0") as program:
        port = urlsplit(address_of(program)).port or 0
        slow = [
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) for _ in range(SLOW)
        ]
        for number, connection in enumerate(slow):
            connection.sendall(STALLED[number % len(STALLED)])

        statuses = set()
        for _ in range(20):
            honest = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
            body = json.dumps({"text": "I weld steel pipes."})
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
            honest.request("POST", "/v1/skills/extract", body=body, headers=headers)
            response = honest.getresponse()
            response.read()
            statuses.add(response.status)
            honest.close()
        ended = closed_in_the_end(slow)
        for connection in slow:
            connection.close()

    assert statuses == {200}
    assert ended == SLOW

"""The load generator: what it says of servers that answer, refuse, break off or say nothing."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest

from benchmarks.api import load
from benchmarks.api.load import Answer, Target, at_most, at_rate, served_per_s

Behavior = Callable[[socket.socket], None]


def head(status: str, *more: str, length: int = 4) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {length}", *more]
    return "\r\n".join([*lines, "", ""]).encode()


def answers(connection: socket.socket) -> None:
    while connection.recv(65536):
        connection.sendall(head("200 OK"))
        time.sleep(0.01)
        connection.sendall(b"fine")


def refuses(connection: socket.socket) -> None:
    while connection.recv(65536):
        connection.sendall(head("503 Service Unavailable", "Retry-After: 1") + b"busy")


def says_that_it_is_the_last(connection: socket.socket) -> None:
    if connection.recv(65536):
        connection.sendall(head("200 OK", "Connection: close") + b"fine")
    connection.close()


def breaks_off(connection: socket.socket) -> None:
    if connection.recv(65536):
        connection.sendall(head("200 OK") + b"fi")
    connection.close()


def is_silent(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


@contextmanager
def served_by(behavior: Behavior) -> Iterator[Target]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        conversations: list[Thread] = []

        def talk(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                behavior(connection)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    conversations.append(Thread(target=talk, args=(listener.accept()[0],)))
                    conversations[-1].start()

        accepting = Thread(target=serve)
        accepting.start()
        yield Target(listener.getsockname()[1], "/", ["key"], [b"{}"])
        listener.shutdown(socket.SHUT_RDWR)
        for each in (accepting, *conversations):
            each.join()


@pytest.mark.parametrize(
    ("behavior", "status", "retry_after"),
    [
        (answers, 200, False),
        (refuses, 503, True),
        (says_that_it_is_the_last, 200, False),
        (breaks_off, 0, False),
        (is_silent, -1, False),
    ],
)
def test_each_request_is_told_by_what_became_of_it(
    monkeypatch: pytest.MonkeyPatch, behavior: Behavior, status: int, retry_after: bool
) -> None:
    monkeypatch.setattr(load, "PATIENCE_S", 0.5)
    with served_by(behavior) as target:
        found = at_rate(target, 100, 0.3)

    assert [each.status for each in found] == [status] * 30
    assert {each.has_retry_after for each in found} == {retry_after}
    # Whatever became of those before.
    assert [round(each.due, 2) for each in found] == [number / 100 for number in range(30)]


def test_a_time_is_from_when_a_request_was_due_to_the_last_byte() -> None:
    with served_by(answers) as target:
        found = at_rate(target, 50, 0.2)

    assert min(each.ms for each in found) >= 10


def test_each_client_asks_as_soon_as_it_was_answered() -> None:
    with served_by(answers) as target:
        found = at_most(target, 2, 0.4)

    assert {each.status for each in found} == {200}
    assert len(found) > 10
    assert max(at_once(found, each.due) for each in found) == 2


def at_once(found: list[Answer], moment: float) -> int:
    """Return how many were asked and not answered at a moment."""
    return sum(each.due <= moment < each.due + each.ms / 1000 for each in found)


def test_what_comes_after_the_time_is_over_does_not_count() -> None:
    found = [Answer(0.0, 500.0, 200), Answer(0.9, 200.0, 200), Answer(0.5, 100.0, 503)]

    assert served_per_s(found, 1.0) == 1.0

"""A listener that turns newcomers away still serves those who came before."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from service.cli.newcomers import turn_away_newcomers

_AT_ONCE_S = 0.3
# As linux/socket.h has it: the filter that is there stays.
_SO_LOCK_FILTER = 44


@pytest.fixture(params=[("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)], ids=["v4", "v6"])
def listener(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    host, family = request.param
    try:
        made = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip("this system has no IPv6")
    with made as server:
        server.settimeout(5)
        yield server


def _connected(listener: socket.socket, *, within_s: float = 5) -> socket.socket:
    return socket.create_connection(listener.getsockname()[:2], timeout=within_s)


def _turn_away(listener: socket.socket) -> None:
    if not turn_away_newcomers(listener):
        pytest.skip("this system does not allow a filter on a socket")


def test_who_is_in_line_is_let_in_and_is_heard(listener: socket.socket) -> None:
    with closing(_connected(listener)) as early:
        turn_away_newcomers(listener)
        accepted, _ = listener.accept()

        with closing(accepted):
            early.sendall(b"hello")
            assert accepted.recv(5) == b"hello"
            accepted.sendall(b"welcome")
            assert early.recv(7) == b"welcome"


def test_a_newcomer_is_not_let_in_and_is_refused_once_the_door_is_shut(
    listener: socket.socket,
) -> None:
    _turn_away(listener)
    with pytest.raises(TimeoutError):
        _connected(listener, within_s=_AT_ONCE_S)
    address = listener.getsockname()[:2]
    listener.close()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)


def test_a_system_that_does_not_allow_it_is_said_and_hinders_no_one_from_stopping(
    listener: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    _turn_away(listener)
    listener.setsockopt(socket.SOL_SOCKET, _SO_LOCK_FILTER, 1)

    assert not turn_away_newcomers(listener)

    (said,) = caplog.messages
    assert said == (
        "Newcomers cannot be turned away here: who connects as the door is shut is reset. "
        "(Operation not permitted)"
    )

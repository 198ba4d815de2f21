"""Workers that share a listener have their share of its connections."""

import asyncio
import itertools
import socket
from collections.abc import Iterator, MutableSequence
from contextlib import ExitStack
from functools import partial

import pytest
from starlette.types import Message, Receive, Scope, Send

from service.cli.fair_listener import GONE, FairListener, Moving

CLIENTS = 9


class Keeps(asyncio.Protocol):
    """Keeps its connection."""

    def __init__(self, kept: list[asyncio.BaseTransport]) -> None:
        self._kept = kept

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it."""
        self._kept.append(transport)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def _door(stack: ExitStack, counts: MutableSequence[int], *, now: list[float]) -> FairListener:
    server = socket.create_server(("127.0.0.1", 0))
    server.setblocking(False)
    door = stack.enter_context(FairListener(server, counts, 0, clock=lambda: now[0]))
    door.listen()
    return door


def _connect(stack: ExitStack, door: socket.socket) -> None:
    stack.enter_context(socket.create_connection(door.getsockname()))


def _take(
    stack: ExitStack, door: FairListener, counts: list[int], number: int
) -> list[socket.socket]:
    """Have it take connections while nobody else serves."""
    others, counts[1:] = counts[1:], [GONE] * len(counts[1:])
    taken = []
    for _ in range(number):
        _connect(stack, door)
        taken.append(stack.enter_context(door.accept()[0]))
    counts[1:] = others
    return taken


def _is_left(door: FairListener, *, times: int) -> None:
    for _ in range(times):
        with pytest.raises(BlockingIOError):
            door.accept()


def test_who_has_fewest_takes_the_next_and_a_closed_one_counts_no_longer(stack: ExitStack) -> None:
    counts = [GONE, 1, GONE]
    door = _door(stack, counts, now=[0.0])
    for _ in range(3):
        _connect(stack, door)

    first, _ = door.accept()
    second, _ = door.accept()
    assert counts == [2, 1, GONE]
    with pytest.raises(BlockingIOError):
        door.accept()
    second.close()
    second.close()
    assert counts == [1, 1, GONE]
    third, _ = door.accept()

    for each in (first, third):
        each.close()
    assert counts == [0, 1, GONE]


def test_what_a_stuck_worker_does_not_take_is_taken_after_a_moment_and_then_at_once(
    stack: ExitStack,
) -> None:
    counts, now = [GONE, 0], [0.0]
    door = _door(stack, counts, now=now)
    own = _take(stack, door, counts, 1)
    for _ in range(2):
        _connect(stack, door)
    # Neither often enough nor long enough alone.
    _is_left(door, times=15)
    now[0] = 1.0
    _is_left(door, times=5)

    own += [stack.enter_context(door.accept()[0]) for _ in range(2)]

    assert counts == [3, 0]
    counts[1] = 1
    _connect(stack, door)
    _is_left(door, times=100)
    assert len(own) == counts[0]


def test_what_was_left_to_one_that_took_it_does_not_count_against_it(stack: ExitStack) -> None:
    counts, now = [GONE, 0], [0.0]
    door = _door(stack, counts, now=now)
    _take(stack, door, counts, 3)
    _connect(stack, door)
    _is_left(door, times=100)
    other, _ = socket.socket.accept(door)
    stack.enter_context(other)
    counts[1], now[0] = 1, 1.0
    _connect(stack, door)

    _is_left(door, times=20)


def test_a_worker_has_turns_while_it_serves(stack: ExitStack) -> None:
    counts = [GONE]
    server = socket.create_server(("127.0.0.1", 0))
    door = FairListener(server, counts, 0)
    said = list(counts)

    door.listen()
    (kept,) = _take(stack, door, counts, 1)
    said += counts
    door.close()
    said += counts
    kept.close()

    assert [*said, *counts] == [GONE, 1, GONE, GONE]


def test_who_has_two_more_than_another_ends_one_unless_the_other_is_stuck(
    stack: ExitStack,
) -> None:
    counts, now = [GONE, 0, GONE], [0.0]
    door = _door(stack, counts, now=now)
    own = _take(stack, door, counts, 1)
    says = [door.gives_one_up()]
    own += _take(stack, door, counts, 1)
    # Once it has said so, one of its two is about to close.
    says += [door.gives_one_up(), door.gives_one_up()]
    own.pop().close()
    own += _take(stack, door, counts, 2)
    # The other does not take what is left to it: whoever were sent away would come back.
    _connect(stack, door)
    _is_left(door, times=20)
    now[0] = 0.5
    own.append(stack.enter_context(door.accept()[0]))
    says.append(door.gives_one_up())
    now[0] = 1.5
    says.append(door.gives_one_up())
    counts[1] = 3
    says.append(door.gives_one_up())

    assert says == [False, True, False, False, True, False]
    assert counts == [len(own), 3, GONE]


@pytest.mark.parametrize("is_told", [True, False])
def test_an_answer_ends_its_connection_if_it_is_told_to(is_told: bool) -> None:
    sent: list[Message] = []

    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": b"said"})

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Moving(answer, lambda: is_told)({"type": "http"}, receive, send))

    headers = [(b"a", b"b"), *([(b"connection", b"close")] if is_told else [])]
    assert sent == [
        {"type": "http.response.start", "status": 200, "headers": headers},
        {"type": "http.response.body", "body": b"said"},
    ]


def test_none_that_waits_is_none_to_take(stack: ExitStack) -> None:
    counts = [GONE]
    door = _door(stack, counts, now=[0.0])

    with pytest.raises(BlockingIOError):
        door.accept()

    assert counts == [0]


def test_workers_that_are_all_awake_serve_alike(stack: ExitStack) -> None:
    counts, server = [GONE] * 3, socket.create_server(("127.0.0.1", 0))
    doors = [FairListener(server.dup(), counts, place) for place in range(3)]
    server.close()

    async def run() -> list[int]:
        kept: list[list[asyncio.BaseTransport]] = [[], [], []]
        loop = asyncio.get_running_loop()
        servers = [
            await loop.create_server(partial(Keeps, kept[place]), sock=door)
            for place, door in enumerate(doors)
        ]
        # All of them wait before anybody looks.
        for _ in range(CLIENTS):
            _connect(stack, doors[0])
        async with asyncio.timeout(30):
            while sum(map(len, kept)) < CLIENTS:
                await asyncio.sleep(0.01)
        served = list(counts)
        for server in servers:
            server.close()
        for transport in itertools.chain(*kept):
            transport.close()
        await asyncio.sleep(0)
        return served

    assert asyncio.run(run()) == [CLIENTS // 3] * 3
    assert counts == [GONE] * 3

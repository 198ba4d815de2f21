"""A load generator: requests at their hour, whatever became of those before.

Open loop: who waits for an answer before asking again never sees a queue. Each request's time
begins when it is due, so that what waited because the generator or the server was behind counts.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from typing import Final, NamedTuple

# Beyond it a request counts as one that was never answered.
PATIENCE_S: Final = 15.0
_BATCH_S: Final = 0.002


class Answer(NamedTuple):
    """What became of one request; times in seconds, ``due`` from when the load began.

    ``status`` is 0 where the connection ended before the answer, and -1 where it never came.
    """

    due: float
    ms: float
    status: int
    has_retry_after: bool = False


class Target(NamedTuple):
    """Whom to ask what: each request takes the next key and the next body."""

    port: int
    path: str
    keys: Sequence[str]
    bodies: Sequence[bytes]

    def request(self, number: int) -> bytes:
        """Return one request, byte for byte."""
        body = self.bodies[number % len(self.bodies)]
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Authorization: Bearer {self.keys[number % len(self.keys)]}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def target(port: int, keys: Sequence[str], learners: Sequence[str], *, limit: int = 10) -> Target:
    """Return recommendations for stored learners, by turns."""
    bodies = [json.dumps({"learner": {"id": each}, "limit": limit}).encode() for each in learners]
    return Target(port, "/v1/recommendations/credentials", keys, bodies)


def at_rate(target: Target, rate: float, seconds: float, *, first: int = 0) -> list[Answer]:
    """Ask so many times a second, evenly; return what became of each request.

    Args:
        target: whom to ask what.
        rate: requests a second.
        seconds: for how long.
        first: the number of the first request, so that the next load has other learners.
    """
    return asyncio.run(_at_rate(target, rate, round(rate * seconds), first))


def at_most(target: Target, clients: int, seconds: float, *, first: int = 0) -> list[Answer]:
    """Have so many clients ask without a pause; return what became of each request."""
    return asyncio.run(_at_most(target, clients, seconds, first))


async def _at_rate(target: Target, rate: float, count: int, first: int) -> list[Answer]:
    pool = _Pool(target.port)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    asked: list[asyncio.Task[Answer]] = []
    for number in range(count):
        due = begun + number / rate
        if due - loop.time() > _BATCH_S:
            await asyncio.sleep(due - loop.time())
        request = target.request(first + number)
        asked.append(asyncio.create_task(_ask(pool, request, begun, due)))
    answers = await asyncio.gather(*asked)
    pool.close()
    return list(answers)


async def _at_most(target: Target, clients: int, seconds: float, first: int) -> list[Answer]:
    pool = _Pool(target.port)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    answers: list[Answer] = []

    async def client(number: int) -> None:
        while (due := loop.time()) < begun + seconds:
            answers.append(await _ask(pool, target.request(number), begun, due))
            number += clients

    await asyncio.gather(*(client(first + each) for each in range(clients)))
    pool.close()
    return answers


async def _ask(pool: "_Pool", request: bytes, begun: float, due: float) -> Answer:
    loop = asyncio.get_running_loop()

    def answer(status: int, *, has_retry_after: bool = False) -> Answer:
        return Answer(due - begun, 1000 * (loop.time() - due), status, has_retry_after)

    try:
        async with asyncio.timeout(PATIENCE_S):
            connection = await pool.take()
            status, has_retry_after = await connection.ask(request)
    except TimeoutError:
        return answer(-1)
    except OSError:
        return answer(0)
    if connection.is_open:
        pool.give(connection)
    return answer(status, has_retry_after=has_retry_after)


class _Pool:
    """Connections that are free; who finds none opens one more."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: deque[_Connection] = deque()
        self._all: list[_Connection] = []

    async def take(self) -> "_Connection":
        while self._free:
            connection = self._free.pop()
            if connection.is_open:
                return connection
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(_Connection, "127.0.0.1", self._port)
        self._all.append(made)
        return made

    def give(self, connection: "_Connection") -> None:
        self._free.append(connection)

    def close(self) -> None:
        for each in self._all:
            each.close()


class _Connection(asyncio.Protocol):
    """One connection, one request at a time; reads no more of HTTP than this server speaks."""

    def __init__(self) -> None:
        self.is_open = False
        self._transport: asyncio.Transport | None = None
        self._read = bytearray()
        self._waiting: asyncio.Future[tuple[int, bool]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # of a stream socket
        self.is_open = True

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        if end < 0 or self._waiting is None or self._waiting.done():
            return
        head = bytes(self._read[:end]).lower()
        length = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
        if len(self._read) >= end + 4 + length:
            if b"\r\nconnection: close\r\n" in head + b"\r\n":
                self.close()
            self._waiting.set_result((int(head[9:12]), b"\r\nretry-after:" in head))

    async def ask(self, request: bytes) -> tuple[int, bool]:
        """Send a request; return the answer's status, and whether it says when to come again."""
        if self._transport is None or not self.is_open:
            raise ConnectionResetError
        self._read.clear()
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._waiting
        except BaseException:
            # What comes late must not be taken for the answer to the next request.
            self.close()
            raise

    def close(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()


def served(answers: Sequence[Answer]) -> list[float]:
    """Return the milliseconds of the answers that are what was asked for."""
    return [each.ms for each in answers if each.status == HTTPStatus.OK]


def by_second(answers: Sequence[Answer]) -> Iterator[list[Answer]]:
    """Yield the answers of each second in which requests were due."""
    groups: dict[int, list[Answer]] = {}
    for each in answers:
        groups.setdefault(int(each.due), []).append(each)
    for second in range(max(groups, default=-1) + 1):
        yield groups.get(second, [])


def counted(answers: Sequence[Answer], which: Callable[[Answer], bool]) -> int:
    """Return how many answers are of some sort."""
    return sum(1 for each in answers if which(each))

"""A load generator: requests at their hour, whatever became of those before.

Open loop: who waits for an answer before asking again never sees a queue. Each request's time
begins when it is due, so that what waited because the generator or the server was behind counts.
"""

import json
import select
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from http import HTTPStatus
from itertools import count
from time import monotonic
from typing import Final, NamedTuple

# Beyond it a request counts as one that was never answered.
PATIENCE_S: Final = 15.0
# So often it is looked whether somebody has waited for too long.
_LOOKS_S: Final = 0.1
_MOST_READ: Final = 1 << 18


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
    with closing(_Crew(target)) as crew:
        for number in range(round(rate * seconds)):
            due = number / rate
            # Once at least, so that no connection is taken that the server has ended.
            crew.serve(crew.begun + due)
            while monotonic() < crew.begun + due:
                crew.serve(crew.begun + due)
            crew.ask(first + number, due)
        while crew.busy:
            crew.serve(monotonic() + _LOOKS_S)
    return sorted(crew.answers)


def at_most(target: Target, clients: int, seconds: float, *, first: int = 0) -> list[Answer]:
    """Have so many clients ask without a pause; return what became of each request."""
    numbers = count(first)
    with closing(_Crew(target)) as crew:
        while (now := monotonic() - crew.begun) < seconds or crew.busy:
            if now < seconds and crew.busy < clients:
                crew.ask(next(numbers), now)
            else:
                crew.serve(monotonic() + _LOOKS_S)
    return sorted(crew.answers)


class _Connection:
    """One connection, one request at a time; reads no more of HTTP than this server speaks."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect_ex(("127.0.0.1", port))
        self._unsent = b""
        self._read = bytearray()

    def ask(self, request: bytes) -> bool:
        """Begin to send a request; return whether all of it is sent.

        Raises:
            OSError: if the connection ended.
        """
        self._unsent = request
        self._read.clear()
        return self.send()

    def send(self) -> bool:
        """Send what is left of the request; return whether that was all.

        Raises:
            OSError: if the connection ended.
        """
        # It may not be connected yet.
        with suppress(BlockingIOError):
            self._unsent = self._unsent[self.socket.send(self._unsent) :]
        return not self._unsent

    def read(self) -> "_Read | None":
        """Read what there is; return the answer once all of it is here.

        Raises:
            OSError: if the connection ended.
        """
        part = self.socket.recv(_MOST_READ)
        if not part:
            raise ConnectionResetError
        self._read += part
        end = self._read.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self._read[: end + 2]).lower()
        length = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
        if len(self._read) < end + 4 + length:
            return None
        is_last = b"\r\nconnection: close\r\n" in head
        return _Read(int(head[9:12]), b"\r\nretry-after:" in head, is_last)


class _Read(NamedTuple):
    """What an answer's head says; ``is_last`` if the server ends the connection with it."""

    status: int
    has_retry_after: bool
    is_last: bool


class _Crew:
    """All connections, served by this thread alone.

    No event loop: asyncio takes as long for a request as the server does for a refusal, on the
    same processors.
    """

    def __init__(self, target: Target) -> None:
        self.begun = monotonic()
        self.answers: list[Answer] = []
        self._target = target
        self._events = select.epoll()
        self._all: dict[int, _Connection] = {}
        self._free: list[_Connection] = []
        # Who waits, and since when it was due; the first that was due stands first.
        self._due: dict[_Connection, float] = {}

    @property
    def busy(self) -> int:
        """How many requests wait for an answer."""
        return len(self._due)

    def ask(self, number: int, due: float) -> None:
        """Send a request, on a connection that is free or on a new one.

        Args:
            number: of the request.
            due: seconds from when this began.
        """
        connection = self._free.pop() if self._free else self._connect()
        self._due[connection] = due
        try:
            is_sent = connection.ask(self._target.request(number))
        except OSError:
            self._end(connection, status=0)
            return
        if not is_sent:
            self._events.modify(connection.socket, select.EPOLLIN | select.EPOLLOUT)

    def serve(self, until: float) -> None:
        """Take what comes until a time, or what has come first."""
        # To the microsecond, which epoll by itself is not.
        select.select([self._events], [], [], max(0.0, until - monotonic()))
        for number, what in self._events.poll(0):
            if number in self._all:
                self._take(self._all[number], what)
        while self._due and monotonic() - self.begun - self._first_due() > PATIENCE_S:
            self._end(next(iter(self._due)), status=-1)

    def close(self) -> None:
        """End all connections."""
        for each in self._all.values():
            each.socket.close()
        self._events.close()

    def _first_due(self) -> float:
        return next(iter(self._due.values()))

    def _connect(self) -> _Connection:
        made = _Connection(self._target.port)
        self._all[made.socket.fileno()] = made
        self._events.register(made.socket, select.EPOLLIN)
        return made

    def _take(self, connection: _Connection, what: int) -> None:
        try:
            if what & select.EPOLLOUT and connection.send():
                self._events.modify(connection.socket, select.EPOLLIN)
            read = connection.read() if what & ~select.EPOLLOUT else None
        except OSError:
            self._end(connection, status=0)
            return
        if read is None:
            return
        self._note(connection, read.status, has_retry_after=read.has_retry_after)
        if read.is_last:
            self._end(connection, status=0)
        else:
            self._free.append(connection)

    def _end(self, connection: _Connection, *, status: int) -> None:
        """End a connection; a request that waits on it has this status."""
        del self._all[connection.socket.fileno()]
        connection.socket.close()
        if connection in self._due:
            self._note(connection, status)
        else:
            self._free = [each for each in self._free if each is not connection]

    def _note(self, connection: _Connection, status: int, *, has_retry_after: bool = False) -> None:
        due = self._due.pop(connection)
        ms = 1000 * (monotonic() - self.begun - due)
        self.answers.append(Answer(due, ms, status, has_retry_after))


def served(answers: Sequence[Answer]) -> list[float]:
    """Return the milliseconds of the answers that are what was asked for."""
    return [each.ms for each in answers if each.status == HTTPStatus.OK]


def served_per_s(answers: Sequence[Answer], seconds: float) -> float:
    """Return how many such answers a second came before the time was over.

    Args:
        answers: what became of all that was asked.
        seconds: for how long it was asked; what was still in line then does not count.
    """
    in_time = [each for each in answers if each.due + each.ms / 1000 <= seconds]
    return len(served(in_time)) / seconds


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

"""Admission: so many requests at once, a short line behind them, and a plain refusal beyond."""

import asyncio
from collections import deque

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.edge import Edge
from service.api.errors import Overloaded
from service.api.middleware import MANY, has_body
from service.api.problems import problem_of, respond

# Who asks whether the service lives is answered whatever it is busy with.
EXEMPT = frozenset({"/health/live", "/health/ready", "/metrics"})


class Lane:
    """So many places, and a line of so many who wait for one, each for so long at most.

    Belongs to one event loop. First come, first served.
    """

    def __init__(self, *, places: int, queue: int, wait_s: float) -> None:
        self._free = places
        self._queue = queue
        self._wait_s = wait_s
        self._line: deque[asyncio.Event] = deque()

    @property
    def is_full(self) -> bool:
        """Whether whoever comes now is refused."""
        return not self._free and len(self._line) >= self._queue

    async def enter(self) -> None:
        """Take a place, at once or after those who came before.

        Raises:
            Overloaded: if the line is full, or no place became free in time.
        """
        if self._free:
            self._free -= 1
            return
        if self.is_full:
            raise Overloaded
        turn = asyncio.Event()
        self._line.append(turn)
        try:
            async with asyncio.timeout(self._wait_s):
                await turn.wait()
        except BaseException as error:
            self._give_up(turn)
            if isinstance(error, TimeoutError):
                raise Overloaded from None
            raise

    def leave(self) -> None:
        """Give the place to whoever is first in line."""
        if self._line:
            self._line.popleft().set()
        else:
            self._free += 1

    def _give_up(self, turn: asyncio.Event) -> None:
        if turn in self._line:
            self._line.remove(turn)
        else:
            # The place came in the same moment.
            self.leave()


class Admission:
    """Lets a request in once all of it is here, so that slow senders take no place.

    Bulk and batch requests, each of which is many, have a lane of their own.
    """

    def __init__(self, app: ASGIApp, edge: Edge) -> None:
        self._app = app
        self._one = Lane(places=edge.in_flight, queue=edge.queue, wait_s=edge.queue_s)
        self._many = Lane(
            places=edge.many_in_flight, queue=edge.many_in_flight, wait_s=edge.queue_s
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] in EXEMPT:
            await self._app(scope, receive, send)
            return
        visit = _Visit(self._many if scope["path"].endswith(MANY) else self._one, receive)
        try:
            # A full house is said before a body is read.
            await visit.arrive(whole=not has_body(scope))
            await self._app(scope, visit.receive, send)
        except Overloaded as error:
            await respond(problem_of(error))(scope, receive, send)
        finally:
            visit.leave()


class _Visit:
    """One request's way through a lane."""

    def __init__(self, lane: Lane, receive: Receive) -> None:
        self._lane = lane
        self._receive = receive
        self._is_in = False

    async def arrive(self, *, whole: bool) -> None:
        if self._lane.is_full:
            raise Overloaded
        if whole:
            await self._enter()

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            await self._enter()
        return message

    def leave(self) -> None:
        if self._is_in:
            self._is_in = False
            self._lane.leave()

    async def _enter(self) -> None:
        if not self._is_in:
            await self._lane.enter()
            self._is_in = True

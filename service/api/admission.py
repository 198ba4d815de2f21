"""Admission: so many requests at once, a short line behind them, and a plain refusal beyond."""

import asyncio
from collections.abc import Collection

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.edge import Edge
from service.api.errors import BodyTooLarge, BodyTooSlow, Overloaded
from service.api.lanes import Lane
from service.api.middleware import has_body
from service.api.places import VISIT
from service.api.problems import problem_of, respond
from service.api.reading import Reading

# Who asks whether the service lives is answered whatever it is busy with.
EXEMPT: Collection[str] = frozenset({"/health/live", "/health/ready", "/metrics"})
# Single requests take alike long; what many lines take differs, and says little of the next.
_SURE = 0.5
_ORIGIN = b"origin"


class Lanes:
    """The lanes of one process: one for single requests, one for those with many lines.

    Args:
        edge: how many are worked on at once, and how many more may wait.
        reading: tells which requests have many lines.
    """

    def __init__(self, edge: Edge, reading: Reading) -> None:
        self.one = Lane(places=edge.in_flight, queue=edge.queue, wait_s=edge.queue_s, sure=_SURE)
        self.many = Lane(places=edge.many_in_flight, queue=edge.many_in_flight, wait_s=edge.queue_s)
        self._reading = reading

    def of(self, scope: Scope) -> Lane:
        """Return the lane of a request."""
        return self.many if self._reading.has_lines(scope) else self.one


class FullHouse:
    """Says that the house is full before anything is done for a request: not even who asks counts.

    A refusal has to cost little, since it is what there is most of when too many come. Who names an
    origin is refused further in, at a higher cost, so that a page of another site may read it.
    """

    def __init__(self, app: ASGIApp, *, lanes: Lanes) -> None:
        self._app = app
        self._lanes = lanes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self._is_refused(scope):
            await respond(problem_of(Overloaded()))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_refused(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["path"] in EXEMPT:
            return False
        return self._lanes.of(scope).is_full and not _has_origin(scope)


class Admission:
    """Lets a request in once all of it is here, so that slow senders take no place.

    The body is read here, whether or not the route reads it, so that nothing is worked on
    without a place. Only those with many lines are read by their routes, into a file, and have a
    lane of their own. Of whom nobody knows, what they send to a route that needs a key is not
    read at all.
    """

    def __init__(self, app: ASGIApp, *, lanes: Lanes, reading: Reading) -> None:
        self._app = app
        self._reading = reading
        self._lanes = lanes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] in EXEMPT:
            await self._app(scope, receive, send)
            return
        lane = self._lanes.of(scope)
        visit = _Visit(lane, receive)
        scope.setdefault("state", {})[VISIT] = visit
        try:
            # A full house is said before a body is read.
            visit.look()
            if lane is self._lanes.many and has_body(scope):
                await self._app(scope, visit.receive, send)
            else:
                body = await visit.whole() if self._is_read(scope) else receive
                await visit.enter()
                await self._app(scope, body, send)
        except (Overloaded, BodyTooLarge, BodyTooSlow) as error:
            await respond(problem_of(error))(scope, receive, send)
        finally:
            visit.leave()

    def _is_read(self, scope: Scope) -> bool:
        is_known = scope.get("state", {}).get("principal") is not None
        return has_body(scope) and (is_known or self._reading.is_public(scope))


def _has_origin(scope: Scope) -> bool:
    return any(name == _ORIGIN for name, _ in scope["headers"])


class _Visit:
    """One request's way through a lane."""

    def __init__(self, lane: Lane, receive: Receive) -> None:
        self._lane = lane
        self._receive = receive
        self._since: float | None = None

    def look(self) -> None:
        if self._lane.is_full:
            raise Overloaded

    async def enter(self) -> None:
        if self._since is None:
            await self._lane.enter()
            self._since = asyncio.get_running_loop().time()

    async def receive(self) -> Message:
        """Enter with the end of the body, which the route reads."""
        message = await self._receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            await self.enter()
        return message

    async def whole(self) -> Receive:
        """Read the body; return what gives it to the route.

        Raises:
            ClientDisconnect: if whoever sends it goes away.
        """
        body = bytearray()
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            body += message.get("body", b"")
            more = message.get("more_body", False)
        parts = [bytes(body)]

        async def receive() -> Message:
            if parts:
                return {"type": "http.request", "body": parts.pop(), "more_body": False}
            return await self._receive()

        return receive

    def step_aside(self) -> bool:
        """Leave, and tell whether there was a place to leave; the stay says nothing of others."""
        if self._since is None:
            return False
        self._since = None
        self._lane.leave()
        return True

    def leave(self) -> None:
        if self._since is not None:
            stayed_s = asyncio.get_running_loop().time() - self._since
            self._since = None
            self._lane.leave(stayed_s=stayed_s)

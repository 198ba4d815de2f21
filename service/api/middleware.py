"""What stands around every request: bounds on the body, and an answer to what nobody foresaw."""

import asyncio
from collections.abc import Callable

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.edge import Edge
from service.api.errors import BodyTooLarge, BodyTooSlow, Overloaded
from service.api.problems import problem_of, respond, unexpected
from service.api.reading import Reading

QUESTION_LIMIT = 256_000
BODY_LIMIT = 1_000_000
BULK_LIMIT = 64_000_000
# Slower lines than 2 Mbit/s are not waited for once the first seconds are over.
BYTES_PER_SECOND = 250_000


class BodyLimit:
    """Refuses a body that is too long or too slow, by its declared length or while it comes in.

    It also refuses what all requests at work together hold too much of.
    """

    def __init__(self, app: ASGIApp, *, edge: Edge, reading: Reading) -> None:
        self._app = app
        self._reading = reading
        self._body_s = edge.body_s
        self._most_held = edge.body_bytes
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope)
        if _declared_length(scope) > limit:
            await respond(problem_of(BodyTooLarge(limit)))(scope, receive, send)
            return
        if not has_body(scope):
            await self._app(scope, receive, send)
            return
        held = 0

        def hold(count: int) -> None:
            nonlocal held
            held += count
            self._held += count
            if self._held > self._most_held:
                raise Overloaded

        try:
            await self._app(scope, _bounded(receive, limit, self._body_s, hold), send)
        finally:
            self._held -= held

    def _limit(self, scope: Scope) -> int:
        if self._reading.has_lines(scope):
            return BULK_LIMIT
        return BODY_LIMIT if scope["method"] == "PUT" else QUESTION_LIMIT


class Unexpected:
    """Answers an error that nobody foresaw, so that the connection lives on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = False

        async def noting_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        except ClientDisconnect:
            # Nobody is there any more to be told anything.
            return
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            await unexpected(error)(scope, receive, send)


def has_body(scope: Scope) -> bool:
    """Whether the request declares a body that has still to be read."""
    names = {name for name, _ in scope["headers"]}
    return b"transfer-encoding" in names or _declared_length(scope) > 0


def _declared_length(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


def _bounded(receive: Receive, limit: int, body_s: float, hold: Callable[[int], None]) -> Receive:
    received = 0
    more = True
    loop = asyncio.get_running_loop()
    begun = loop.time()

    async def counting_receive() -> Message:
        nonlocal received, more
        if not more:
            return await receive()
        try:
            async with asyncio.timeout_at(begun + body_s + received / BYTES_PER_SECOND):
                message = await receive()
        except TimeoutError:
            raise BodyTooSlow(body_s) from None
        more = message.get("more_body", False)
        count = len(message.get("body", b""))
        received += count
        if received > limit:
            raise BodyTooLarge(limit)
        hold(count)
        return message

    return counting_receive

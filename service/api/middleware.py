"""What stands around every request: a bound on the body, and an answer to what nobody foresaw."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.errors import BodyTooLarge
from service.api.problems import problem_of, respond, unexpected

BODY_LIMIT = 1_000_000
BULK_LIMIT = 64_000_000
MANY = (":bulk", ":batch")


class BodyLimit:
    """Refuses a body that is too long, by its declared length or while it comes in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = BULK_LIMIT if scope["path"].endswith(MANY) else BODY_LIMIT
        if _declared_length(scope) > limit:
            await respond(problem_of(BodyTooLarge(limit)))(scope, receive, send)
            return
        await self._app(scope, _bounded(receive, limit), send)


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
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            await unexpected(error)(scope, receive, send)


def _declared_length(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


def _bounded(receive: Receive, limit: int) -> Receive:
    received = 0

    async def counting_receive() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise BodyTooLarge(limit)
        return message

    return counting_receive

"""What a request is for: RFC 9112 lets it name the whole address, and HEAD stand for GET."""

from typing import Final
from urllib.parse import unquote, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_WHOLE: Final = (b"http://", b"https://")
_HOST: Final = b"host"


class Targets:
    """Reads a target in absolute form (RFC 9112, 3.2.2) as the path that it is for.

    Its host counts, and not the header's.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope.get("raw_path", b"").lower().startswith(_WHOLE):
            _shorten(scope)
        await self._app(scope, receive, send)


class Heads:
    """Answers HEAD as GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        inner = {**scope, "method": "GET"}
        try:
            await self._app(inner, receive, without_body)
        finally:
            # By it the request is counted.
            if "route" in inner:
                scope["route"] = inner["route"]


def _shorten(scope: Scope) -> None:
    try:
        whole = urlsplit(scope["raw_path"].decode("ascii"))
    except ValueError:
        # Such as half an IPv6 address: there is nothing at that path.
        return
    path = whole.path or "/"
    scope["path"], scope["raw_path"] = unquote(path), path.encode("ascii")
    others = [each for each in scope["headers"] if each[0] != _HOST]
    scope["headers"] = [(_HOST, whole.netloc.encode("ascii")), *others]

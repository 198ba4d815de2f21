"""Every request observed: an id that goes with it, a line in the log and figures at its end."""

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.metrics import RequestFigures
from service.logs import RequestNote, during

REQUEST_ID_HEADER = b"x-request-id"
NO_ROUTE: Final = "none"
"""Stands for a path that no route serves: the path itself is whatever somebody typed."""

# Asked every few seconds by machines; a line for each would hide those of people.
_QUIET: Final = frozenset({"/health/live", "/health/ready", "/metrics"})
_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
# nginx's number for a client that went away before it was answered.
_GONE: Final = 499
_FIRST_FAILURE: Final = 500
_FIRST_REFUSAL: Final = 400

logger = logging.getLogger(__name__)


class Observed:
    """Observes each request, from outside of everything else, so that nothing goes unseen."""

    def __init__(self, app: ASGIApp, *, figures: RequestFigures, new_id: Callable[[], str]) -> None:
        self._app = app
        self._figures = figures
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        note = RequestNote.of(dict(scope["headers"]), new_id=self._new_id)
        # One that inner layers may fill, also where they are given a copy of the scope.
        scope.setdefault("state", {})
        started = perf_counter()
        status = _GONE

        async def noting_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                named = (REQUEST_ID_HEADER, note.id.encode())
                message = {**message, "headers": [*message.get("headers", ()), named]}
            await send(message)

        with during(note), self._figures.in_flight():
            try:
                await self._app(scope, receive, noting_send)
            finally:
                self._tell(scope, note, status, perf_counter() - started)

    def _tell(self, scope: Scope, note: RequestNote, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", NO_ROUTE)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._figures.count(route, method, status, seconds)
        level = _level(route, status)
        if logger.isEnabledFor(level):
            said = {"method": method, "route": route, "status": status}
            logger.log(level, "request", extra=said | _extra(scope, note, seconds))


def _level(route: str, status: int) -> int:
    if status >= _FIRST_FAILURE:
        return logging.WARNING
    return logging.DEBUG if route in _QUIET and status < _FIRST_REFUSAL else logging.INFO


def _extra(scope: Scope, note: RequestNote, seconds: float) -> dict[str, Any]:
    principal = scope["state"].get("principal")
    return {
        "request_id": note.id,
        "trace_id": note.trace_id,
        "duration_ms": round(seconds * 1000, 2),
        "tenant": principal and principal.tenant,
        "principal": principal and principal.id,
        "problem": note.problem,
    }

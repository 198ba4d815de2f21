"""By which names the service answers: a page of another site must not reach it by its own."""

from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.edge import Edge
from service.api.errors import UnknownHost
from service.api.problems import problem_of, respond

_ANY_NAME = frozenset({"/health/live", "/health/ready"})
_HOST = b"host"


class TrustedHosts:
    """Refuses requests to another name than the service's own, but for those after its health."""

    def __init__(self, app: ASGIApp, edge: Edge) -> None:
        self._app = app
        self._names = frozenset(each.lower() for each in edge.hosts if not each.startswith("*."))
        self._endings = tuple(each[1:].lower() for each in edge.hosts if each.startswith("*."))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and not self._is_trusted(scope):
            await respond(problem_of(UnknownHost()))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_trusted(self, scope: Scope) -> bool:
        if not (self._names or self._endings) or scope["path"] in _ANY_NAME:
            return True
        given = [value for name, value in scope["headers"] if name == _HOST]
        name = name_in(given[0].decode("latin-1")) if len(given) == 1 else ""
        return name in self._names or (bool(self._endings) and name.endswith(self._endings))


def name_in(host: str) -> str:
    """Return the name or address in a ``Host`` header, without its port and in lower case.

    An IPv6 address keeps its brackets. What is no such header gives an empty text.
    """
    name, colon, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if not colon:
        name = host
    if (colon and port and not port.isdecimal()) or any(char in name for char in "@/ \t?#\\"):
        return ""
    return name.lower().removesuffix(".")

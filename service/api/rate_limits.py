"""Limits on how often: by key, by address for what is public, and on failed sign-ins."""

import ipaddress
from collections.abc import Sequence
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.admission import EXEMPT
from service.api.edge import Edge
from service.api.errors import TooManyRequests
from service.api.problems import problem_of, respond
from service.api.windows import Taken, Windows
from service.domain.access import Principal, PrincipalKind

# Who has one IPv6 address has 2^64 of them.
_NETWORK_BITS = 64
_KEY = b"authorization"


class KeyLimit:
    """Limits each key, and tells with each of its answers what is left.

    Stands inside of what finds out who calls, which puts a ``Principal`` into the request's
    state. The demo's is not limited. A publishable key, and whoever sends none, is limited by
    address.
    """

    def __init__(self, app: ASGIApp, *, edge: Edge) -> None:
        self._app = app
        self._keys = _windows(edge, edge.key_rate)
        self._addresses = _windows(edge, edge.address_rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        taken = self._take(scope)
        if not taken:
            await self._app(scope, receive, send)
            return
        tightest = min(taken, key=lambda each: (each.allowed, each.remaining))
        telling = _telling(send, tightest)
        if tightest.allowed:
            await self._app(scope, receive, telling)
        else:
            error = TooManyRequests(tightest.limit, tightest.reset_s)
            await respond(problem_of(error), headers=error.headers)(scope, receive, telling)

    def _take(self, scope: Scope) -> Sequence[Taken]:
        caller: Principal | None = scope.get("state", {}).get("principal")
        if scope["type"] != "http" or scope["path"] in EXEMPT:
            return ()
        if caller is not None and caller.kind is PrincipalKind.DEMO:
            return ()
        taken = []
        if self._keys and caller is not None:
            taken.append(self._keys.take((caller.tenant, caller.id)))
        if self._addresses and (caller is None or caller.kind is PrincipalKind.PUBLISHABLE):
            taken.append(self._addresses.take(address_of(scope)))
        return taken


class Failures:
    """Counts the sign-ins that fail, by address."""

    def __init__(self, edge: Edge) -> None:
        self._windows = _windows(edge, edge.failure_rate)

    def refused(self, scope: Scope) -> TooManyRequests | None:
        """Note that a sign-in failed; return what is said if there were too many."""
        if self._windows is None:
            return None
        taken = self._windows.take(address_of(scope))
        if taken.allowed:
            return None
        return TooManyRequests(taken.limit, taken.reset_s, what="failed sign-ins")


class FailureLimit:
    """Answers 429 in place of 401 where too many sign-ins of an address have failed in a minute.

    Stands inside of what finds out who calls: whoever has a key that is valid is served, whatever
    others have tried from the same address. Who sends no key has tried none. The page to sign in
    counts its own.
    """

    def __init__(self, app: ASGIApp, *, failures: Failures) -> None:
        self._app = app
        self._failures = failures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not _is_a_try(scope):
            await self._app(scope, receive, send)
            return
        refused: TooManyRequests | None = None

        async def judging_send(message: Message) -> None:
            nonlocal refused
            if message.get("status") == HTTPStatus.UNAUTHORIZED:
                refused = self._failures.refused(scope)
            if refused is None:
                await send(message)

        await self._app(scope, receive, judging_send)
        if refused is not None:
            await respond(problem_of(refused), headers=refused.headers)(scope, receive, send)


def _is_a_try(scope: Scope) -> bool:
    return any(name == _KEY for name, _ in scope["headers"])


def address_of(scope: Scope) -> str:
    """Return whose address it is: of IPv6 the network, since each has a whole one."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False))
    return str(address)


def _windows(edge: Edge, rate: int) -> Windows | None:
    return Windows(edge.share(rate)) if rate else None


def _telling(send: Send, taken: Taken) -> Send:
    async def send_with_limits(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["RateLimit-Limit"] = str(taken.limit)
            headers["RateLimit-Remaining"] = str(taken.remaining)
            headers["RateLimit-Reset"] = str(taken.reset_s)
        await send(message)

    return send_with_limits

"""Who calls: told from the key of each request, before it is known what is asked for."""

import ipaddress
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final, NamedTuple

from fastapi import FastAPI, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access import COOKIE, CSRF_HEADER, Access, MalformedKey, UnknownKey
from service.answers import Answers
from service.api.errors import Forbidden, Misdirected, Unauthenticated
from service.api.needs import needs_of_match
from service.api.problems import problem_of, respond
from service.domain.access import DEMO_PRINCIPAL, Principal
from service.domain.key import Key
from service.errors import OnrampError

_EXPOSED: Final = (
    "ETag, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-Request-Id"
)
_TAKEN: Final = "Authorization, Content-Type"
_PREFLIGHT_S: Final = 600
_SAFE: Final = ("GET", "HEAD", "OPTIONS")
# No key has a dot.
_DOTS_OF_A_TOKEN: Final = 2


class Caller(NamedTuple):
    """Who calls, or why nobody known does.

    Attributes:
        shares_with: the origin of the page that may read the answer.
    """

    principal: Principal | None
    refusal: OnrampError | None
    shares_with: str | None


class Authenticate:
    """Puts who calls into the request's state: ``principal``, or else ``refusal``.

    It refuses nothing itself; the route that the request is for says what it needs. It answers
    preflights, and tells browsers which pages may read an answer.

    Args:
        app: what is inside.
        routes: the application, whose routes are matched for a preflight.
        access: knows the keys.
        answers: has the executor on which a look into the store does not hold up others.
        is_demo: whether whoever sends no key is somebody, on this machine alone.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        routes: FastAPI,
        access: Access,
        answers: Answers,
        is_demo: bool = False,
    ) -> None:
        self._app = app
        self._routes = routes
        self._keyring = access.keyring
        self._tokens = access.tokens
        self._sessions = access.sessions
        self._run = answers.run
        self._is_demo = is_demo

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if self._is_demo and not _names_this_machine(headers.getlist("host")):
            await respond(problem_of(Misdirected()))(scope, receive, send)
            return
        sent, cookie = headers.getlist("authorization"), _cookie(headers)
        origin = headers.get("origin")
        # Whoever brings nothing, such as a check of health, need not wait for the store.
        problem = await self._refreshed() if sent or cookie or origin else None
        preflight = self._preflight(scope, headers, origin) if origin else None
        if preflight is not None:
            await preflight(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        if cookie is not None and not sent and problem is None:
            caller = await self._signed_in(cookie, scope["method"], headers)
            state["by_session"] = caller.principal is not None
        else:
            caller = self._caller(sent, origin, is_ours=_is_page_of_ours(headers))
        if caller.principal is not None and problem is None:
            state["principal"] = caller.principal
        else:
            state["refusal"] = problem or caller.refusal
        await self._app(scope, receive, _sharing(send, caller) if origin else send)

    async def _refreshed(self) -> OnrampError | None:
        """See to it that what is known of keys is young; return what keeps it from being so."""
        if self._keyring.is_fresh:
            return None
        try:
            await self._run(self._keyring.look)
        except OnrampError as error:
            return error
        return None

    def _caller(self, sent: Sequence[str], origin: str | None, *, is_ours: bool = False) -> Caller:
        if not sent:
            demo = DEMO_PRINCIPAL if self._is_demo else None
            return Caller(demo, None, self._known_origin(origin))
        try:
            return self._known(_bearer(sent), origin, is_ours=is_ours)
        except (MalformedKey, UnknownKey) as error:
            refusal = Unauthenticated(str(error), was_tried=True)
            return Caller(None, refusal, self._known_origin(origin))
        except OnrampError as error:
            return Caller(None, error, None)

    async def _signed_in(self, cookie: str, method: str, headers: Headers) -> Caller:
        """Return who signed in on the page; what changes something must come from the page."""
        try:
            owner = await self._run(self._sessions.owner_of, cookie)
        except UnknownKey:
            return self._caller((), None)
        except OnrampError as error:
            return Caller(None, error, None)
        sent = headers.get(CSRF_HEADER, "")
        if method not in _SAFE and not self._sessions.is_csrf(cookie, sent):
            reason = (
                f"This was not sent by the page: the header {CSRF_HEADER} is not the session's."
            )
            return Caller(None, Forbidden(reason), None)
        return Caller(owner, None, None)

    def _known(self, text: str, origin: str | None, *, is_ours: bool) -> Caller:
        if self._tokens is not None and text.count(".") == _DOTS_OF_A_TOKEN:
            return Caller(self._tokens.principal_of(text), None, None)
        key = self._keyring.key_of(text)
        if not key.principal.is_anonymous:
            return Caller(key.principal, None, None)
        if not is_ours and origin not in key.origins:
            return Caller(None, _wrong_page(key, origin), None)
        return Caller(key.principal, None, origin)

    def _known_origin(self, origin: str | None) -> str | None:
        # So that a page whose key was revoked can read that it was.
        return origin if origin and self._keyring.allows(origin) else None

    def _preflight(self, scope: Scope, headers: Headers, origin: str) -> Response | None:
        """Return the answer to a browser that asks whether a page may ask; none to all others."""
        method = headers.get("access-control-request-method")
        if scope["method"] != "OPTIONS" or not method:
            return None
        needs = needs_of_match(self._routes, {**scope, "method": method})
        if needs is None or not needs.publishable or not self._keyring.allows(origin):
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Vary": "Origin"})
        allowed = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": method,
            "Access-Control-Allow-Headers": _TAKEN,
            "Access-Control-Max-Age": str(_PREFLIGHT_S),
            "Vary": "Origin",
        }
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=allowed)


def _is_page_of_ours(headers: Headers) -> bool:
    """Tell whether a browser says that a page of this server asks.

    Such a page is in no other's frame, but for the widget's, which the key's origins may frame.
    """
    return headers.get("sec-fetch-site") == "same-origin"


def _cookie(headers: Headers) -> str | None:
    return cookie_parser(headers["cookie"]).get(COOKIE) if "cookie" in headers else None


def _bearer(sent: Sequence[str]) -> str:
    scheme, _, token = sent[0].partition(" ")
    if len(sent) > 1 or scheme.lower() != "bearer":
        raise MalformedKey("Send one header `Authorization: Bearer` with a key.")
    return token.strip()


def _wrong_page(key: Key, origin: str | None) -> Forbidden:
    page = "a request without the header Origin" if origin is None else f"the page {origin[:200]!r}"
    return Forbidden(f"The key {key.id} is not for {page}; it names the origins that it is for.")


def _sharing(send: Send, caller: Caller) -> Send:
    async def sharing_send(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.add_vary_header("Origin")
            if caller.shares_with is not None:
                headers["Access-Control-Allow-Origin"] = caller.shares_with
                headers["Access-Control-Expose-Headers"] = _EXPOSED
        await send(message)

    return sharing_send


def _names_this_machine(hosts: Sequence[str]) -> bool:
    """Tell whether a request names loopback: a foreign name that leads here is a trap."""
    if len(hosts) != 1:
        return False
    name, colon, port = hosts[0].rpartition(":")
    host = name if colon and port.isdecimal() else hosts[0]
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False

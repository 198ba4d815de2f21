"""Signing in on the page: a key is typed once, and from then on a cookie stands for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.types import Scope

from service.access import COOKIE, MalformedKey, Sessions, SignOn, SignOnFailed, UnknownKey
from service.access.sessions import NewSession
from service.access.sign_on import LASTS_S, SIGN_ON_COOKIE
from service.pages.assets_served import ASSET_FOLDER, HEADERS
from service.pages.who import viewer_of
from service.pages.work import NAMES

Run = Callable[..., Awaitable[Any]]

_PAGE: Final = (ASSET_FOLDER / "login.html").read_text(encoding="utf-8")
_PLACE: Final = "<!-- what went wrong -->"
_WHERE_TO: Final = "<!-- where to -->"
_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST: Final = 2000
_OWN_NAMES: Final = ("localhost", "127.0.0.1", "::1")
_WRONG: Final = "This is no key, or one that is not valid here."
_OTHER_WAY: Final = "<!-- another way in -->"
_SIGN_ON_LINK: Final = (
    '<p><a class="button" href="login/sign-on">Sign in with your institution\'s account</a></p>'
)
_SIGN_ON_PATH: Final = "/login"
_ASKED_AT_ONCE: Final = 4
_NOT_SIGNED_IN: Final = "Signing in with your institution's account did not work. Try it again."
_FOREIGN: Final = "The form was not sent by this page. Open it anew, and sign in there."
_TOO_OFTEN: Final = "Too many attempts. Wait a minute, and try again."

logger = logging.getLogger(__name__)


class TooOften(Protocol):
    """Says that there were too many attempts, and when to go on."""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that say it."""
        ...


Failed = Callable[[Scope], TooOften | None]


def sign_in_router(
    sessions: Sessions, run: Run, failed: Failed, sign_on: SignOn | None = None
) -> APIRouter:
    """Return the routes to sign in and out.

    Args:
        sessions: opens and ends sessions.
        run: calls a blocking function without holding up others.
        failed: told of each attempt that failed; returns what is said if there were too many.
        sign_on: the institution's own sign-in service; none if there is none.
    """
    router = APIRouter(include_in_schema=False)
    page = _Page(failed, has_sign_on=sign_on is not None)
    _add_sign_in(router, sessions, run, page)
    if sign_on is not None:
        _add_sign_on(router, sign_on, run, page)
    _add_sign_out(router, sessions, run, page)
    return router


def _add_sign_in(router: APIRouter, sessions: Sessions, run: Run, page: "_Page") -> None:
    @router.get("/login")
    async def form(request: Request) -> Response:
        return page.shown(to=_own_page(request.query_params.get("next", "")))

    @router.post("/login")
    async def sign_in(request: Request) -> Response:
        if not _is_own(request):
            return page.shown(_FOREIGN, HTTPStatus.FORBIDDEN)
        key, to = await _filled_in(request)
        try:
            opened = await run(sessions.open, key)
        except (MalformedKey, UnknownKey):
            return page.failed(request, _WRONG, to=to)
        return _signed_in(request, opened, f"./{to}")


class _Outside:
    """Asks the institution's service on threads of their own, few at once.

    It may take long to answer, and anybody may come back from it.
    """

    def __init__(self) -> None:
        self._free = _ASKED_AT_ONCE

    async def run(self, function: Callable[[], NewSession]) -> NewSession:
        """Call a blocking function.

        Raises:
            SignOnFailed: if too many are being called; and what the function raises.
        """
        if not self._free:
            raise SignOnFailed("Too many sign in at once.")
        self._free -= 1
        try:
            return await asyncio.to_thread(function)
        finally:
            self._free += 1


def _add_sign_on(router: APIRouter, sign_on: SignOn, run: Run, page: "_Page") -> None:
    outside = _Outside()

    @router.get("/login/sign-on")
    async def leave(request: Request) -> Response:
        """Send somebody to the institution's own service."""
        leaving = await run(sign_on.leave)
        answer = RedirectResponse(leaving.url, status_code=HTTPStatus.SEE_OTHER)
        answer.headers["Cache-Control"] = "no-store"
        answer.set_cookie(
            SIGN_ON_COOKIE,
            leaving.cookie,
            max_age=LASTS_S,
            path=_SIGN_ON_PATH,
            httponly=True,
            # They come back from another site.
            samesite="lax",
            secure=request.url.hostname not in _OWN_NAMES,
        )
        return answer

    @router.get("/login/callback")
    async def come_back(request: Request, state: str = "", code: str = "") -> Response:
        """Open a session for somebody who comes back as one who signed in."""
        cookie = request.cookies.get(SIGN_ON_COOKIE, "")
        try:
            if not cookie or not code:
                raise SignOnFailed("There is no code, or nobody left from here.")
            opened = await outside.run(partial(sign_on.come_back, cookie, state=state, code=code))
            answer = _signed_in(request, opened, "../")
        except SignOnFailed as error:
            logger.warning("a sign-in did not come about: %s", type(error).__name__)
            answer = page.failed(request, _NOT_SIGNED_IN, base="../")
        answer.delete_cookie(SIGN_ON_COOKIE, path=_SIGN_ON_PATH, httponly=True, samesite="lax")
        return answer


def _add_sign_out(router: APIRouter, sessions: Sessions, run: Run, page: "_Page") -> None:
    @router.post("/logout")
    async def sign_out(request: Request) -> Response:
        if not _is_own(request):
            return page.shown(_FOREIGN, HTTPStatus.FORBIDDEN)
        if text := request.cookies.get(COOKIE):
            await run(sessions.end, text)
        answer = RedirectResponse("login", status_code=HTTPStatus.SEE_OTHER)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    @router.get("/session")
    async def session(request: Request) -> Response:
        """Return what the page sends with whatever it asks, and for which employer, if any."""
        text = request.cookies.get(COOKIE)
        viewer = viewer_of(request)
        known = viewer is not None and request.scope.get("state", {}).get("by_session", False)
        told = {
            "csrf": sessions.csrf(text) if known and text else None,
            "party": viewer.party if known and viewer else None,
        }
        return JSONResponse(told, headers={"Cache-Control": "no-store"})


class _Page:
    """The page to sign in, with a way to the institution's own service where there is one."""

    def __init__(self, failed: Failed, *, has_sign_on: bool) -> None:
        self._failed = failed
        self._html = _PAGE.replace(_OTHER_WAY, _SIGN_ON_LINK if has_sign_on else "")

    def shown(
        self,
        problem: str = "",
        status: HTTPStatus = HTTPStatus.OK,
        *,
        base: str = "",
        to: str = "",
    ) -> Response:
        """Return the page.

        Args:
            problem: what went wrong.
            status: of the answer.
            base: leads from the path of the request to that of the page.
            to: the page of ours to go to from there.
        """
        told = f'<p class="notice alert" role="alert">{problem}</p>' if problem else ""
        headers = {**HEADERS, "Cache-Control": "no-store"}
        where_to = f'<input type="hidden" name="next" value="{to}">' if to else ""
        content = self._html.replace(_PLACE, told).replace(_WHERE_TO, where_to)
        for attribute in ("href", "src", "action") if base else ():
            content = content.replace(f'{attribute}="', f'{attribute}="{base}')
        return Response(content, status_code=status, media_type="text/html", headers=headers)

    def failed(self, request: Request, problem: str, *, base: str = "", to: str = "") -> Response:
        """Return the page after an attempt that failed, which counts."""
        refused = self._failed(request.scope)
        if refused is None:
            return self.shown(problem, HTTPStatus.UNAUTHORIZED, base=base, to=to)
        answer = self.shown(_TOO_OFTEN, HTTPStatus.TOO_MANY_REQUESTS, base=base, to=to)
        answer.headers.update(refused.headers)
        return answer


async def _filled_in(request: Request) -> tuple[str, str]:
    """Return the key of a form, empty if there is none, and the page to go to from there."""
    body = await request.body()
    if not request.headers.get("content-type", "").startswith(_FORM) or len(body) > _LONGEST:
        return "", ""
    fields = parse_qs(body.decode("latin-1"), max_num_fields=4)
    return fields.get("key", [""])[0].strip(), _own_page(fields.get("next", [""])[0])


def _own_page(name: str) -> str:
    """Return the name of a page of ours; whatever else was asked for is the first page."""
    return name if name in NAMES else ""


def _signed_in(request: Request, opened: NewSession, where: str) -> Response:
    # 303: the key is not sent again where the reader goes back or reloads.
    answer = RedirectResponse(where, status_code=HTTPStatus.SEE_OTHER)
    answer.headers["Cache-Control"] = "no-store"
    answer.set_cookie(
        COOKIE,
        opened.text,
        max_age=int(opened.lifetime.total_seconds()),
        httponly=True,
        samesite="strict",
        # Elsewhere than on the machine itself a cookie goes over TLS alone.
        secure=request.url.hostname not in _OWN_NAMES,
    )
    return answer


def _is_own(request: Request) -> bool:
    """Tell whether a form comes from this very site; browsers say so of every form."""
    origin = request.headers.get("origin", "")
    return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()

"""Signing in on the page: a key is typed once, and from then on a cookie stands for it."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.types import Scope

from service.access import COOKIE, MalformedKey, Sessions, UnknownKey
from service.access.sessions import LIFETIME, NewSession
from service.pages.assets_served import ASSET_FOLDER, HEADERS
from service.pages.work import NAMES

Run = Callable[..., Awaitable[Any]]

_PAGE: Final = (ASSET_FOLDER / "login.html").read_text(encoding="utf-8")
_PLACE: Final = "<!-- what went wrong -->"
_WHERE_TO: Final = "<!-- where to -->"
_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST: Final = 2000
_OWN_NAMES: Final = ("localhost", "127.0.0.1", "::1")
_WRONG: Final = "This is no key, or one that is not valid here."
_FOREIGN: Final = "The form was not sent by this page. Open it anew, and sign in there."
_TOO_OFTEN: Final = "Too many attempts. Wait a minute, and try again."


class TooOften(Protocol):
    """Says that there were too many attempts, and when to go on."""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that say it."""
        ...


Failed = Callable[[Scope], TooOften | None]


def sign_in_router(sessions: Sessions, run: Run, failed: Failed) -> APIRouter:
    """Return the routes to sign in and out.

    Args:
        sessions: opens and ends sessions.
        run: calls a blocking function without holding up others.
        failed: told of each attempt that failed; returns what is said if there were too many.
    """
    router = APIRouter(include_in_schema=False)
    _add_sign_in(router, sessions, run, failed)
    _add_sign_out(router, sessions, run)
    return router


def _add_sign_in(router: APIRouter, sessions: Sessions, run: Run, failed: Failed) -> None:
    @router.get("/login")
    async def form(request: Request) -> Response:
        return _page(to=_own_page(request.query_params.get("next", "")))

    @router.post("/login")
    async def sign_in(request: Request) -> Response:
        if not _is_own(request):
            return _page(_FOREIGN, HTTPStatus.FORBIDDEN)
        key, to = await _filled_in(request)
        try:
            opened = await run(sessions.open, key)
        except (MalformedKey, UnknownKey):
            if (refused := failed(request.scope)) is None:
                return _page(_WRONG, HTTPStatus.UNAUTHORIZED, to=to)
            answer = _page(_TOO_OFTEN, HTTPStatus.TOO_MANY_REQUESTS, to=to)
            answer.headers.update(refused.headers)
            return answer
        return _signed_in(request, opened, to)


def _add_sign_out(router: APIRouter, sessions: Sessions, run: Run) -> None:
    @router.post("/logout")
    async def sign_out(request: Request) -> Response:
        if not _is_own(request):
            return _page(_FOREIGN, HTTPStatus.FORBIDDEN)
        if text := request.cookies.get(COOKIE):
            await run(sessions.end, text)
        answer = RedirectResponse("login", status_code=HTTPStatus.SEE_OTHER)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    @router.get("/session")
    async def session(request: Request) -> Response:
        """Return what the page sends with whatever it asks, if somebody has signed in."""
        text = request.cookies.get(COOKIE)
        known = text is not None and request.scope.get("state", {}).get("by_session", False)
        told = {"csrf": sessions.csrf(text) if known and text else None}
        return JSONResponse(told, headers={"Cache-Control": "no-store"})


def _page(problem: str = "", status: HTTPStatus = HTTPStatus.OK, *, to: str = "") -> Response:
    told = f'<p class="notice alert" role="alert">{problem}</p>' if problem else ""
    headers = {**HEADERS, "Cache-Control": "no-store"}
    where_to = f'<input type="hidden" name="next" value="{to}">' if to else ""
    content = _PAGE.replace(_PLACE, told).replace(_WHERE_TO, where_to)
    return Response(content, status_code=status, media_type="text/html", headers=headers)


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


def _signed_in(request: Request, opened: NewSession, to: str) -> Response:
    # 303: the key is not sent again where the reader goes back or reloads.
    answer = RedirectResponse(f"./{to}", status_code=HTTPStatus.SEE_OTHER)
    answer.headers["Cache-Control"] = "no-store"
    answer.set_cookie(
        COOKIE,
        opened.text,
        max_age=int(LIFETIME.total_seconds()),
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

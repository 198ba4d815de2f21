"""The page for an `<iframe>`, for sites that strip scripts: framed by a key's own pages alone."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from service.access import Keyring, MalformedKey, UnknownKey
from service.pages.assets_served import ASSET_FOLDER, Asset, serve_asset

EMBED: Final = "/embed"
FILES: Final = (
    Asset("/embed/embed.css", "embed.css", "text/css"),
    Asset("/embed/embed.js", "embed.js", "text/javascript"),
)
_OURS: Final = ("'self'",)
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors "
)


def embed_router() -> APIRouter:
    """Return the routes of the page and its files."""
    router = APIRouter(include_in_schema=False)
    page = (ASSET_FOLDER / "embed.html").read_bytes()

    async def embed(request: Request) -> Response:
        keyring: Keyring = request.app.state.services.access.keyring
        try:
            framed_by = frame_ancestors(keyring, request.query_params.get("key"))
        except (MalformedKey, UnknownKey) as error:
            return _told(str(error))
        if stranger := _stranger(request, framed_by):
            # The browser would show the frame empty, and say why in its console alone.
            return _told(f"Its key is not for {stranger}, but for {' and '.join(framed_by)}.")
        return Response(page, media_type="text/html", headers=_headers(framed_by))

    router.add_api_route(EMBED, embed, methods=["GET", "HEAD"])
    for asset in FILES:
        serve_asset(router, asset, (ASSET_FOLDER / asset.file).read_bytes())
    return router


def frame_ancestors(keyring: Keyring, key: str | None) -> tuple[str, ...]:
    """Return which pages may frame the widget: those that its key is for; without one, our own.

    Raises:
        MalformedKey: if it is no key.
        UnknownKey: if it is not valid.
    """
    if key is None:
        return _OURS
    return keyring.key_of(key).origins or ("'none'",)


def _told(reason: str) -> Response:
    # A sentence without anything to press: whoever has the frame may read it in any frame.
    headers = {
        "Content-Security-Policy": "default-src 'none'; frame-ancestors *",
        "Cache-Control": "no-store",
    }
    said = f"This widget cannot be shown. {reason}"
    return PlainTextResponse(said, status_code=403, headers=headers)


def _stranger(request: Request, framed_by: tuple[str, ...]) -> str | None:
    """Return the origin of the page around, where the browser tells it and it is none of these."""
    if request.headers.get("sec-fetch-dest") != "iframe" or framed_by == _OURS:
        return None
    around = urlsplit(request.headers.get("referer", ""))
    origin = f"{around.scheme}://{around.netloc}"
    return origin if around.netloc and origin not in framed_by else None


def _headers(framed_by: tuple[str, ...]) -> dict[str, str]:
    return {
        "Content-Security-Policy": _POLICY + " ".join(framed_by),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }

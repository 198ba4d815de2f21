"""Serves the page and its files: from memory, under a policy that lets nothing else in."""

import json
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Response

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

_ASSETS = Path(__file__).parent / "assets"


class Asset(NamedTuple):
    """One file, and where it is served."""

    path: str
    file: str
    media_type: str


KEY_PATH = "/page/key.json"
ASSETS = (
    Asset("/", "index.html", "text/html"),
    Asset("/page/style.css", "style.css", "text/css"),
    Asset("/page/page.js", "page.js", "text/javascript"),
    Asset("/page/icon.svg", "icon.svg", "image/svg+xml"),
)


def pages_router(key: str | None) -> APIRouter:
    """Return the routes of the page; ``key`` is the publishable one with which it asks, if any."""
    router = APIRouter(include_in_schema=False)
    for asset in ASSETS:
        _add(router, asset, (_ASSETS / asset.file).read_bytes())
    _add(router, Asset(KEY_PATH, "", "application/json"), json.dumps({"key": key}).encode())
    return router


def _add(router: APIRouter, asset: Asset, content: bytes) -> None:
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        # Files change with a new version only, but a stale one must not outlive it.
        "Cache-Control": "no-cache",
    }

    async def serve() -> Response:
        return Response(content, media_type=asset.media_type, headers=headers)

    router.add_api_route(asset.path, serve, methods=["GET", "HEAD"])

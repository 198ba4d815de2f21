"""Serves a file of a page: from memory, under a policy that lets nothing else in."""

from pathlib import Path
from typing import Final, NamedTuple

from fastapi import APIRouter, Response

ASSET_FOLDER: Final = Path(__file__).parent / "assets"
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_BAR: Final = (ASSET_FOLDER / "bar.html").read_text(encoding="utf-8").strip()
_BAR_PLACE: Final = "<!-- bar -->"
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Of another site a form is told apart by its origin, which `no-referrer` would hide.
    "Referrer-Policy": "same-origin",
}


class Asset(NamedTuple):
    """One file, and where it is served."""

    path: str
    file: str
    media_type: str


def page_html(file: str, *, current: str | None = None) -> str:
    """Return a page of ours, with the bar that leads to the others.

    Args:
        file: its name among the assets.
        current: where the bar's link to this very page leads; none if it has none.
    """
    bar = (
        _BAR
        if current is None
        else _BAR.replace(f'"{current}"', f'"{current}" aria-current="page"')
    )
    return (ASSET_FOLDER / file).read_text(encoding="utf-8").replace(_BAR_PLACE, bar)


def serve_asset(router: APIRouter, asset: Asset, content: bytes) -> None:
    """Add the route of a file."""
    # Files change with a new version only, but a stale one must not outlive it.
    headers = {**HEADERS, "Cache-Control": "no-cache"}

    async def serve() -> Response:
        return Response(content, media_type=asset.media_type, headers=headers)

    router.add_api_route(asset.path, serve, methods=["GET", "HEAD"])

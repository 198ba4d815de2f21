"""Serves a file of a page: from memory, under a policy that lets nothing else in."""

from typing import Final, NamedTuple

from fastapi import APIRouter, Response

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Asset(NamedTuple):
    """One file, and where it is served."""

    path: str
    file: str
    media_type: str


def serve_asset(router: APIRouter, asset: Asset, content: bytes) -> None:
    """Add the route of a file."""
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

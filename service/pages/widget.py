"""Serves the widget: the script that moves with the release, the one that is pinned, its hash."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from service.widget import ServedWidget, load_widget

MOVING: Final = "/widget/v1.js"
INTEGRITY: Final = "/widget/integrity.json"
_HOUR: Final = "public, max-age=3600"
_FOREVER: Final = "public, max-age=31536000, immutable"
# Any page may load it, and compare it with its hash; it holds nothing of anybody.
_SHARED: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def widget_router() -> APIRouter:
    """Return the routes of the widget's script, joined now and kept in memory."""
    widget = load_widget()
    router = APIRouter(include_in_schema=False)
    _serve(router, MOVING, widget, cache=_HOUR)
    _serve(router, pinned_path(widget), widget, cache=_FOREVER)
    _publish(router, widget)
    return router


def pinned_path(widget: ServedWidget) -> str:
    """Return the path whose content never changes."""
    return f"/widget/{widget.version}.js"


def _serve(router: APIRouter, path: str, widget: ServedWidget, *, cache: str) -> None:
    headers = {**_SHARED, "Cache-Control": cache, "ETag": widget.tag, "Vary": "Accept-Encoding"}

    async def serve(request: Request) -> Response:
        if widget.tag in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            zipped = {**headers, "Content-Encoding": "gzip"}
            return Response(widget.zipped, media_type="text/javascript", headers=zipped)
        return Response(widget.script, media_type="text/javascript", headers=headers)

    router.add_api_route(path, serve, methods=["GET", "HEAD"])


def _publish(router: APIRouter, widget: ServedWidget) -> None:
    said = {
        "version": widget.version,
        "path": pinned_path(widget),
        "integrity": widget.integrity,
    }

    async def publish() -> Response:
        return JSONResponse(said, headers={**_SHARED, "Cache-Control": "no-cache"})

    router.add_api_route(INTEGRITY, publish, methods=["GET", "HEAD"])

"""Serves the pages, their files and the widget."""

import json

from fastapi import APIRouter

from service.pages.assets_served import ASSET_FOLDER, Asset, serve_asset
from service.pages.embedding import embed_router
from service.pages.widget import widget_router

KEY_PATH = "/page/key.json"
ASSETS = (
    Asset("/", "index.html", "text/html"),
    Asset("/page/style.css", "style.css", "text/css"),
    Asset("/page/page.js", "page.js", "text/javascript"),
    Asset("/page/icon.svg", "icon.svg", "image/svg+xml"),
)


def pages_router(key: str | None) -> APIRouter:
    """Return the routes of the pages; ``key`` is the publishable one that they ask with, if any."""
    router = APIRouter(include_in_schema=False)
    for asset in ASSETS:
        serve_asset(router, asset, (ASSET_FOLDER / asset.file).read_bytes())
    key_file = json.dumps({"key": key}).encode()
    serve_asset(router, Asset(KEY_PATH, "", "application/json"), key_file)
    router.include_router(widget_router())
    router.include_router(embed_router())
    return router

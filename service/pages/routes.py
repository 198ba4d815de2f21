"""Serves the pages, their files and the widget."""

import json
from typing import NamedTuple

from fastapi import APIRouter

from service.pages.assets_served import ASSET_FOLDER, Asset, page_html, serve_asset
from service.pages.embedding import embed_router
from service.pages.widget import widget_router

KEY_PATH = "/page/key.json"
INDEX = Asset("/", "index.html", "text/html")
ASSETS = (
    INDEX,
    Asset("/page/style.css", "style.css", "text/css"),
    Asset("/page/page.js", "page.js", "text/javascript"),
    Asset("/page/icon.svg", "icon.svg", "image/svg+xml"),
)


class PageAccess(NamedTuple):
    """How the page for learners gets answers for somebody who has not signed in.

    Attributes:
        key: the publishable key that it asks with, if it has one.
        is_demo: whether nobody needs a key.
    """

    key: str | None = None
    is_demo: bool = False


def pages_router(access: PageAccess) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)
    for asset in ASSETS:
        content = (ASSET_FOLDER / asset.file).read_bytes()
        if asset is INDEX:
            content = page_html(asset.file, current="./").encode()
        serve_asset(router, asset, content)
    key_file = json.dumps({"key": access.key, "demo": access.is_demo}).encode()
    serve_asset(router, Asset(KEY_PATH, "", "application/json"), key_file)
    router.include_router(widget_router())
    router.include_router(embed_router())
    return router

"""The pages behind the sign-in: for employers and for whoever administers a catalog."""

from html import escape
from http import HTTPStatus
from typing import Final, NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.access import Principal, PrincipalKind, Scope
from service.pages.assets_served import ASSET_FOLDER, HEADERS, Asset, page_html, serve_asset
from service.pages.who import viewer_of

WORK: Final = ASSET_FOLDER / "work"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
_DEMO: Final = (
    '<p class="notice demo"><strong>This is the demo.</strong> It answers on this machine alone, '
    "without a key, and you may do everything here. The records are made up. What you import stays "
    "in the demo's folder until you delete it; a key that you make opens nothing but this demo.</p>"
)


class WorkPage(NamedTuple):
    """A page, and what whoever opens it has to be allowed.

    Attributes:
        allows: what the scope is for, as the page says to who lacks it.
    """

    name: str
    scope: Scope
    allows: str


PAGES: Final = (
    WorkPage("employers", Scope.EMPLOYER_MATCH, "find candidates for a job"),
    WorkPage("admin", Scope.ADMIN, "administer the catalog, its imports and its keys"),
)
NAMES: Final = frozenset(page.name for page in PAGES)


def work_router() -> APIRouter:
    """Return the routes of the pages and their files."""
    router = APIRouter(include_in_schema=False)
    for page in PAGES:
        _serve(router, page)
    for path in sorted(WORK.iterdir()):
        if path.suffix in _TYPES:
            asset = Asset(f"/page/work/{path.name}", path.name, _TYPES[path.suffix])
            serve_asset(router, asset, path.read_bytes())
    return router


def _serve(router: APIRouter, page: WorkPage) -> None:
    content = page_html(f"{page.name}.html", current=page.name)
    refusal = page_html("refused.html")

    async def serve(request: Request) -> Response:
        viewer = viewer_of(request)
        if viewer is None:
            return RedirectResponse(f"login?next={page.name}", status_code=HTTPStatus.SEE_OTHER)
        if not viewer.may(page.scope):
            return _answer(_refused(refusal, page, viewer), HTTPStatus.FORBIDDEN)
        demo = _DEMO if viewer.kind is PrincipalKind.DEMO else ""
        return _answer(content.replace("<!-- demo -->", demo), HTTPStatus.OK)

    router.add_api_route(f"/{page.name}", serve, methods=["GET", "HEAD"])


def _refused(refusal: str, page: WorkPage, viewer: Principal) -> str:
    may = ", ".join(sorted(viewer.scopes)) or "nothing"
    said = {
        "<!-- allows -->": page.allows,
        "<!-- scope -->": page.scope.value,
        "<!-- key -->": viewer.id,
        "<!-- may -->": may,
    }
    for place, text in said.items():
        refusal = refusal.replace(place, escape(text))
    return refusal


def _answer(content: str, status: HTTPStatus) -> Response:
    # Who may see it changes with the session.
    headers = {**HEADERS, "Cache-Control": "no-store"}
    return Response(content, status_code=status, media_type="text/html", headers=headers)

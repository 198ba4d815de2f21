"""What the administrators' page asks beside the API: reports on catalog, index and answers."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from service.answers.reports import Reports
from service.answers.vitals import VitalSigns
from service.domain.reports import CatalogReport, IndexReport, RouteLatency
from service.pages.plots.admin import coverage_plot, latency_plot, scores_plot
from service.pages.plots.shown import plot_json
from service.pages.who import known_viewer
from service.plots import Drawing

Latencies = Callable[[], Sequence[RouteLatency]]
Asked = Annotated[str, Query(min_length=1, max_length=200)]


def admin_router(drawing: Drawing, latencies: Latencies) -> APIRouter:
    """Return the routes of reports and their plots.

    Args:
        drawing: draws.
        latencies: tells how long answers took.
    """
    router = APIRouter(prefix="/page/admin", include_in_schema=False)
    _add_reports(router)
    _add_plots(router, drawing, latencies)
    return router


def _add_reports(router: APIRouter) -> None:
    @router.get("/catalog")
    async def catalog(request: Request) -> JSONResponse:
        reports, viewer = _reports(request), known_viewer(request)
        return JSONResponse(_catalog(await reports.run(reports.catalog, viewer.tenant)))

    @router.get("/search")
    async def search(request: Request, q: Asked) -> JSONResponse:
        reports, viewer = _reports(request), known_viewer(request)
        found = await reports.run(reports.search, viewer.tenant, q)
        rows = [
            {
                "id": each.id,
                "name": each.name,
                "provider": each.provider.name,
                "kind": each.kind,
                "status": each.status,
            }
            for each in found
        ]
        return JSONResponse({"items": rows})

    @router.get("/index")
    async def index(request: Request) -> JSONResponse:
        reports, viewer = _reports(request), known_viewer(request)
        vitals: VitalSigns = request.app.state.services.vitals
        report = await reports.run(reports.index, viewer.tenant)
        signs = await reports.run(vitals.read)
        waiting = {"waiting": signs.decisions_waiting, "read_only": signs.is_read_only}
        return JSONResponse({**_index(report), **waiting})


def _add_plots(router: APIRouter, drawing: Drawing, latencies: Latencies) -> None:
    @router.get("/plots/coverage")
    async def coverage(request: Request) -> JSONResponse:
        reports, tenant = _reports(request), known_viewer(request).tenant
        return JSONResponse(
            await reports.run(lambda: plot_json(coverage_plot(reports.catalog(tenant)), drawing))
        )

    @router.get("/plots/scores")
    async def scores(request: Request) -> JSONResponse:
        reports, tenant = _reports(request), known_viewer(request).tenant
        return JSONResponse(
            await reports.run(lambda: plot_json(scores_plot(reports.scores(tenant)), drawing))
        )

    @router.get("/plots/latency")
    async def latency(request: Request) -> JSONResponse:
        reports = _reports(request)
        return JSONResponse(
            await reports.run(lambda: plot_json(latency_plot(latencies()), drawing))
        )


def _reports(request: Request) -> Reports:
    reports: Reports = request.app.state.services.reports
    return reports


def _catalog(report: CatalogReport) -> dict[str, Any]:
    return {
        "kinds": report.kinds,
        "statuses": report.statuses,
        "providers": report.providers,
        "jobs": report.jobs,
        "share_taught": report.share_taught,
    }


def _index(report: IndexReport) -> dict[str, Any]:
    return {
        "counts": {kind.value: count for kind, count in report.counts.items()},
        "kinds": {kind.value: how for kind, how in report.kinds.items()},
        "sequence": report.sequence,
        "store_sequence": report.store_sequence,
        "generations": [*report.generations],
    }

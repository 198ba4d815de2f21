"""What the employers' page asks beside the API: a drawing of the pool that it shows."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from service.pages.plots.pool import PoolBody, pool_plot
from service.pages.plots.shown import plot_json
from service.plots import Drawing


def pool_router(drawing: Drawing) -> APIRouter:
    """Return the route of the plot of a pool; it draws what it is given, and reads nothing."""
    router = APIRouter(include_in_schema=False)

    @router.post("/page/plots/pool")
    async def pool(body: PoolBody, request: Request) -> JSONResponse:
        run = request.app.state.services.answers.run
        return JSONResponse(await run(plot_json, pool_plot(body), drawing))

    return router

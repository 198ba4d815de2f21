"""`GET /metrics`: what Prometheus scrapes."""

import asyncio

from fastapi import APIRouter, Request, Response

from service.api.metrics.board import CONTENT_TYPE, Board
from service.api.needs import PUBLIC
from service.api.openapi import answers_text, problems

router = APIRouter(tags=["operations"])


@router.get(
    "/metrics",
    operation_id="metrics",
    summary="Return figures of requests, indexes, store and process for Prometheus",
    dependencies=[PUBLIC],
    response_class=Response,
    responses={200: answers_text("metrics", says="Prometheus' text format."), **problems()},
)
async def metrics(request: Request) -> Response:
    """Return the figures of every worker; none of them names a person, a record or a tenant."""
    board: Board = request.app.state.board
    # Not on the executor of answers: figures are wanted most when that has a queue.
    return Response(await asyncio.to_thread(board.render), media_type=CONTENT_TYPE)

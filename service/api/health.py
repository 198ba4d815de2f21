"""Whether the service lives and is ready, and what it is made of."""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from service.api import shape_types as shape
from service.api.deps import AnswersDep, PrincipalDep, ReadinessDep
from service.api.needs import PUBLIC, needs
from service.api.openapi import answers, problems
from service.api.shapes import meta_json
from service.domain.access import Scope
from service.domain.ids import DEFAULT_TENANT

router = APIRouter(tags=["operations"])


@router.get(
    "/health/live",
    operation_id="live",
    summary="Tell that the process answers",
    dependencies=[PUBLIC],
    responses={200: answers(shape.Health, "live", says="It does."), **problems()},
)
async def live() -> Response:
    """Answer, whatever state the store is in."""
    return JSONResponse({"status": "live"})


@router.get(
    "/health/ready",
    operation_id="ready",
    summary="Tell whether requests are served",
    dependencies=[PUBLIC],
    responses={200: answers(shape.Health, "ready", says="They are."), **problems()},
)
async def ready(readiness: ReadinessDep, todo: AnswersDep) -> Response:
    """Answer 200 once the store and its indexes can be read, and while the disk can be trusted."""
    readiness.check()
    todo.check_writable()
    # Not on the executor of answers, which may have a queue, or load another tenant's indexes.
    await asyncio.to_thread(todo.meta, DEFAULT_TENANT)
    return JSONResponse({"status": "ready"})


@router.get(
    "/v1/meta",
    operation_id="meta",
    summary="Return versions and the number of records",
    dependencies=[needs(Scope.CATALOG_READ)],
    responses={200: answers(shape.Meta, "meta", says="What serves."), **problems()},
)
async def meta(request: Request, todo: AnswersDep, principal: PrincipalDep) -> Response:
    """Return which model, store and taxonomies answer."""
    found = await todo.run(todo.meta, principal.tenant)
    return JSONResponse(meta_json(found, version=request.app.version))

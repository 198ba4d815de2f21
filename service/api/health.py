"""Whether the service lives and is ready, and what it is made of."""

import asyncio
from dataclasses import replace

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from service.api import shape_types as shape
from service.api.deps import AnswersDep, PrincipalDep, ReadinessDep
from service.api.needs import PUBLIC, needs
from service.api.openapi import answers, problems
from service.api.shapes import meta_json
from service.domain.access import Scope
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind

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
    responses={200: answers(shape.Ready, "ready", says="They are."), **problems()},
)
async def ready(readiness: ReadinessDep, todo: AnswersDep) -> Response:
    """Answer 200 once the store and its indexes can be read, and while the disk can be trusted.

    The indexes are those of the tenant ``default``: whoever serves has them in memory before it
    takes the first request. Those of others are loaded afterwards, and nobody else waits for them.
    """
    readiness.check()
    todo.check_writable()
    # Not on the executor of answers, which may have a queue, or load another tenant's indexes.
    await asyncio.to_thread(todo.meta, DEFAULT_TENANT)
    return JSONResponse({"status": "ready", "tenants_in_trouble": todo.in_trouble()})


@router.get(
    "/v1/meta",
    operation_id="meta",
    summary="Return versions and the number of records",
    dependencies=[needs(Scope.CATALOG_READ)],
    responses={200: answers(shape.Meta, "meta", says="What serves."), **problems()},
)
async def meta(request: Request, todo: AnswersDep, principal: PrincipalDep) -> Response:
    """Return which model, store and taxonomies answer; employers do not learn of how many people.

    From the numbers before and after they could conclude that one person came or went.
    """
    found = await todo.run(todo.meta, principal.tenant)
    if principal.party is not None:
        others = dict(found.counts)
        others.pop(Kind.LEARNER)
        found = replace(found, counts=others)
    return JSONResponse(meta_json(found, version=request.app.version))

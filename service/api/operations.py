"""Operations: how far they are, what came of them, and an end to them."""

import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse, StreamingResponse

from service.answers import Answers
from service.api import match_types as match
from service.api import shape_types as shape
from service.api.bodies import NDJSON
from service.api.deps import AnswersDep, PrincipalDep
from service.api.later import OperationsDep
from service.api.needs import OWN
from service.api.openapi import READ, answers, answers_lines, problems
from service.api.operation_shapes import (
    OperationStatus,
    OperationSummary,
    line_bytes,
    operation_json,
)
from service.domain.operation import Operation
from service.intake.operations import Operations

LINES_AT_ONCE = 200
OperationIdPath = Annotated[
    str,
    Path(pattern=r"^[A-Za-z0-9._-]{1,128}$", description="The id that the 202 answer gave."),
]

router = APIRouter(prefix="/v1/operations", tags=["operations"])


@router.get(
    "/{id}",
    operation_id="get_operation",
    summary="Ask how far an operation of your own is",
    dependencies=[OWN],
    responses={
        200: answers(OperationStatus, "operation", says="How far it is."),
        **problems(*READ),
    },
)
async def get_operation(
    id: OperationIdPath,  # noqa: A002 - the name in the path
    principal: PrincipalDep,
    todo: AnswersDep,
    operations: OperationsDep,
) -> Response:
    """Return how far an operation is."""
    return await _shown(await todo.run(operations.get, principal, id), todo, operations)


@router.post(
    "/{id}:cancel",
    operation_id="cancel_operation",
    summary="Cancel an operation of your own; results that are there stay",
    dependencies=[OWN],
    responses={
        200: answers(OperationStatus, "operation", says="It is over."),
        **problems(*READ),
    },
)
async def cancel_operation(
    id: OperationIdPath,  # noqa: A002 - the name in the path
    principal: PrincipalDep,
    todo: AnswersDep,
    operations: OperationsDep,
) -> Response:
    """End an operation, and return how far it was."""
    return await _shown(await todo.run(operations.cancel, principal, id), todo, operations)


@router.delete(
    "/{id}",
    operation_id="delete_operation",
    summary="Remove an operation of your own with its results; it is canceled if need be",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[OWN],
    responses={204: {"description": "It is gone."}, **problems(*READ)},
)
async def delete_operation(
    id: OperationIdPath,  # noqa: A002 - the name in the path
    principal: PrincipalDep,
    todo: AnswersDep,
    operations: OperationsDep,
) -> Response:
    """Remove an operation and all that came of it."""
    await todo.run(operations.remove, principal, id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get(
    "/{id}/result",
    operation_id="get_operation_result",
    summary="Read the results that are there, in the order of the lines",
    description="While the operation runs, those that are there; the last line says how many.",
    dependencies=[OWN],
    responses={
        200: answers_lines(
            "operation_result",
            says="A result for each line that is done, as the route itself gives it; a summary.",
            forms=(
                match.AnsweredLine,
                match.RefusedLine,
                shape.StoredLine,
                shape.FailedLine,
                OperationSummary,
            ),
        ),
        **problems(*READ),
    },
    response_class=StreamingResponse,
)
async def get_operation_result(
    id: OperationIdPath,  # noqa: A002 - the name in the path
    principal: PrincipalDep,
    todo: AnswersDep,
    operations: OperationsDep,
) -> StreamingResponse:
    """Return the results as lines."""
    operation = await todo.run(operations.get, principal, id)
    return StreamingResponse(_lines(operation, todo, operations), media_type=NDJSON[0])


async def _lines(
    operation: Operation, todo: Answers, operations: Operations
) -> AsyncIterator[bytes]:
    after = lines = failed = 0
    while found := await todo.run(operations.results, operation, after=after, limit=LINES_AT_ONCE):
        yield b"".join(line_bytes(each) for each in found)
        after = found[-1].number
        lines += len(found)
        failed += sum(each.is_failure for each in found)
    summary: OperationSummary = {
        "summary": {
            "state": operation.state.value,
            "total": operation.total,
            "lines": lines,
            "failed": failed,
        }
    }
    yield json.dumps(summary).encode() + b"\n"


async def _shown(operation: Operation, todo: Answers, operations: Operations) -> Response:
    failures = await todo.run(operations.failures, operation)
    return JSONResponse(operation_json(operation, failures, kept=operations.kept))

"""`Prefer: respond-async`: many lines are taken in at once, and worked on afterwards (RFC 7240)."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import IO, Annotated, Any, NamedTuple

from fastapi import Depends, Header, Response
from fastapi.responses import JSONResponse

from service.answers import Answers
from service.api.deps import AnswersDep, PrincipalDep, given
from service.api.errors import InvalidBody
from service.api.lines import RawLine, lines_of, value_of
from service.api.openapi import answers
from service.api.operation_shapes import OperationStatus, operation_json
from service.api.problems import problem_of
from service.domain.access import Principal
from service.domain.operation import LineResult, SentLine
from service.intake.operations import Operations

_ASYNC = "respond-async"
_LONGEST_ID = 128
ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: answers(OperationStatus, "operation", says="It is worked on; see the header Location.")
}
OperationsDep = Annotated[Operations, Depends(given(lambda services: services.operations))]
PreferHeader = Annotated[
    str | None,
    Header(
        alias="Prefer",
        max_length=300,
        description="`respond-async` to have the lines worked on afterwards: the answer is 202 "
        "with an operation to ask after (RFC 7240).",
    ),
]


class Later(NamedTuple):
    """Whether lines are to be worked on afterwards, and what takes them in."""

    is_wanted: bool
    principal: Principal
    operations: Operations
    todo: Answers

    async def take(self, task: str, body: IO[bytes]) -> Response:
        """Take the lines in, and tell where to ask after them.

        Raises:
            TooManyOperations: if as many as may be wait already.
        """
        with body:
            operation = await self.todo.run(
                self.operations.take, self.principal, task, _taken(body)
            )
        failures = await self.todo.run(self.operations.failures, operation)
        return JSONResponse(
            operation_json(operation, failures, kept=self.operations.kept),
            status_code=HTTPStatus.ACCEPTED,
            headers={
                "Location": f"/v1/operations/{operation.id}",
                "Preference-Applied": _ASYNC,
            },
        )


async def _later(
    principal: PrincipalDep,
    operations: OperationsDep,
    todo: AnswersDep,
    prefer: PreferHeader = None,
) -> Later:
    wishes = (each.strip().lower() for each in (prefer or "").split(","))
    return Later(_ASYNC in wishes, principal, operations, todo)


LaterDep = Annotated[Later, Depends(_later)]


def _ids_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        found = value.get("id")
        if isinstance(found, str) and len(found) <= _LONGEST_ID:
            yield found
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _ids_in(each)


def _taken(body: IO[bytes]) -> Iterator[SentLine | LineResult]:
    return (_line(raw) for raw in lines_of(body))


def _line(line: RawLine) -> SentLine | LineResult:
    """Return a line as it is kept: written anew, so that each id in it can be found."""
    read = value_of(line.raw)
    if not read.problems:
        text = json.dumps(read.value, ensure_ascii=False)
        return SentLine(line.number, text, tuple(sorted(set(_ids_in(read.value)))))
    problem = problem_of(InvalidBody(read.problems))
    refused = {"line": line.number, "status": problem["status"], "problem": problem}
    return LineResult(line.number, json.dumps(refused, ensure_ascii=False), is_failure=True)

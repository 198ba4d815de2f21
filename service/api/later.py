"""`Prefer: respond-async`: many lines are taken in at once, and worked on afterwards (RFC 7240)."""

import asyncio
import json
from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from typing import IO, Annotated, Any, Final, NamedTuple

from fastapi import Depends, Header, Response
from fastapi.responses import JSONResponse

from service.answers import Answers
from service.api.deps import AnswersDep, PrincipalDep, given
from service.api.errors import Forbidden, InvalidBody, TooManyLines
from service.api.lines import RawLine, lines_of, value_of
from service.api.openapi import answers
from service.api.operation_shapes import OperationStatus, operation_json
from service.api.problems import problem_of
from service.domain.access import Principal, PrincipalKind
from service.domain.operation import LineResult, Operation, SentLine, bytes_of
from service.intake.operations import Operations

_ASYNC = "respond-async"
_LONGEST_ID = 128
LINES: Final = 50_000
"""So many lines one operation has at most, blank ones too."""
# So many are read, and then written in one transaction: others wait for none for long.
_LINES_AT_ONCE: Final = 250
_AT_ONCE: Final = 1_000_000
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
            TooManyLines: if there are more than may be.
            TooManyOperations: if as many as may be wait already, or as much is kept as may be.
        """
        with body:
            size = await self.todo.run(_checked_size, body)
            operation = await self.todo.write(self.operations.begin, self.principal, task, size)
            try:
                operation = await self._arrived(operation, body)
            except BaseException:
                await asyncio.shield(self.todo.write(self.operations.give_up, operation))
                raise
        failures = await self.todo.run(self.operations.failures, operation)
        return JSONResponse(
            operation_json(operation, failures, kept=self.operations.kept),
            status_code=HTTPStatus.ACCEPTED,
            headers={
                "Location": f"/v1/operations/{operation.id}",
                "Preference-Applied": _ASYNC,
            },
        )

    async def _arrived(self, operation: Operation, body: IO[bytes]) -> Operation:
        """Keep the lines group by group, so that others are answered and written in between."""
        lines, total, failed, size = _taken(body), 0, 0, 0
        while group := await self.todo.run(_some, lines):
            await self.todo.write(self.operations.add, operation, group)
            total += len(group)
            failed += sum(isinstance(each, LineResult) for each in group)
            size += sum(map(bytes_of, group))
        return await self.todo.write(
            self.operations.arrived, operation, failed=failed, total=total, size=size
        )


async def _later(
    principal: PrincipalDep,
    operations: OperationsDep,
    todo: AnswersDep,
    prefer: PreferHeader = None,
) -> Later:
    is_wanted = _ASYNC in (each.strip().lower() for each in (prefer or "").split(","))
    if is_wanted and principal.kind is PrincipalKind.TOKEN:
        raise Forbidden(
            "`Prefer: respond-async` is for keys alone: a bearer token, or a sign-in with one, may "
            "end before the lines are done. Send it with a key, or without that header."
        )
    return Later(is_wanted, principal, operations, todo)


LaterDep = Annotated[Later, Depends(_later)]


def _ids_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        found = value.get("id")
        if isinstance(found, str) and len(found) <= _LONGEST_ID:
            yield found
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _ids_in(each)


def _checked_size(body: IO[bytes]) -> int:
    """Return how many bytes a body has.

    Raises:
        TooManyLines: if it has more lines than may be, blank ones too.
    """
    size, ends, last = 0, 0, b""
    while part := body.read(_AT_ONCE):
        size, ends, last = size + len(part), ends + part.count(b"\n"), part[-1:]
        if ends + (last != b"\n") > LINES:
            raise TooManyLines(LINES)
    body.seek(0)
    return size


def _some(lines: Iterator[SentLine | LineResult]) -> list[SentLine | LineResult]:
    return list(islice(lines, _LINES_AT_ONCE))


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

"""Bulk upsert: one JSON object on each line in, one result on each line out."""

import json
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice
from typing import IO, NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from service.api import shape_types as shape
from service.api.bodies import NDJSON, require_media_type
from service.api.deps import AnswersDep, IntakeDep
from service.api.errors import TRANSIENT, InvalidBody
from service.api.later import ACCEPTED, LaterDep
from service.api.lines import RawLine, lines_of, spooled, value_of
from service.api.needs import needs
from service.api.openapi import ONCE, answers_lines, problems, takes_lines
from service.api.problems import problem_of
from service.api.repeats import OnceDep
from service.api.resources import Resource
from service.api.shapes import stored_json
from service.domain.ids import TenantId
from service.domain.record import Kind, Record
from service.errors import InvalidRecord
from service.intake import Intake, OutcomeStatus, Problem, parse_body

# Between two groups others write.
LINES_AT_ONCE = 64

Result = shape.StoredLine | shape.FailedLine

logger = logging.getLogger(__name__)


class Line(NamedTuple):
    """One line: either a record, or what is wrong with it; ``id`` where it can be read."""

    number: int
    id: str | None
    record: Record | None
    problems: tuple[Problem, ...] = ()


class Keeping(NamedTuple):
    """Where records go."""

    intake: Intake
    tenant: TenantId


def bulk_router(resource: Resource) -> APIRouter:
    """Return the bulk route of one kind of record."""
    router = APIRouter(prefix="/v1", tags=[resource.plural])

    @router.post(
        f"/{resource.plural}:bulk",
        operation_id=f"bulk_{resource.plural}",
        summary=f"Keep many {resource.plural}: a result for each line, in order",
        description=(
            "Good lines are kept, bad ones are reported; sending the same again changes nothing. "
            "Lines are kept in groups, and a result is sent only after its group is durable. With "
            "`Prefer: respond-async` the lines are worked on afterwards."
        ),
        dependencies=[needs(resource.writes, everyone=resource.is_personal)],
        openapi_extra=takes_lines(resource.body, f"{resource.kind}_bulk"),
        responses={
            200: answers_lines("bulk_results", says="A result for each line that is not blank."),
            **ACCEPTED,
            **problems(*ONCE),
        },
        response_class=StreamingResponse,
    )
    async def bulk(
        request: Request, todo: AnswersDep, intake: IntakeDep, once: OnceDep, later: LaterDep
    ) -> Response:
        require_media_type(request, NDJSON)
        body = await spooled(request)
        keeping = Keeping(intake, once.principal.tenant)

        async def stream() -> AsyncIterator[bytes]:
            with body:
                results = _results(body, resource.kind, keeping)
                while lines := await todo.write(next, results, b""):
                    yield lines

        async def make() -> Response:
            if later.is_wanted:
                return await later.take(f"bulk_{resource.plural}", body)
            return StreamingResponse(stream(), media_type=NDJSON[0])

        return await once.answer(body, make)

    return router


def _results(body: IO[bytes], kind: Kind, keeping: Keeping) -> Iterator[bytes]:
    """Keep the records group by group; yield the results of each as lines."""
    lines = _lines(body, kind)
    while group := list(islice(lines, LINES_AT_ONCE)):
        found = _kept(group, keeping)
        yield b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in found)


def kept_lines(lines: Iterable[RawLine], kind: Kind, keeping: Keeping) -> list[Result]:
    """Keep the records of some lines; return what became of each, when it is durable.

    Raises:
        StoreProblem, Overloaded, NotReady: if they may be kept when it is tried again.
    """
    return _tried([_line(each.number, each.raw, kind) for each in lines], keeping)


def _kept(group: list[Line], keeping: Keeping) -> list[Result]:
    try:
        return _tried(group, keeping)
    except TRANSIENT as error:
        logger.exception("a group of a bulk request was not kept")
        return _all_failed(group, error)


def _tried(group: list[Line], keeping: Keeping) -> list[Result]:
    records = [line.record for line in group if line.record is not None]
    try:
        outcomes = iter(list(keeping.intake.put_many(keeping.tenant, records)))
    except TRANSIENT:
        raise
    except Exception as error:  # the status is sent; each line tells
        logger.exception("a group of a bulk request was not kept")
        return _all_failed(group, error)
    results: list[Result] = []
    for line in group:
        if line.record is None:
            results.append(_refused(line))
            continue
        outcome = next(outcomes)
        if outcome.status is OutcomeStatus.REJECTED:
            results.append(_failed(line, InvalidRecord(outcome.reason, field=outcome.field)))
        else:
            results.append({"line": line.number, **stored_json(outcome)})
    return results


def _all_failed(group: list[Line], error: Exception) -> list[Result]:
    return [_failed(line, error) if line.record else _refused(line) for line in group]


def _refused(line: Line) -> Result:
    return _failed(line, InvalidBody(line.problems))


def _failed(line: Line, error: Exception) -> Result:
    return {"line": line.number, "id": line.id, "problem": problem_of(error)}


def _lines(body: IO[bytes], kind: Kind) -> Iterator[Line]:
    for number, raw in lines_of(body):
        yield _line(number, raw, kind)


def _line(number: int, raw: bytes, kind: Kind) -> Line:
    read = value_of(raw)
    if read.problems:
        return Line(number, _id_in(read.value), None, read.problems)
    checked = parse_body(kind, read.value)
    return Line(number, _id_in(read.value), checked.record, checked.problems)


def _id_in(data: object) -> str | None:
    found = data.get("id") if isinstance(data, dict) else None
    if not isinstance(found, str):
        return None
    return found[:128].encode(errors="backslashreplace").decode()

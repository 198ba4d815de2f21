"""Events: one, many, and a list of them for whoever evaluates."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from http import HTTPStatus
from itertools import islice
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from service.answers import LOGGED_AFTER_S, Answers
from service.api import event_shapes as events_shape
from service.api import shape_types as shape
from service.api.bodies import NDJSON, body_of, checked, require_media_type
from service.api.deps import AnswersDep, PrincipalDep, given
from service.api.errors import InvalidBody
from service.api.event_shapes import EventBody, page_json, place_of, taken_json
from service.api.lines import RawLine, lines_of, spooled, value_of
from service.api.needs import needs
from service.api.openapi import ONCE, answers, answers_lines, problems, takes, takes_lines
from service.api.problems import problem_of
from service.api.repeats import OnceDep
from service.domain.access import Principal, Scope
from service.domain.event import Event, EventFate
from service.errors import OnrampError
from service.intake.events import Events

LINES_AT_ONCE = 256
MAX_PAGE = 1000

EventsDep = Annotated[Events, Depends(given(lambda services: services.events))]
Cursor = Annotated[
    str | None,
    Query(min_length=1, max_length=300, description="`next` of the page before."),
]
PageLimit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="At most so many events.")]

logger = logging.getLogger(__name__)

router = APIRouter(prefix="/v1", tags=["events"])


@router.post(
    "/events",
    operation_id="add_event",
    summary="Tell what became of an answer",
    dependencies=[needs(Scope.LEARNER_WRITE, employer=Scope.EMPLOYER_MATCH)],
    openapi_extra=takes(EventBody, "event"),
    responses={
        200: answers(events_shape.TakenEvent, "duplicate_event", says="It was there already."),
        201: answers(events_shape.TakenEvent, "taken_event", says="It is kept."),
        **problems(*ONCE),
    },
)
async def add_event(
    request: Request,
    body: Annotated[EventBody, Depends(body_of(EventBody))],
    todo: AnswersDep,
    events: EventsDep,
    once: OnceDep,
) -> Response:
    """Keep one event, tied to the answer that it is about."""

    async def make() -> Response:
        event = body.to_domain()
        [fate] = await _Taking(todo, events, once.principal).take([event])
        created = fate is EventFate.STORED
        status = HTTPStatus.CREATED if created else HTTPStatus.OK
        return JSONResponse(taken_json(event, fate), status_code=status)

    return await once.answer(await request.body(), make)


@router.post(
    "/events:bulk",
    operation_id="bulk_events",
    summary="Tell what became of many answers: a result for each line, in order",
    dependencies=[needs(Scope.LEARNER_WRITE, employer=Scope.EMPLOYER_MATCH)],
    openapi_extra=takes_lines(EventBody, "event_bulk"),
    responses={
        200: answers_lines(
            "event_results",
            says="A result for each line that is not blank.",
            forms=(events_shape.TakenEventLine, shape.FailedLine),
        ),
        **problems(*ONCE),
    },
    response_class=StreamingResponse,
)
async def bulk_events(
    request: Request, todo: AnswersDep, events: EventsDep, once: OnceDep
) -> Response:
    """Keep many events; good lines are kept, bad ones reported."""
    require_media_type(request, NDJSON)
    body = await spooled(request)

    async def stream() -> AsyncIterator[bytes]:
        taking = _Taking(todo, events, once.principal)
        with body:
            lines = lines_of(body)
            while group := await todo.run(_group, lines):
                fates = iter(await taking.take_all([line.event for line in group if line.event]))
                yield b"".join(_result(line, fates) for line in group)

    async def make() -> Response:
        return StreamingResponse(stream(), media_type=NDJSON[0])

    return await once.answer(body, make)


@router.get(
    "/events",
    operation_id="list_events",
    summary="List events in the order in which they came in",
    dependencies=[needs(Scope.ADMIN, indexes=False)],
    responses={
        200: answers(events_shape.EventPage, "event_page", says="One page."),
        **problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    },
)
async def list_events(
    principal: PrincipalDep,
    todo: AnswersDep,
    events: EventsDep,
    cursor: Cursor = None,
    limit: PageLimit = 100,
) -> Response:
    """Return a page of the tenant's events."""
    after = place_of(cursor)
    found = await todo.run(events.page, principal.tenant, after=after, limit=limit)
    return JSONResponse(page_json(found))


class _Line(NamedTuple):
    """One line: an event, or what is wrong with it."""

    number: int
    event: Event | None
    error: OnrampError | None = None


class _Taking:
    """Takes the events of one request."""

    def __init__(self, todo: Answers, events: Events, principal: Principal) -> None:
        self._todo = todo
        self._events = events
        self._principal = principal
        self._has_waited = False

    async def take(self, sent: Sequence[Event]) -> list[EventFate]:
        """Return what became of events; a request waits once for answers still to be logged."""
        fates = await self._todo.write(self._events.take, self._principal, sent)
        early = [at for at, fate in enumerate(fates) if fate is EventFate.UNKNOWN_RECOMMENDATION]
        if early and not self._has_waited:
            # All that is told of was answered before the request came, maybe by another process.
            self._has_waited = True
            await asyncio.sleep(LOGGED_AFTER_S)
            again = await self.take([sent[at] for at in early])
            for at, fate in zip(early, again, strict=True):
                fates[at] = fate
        return fates

    async def take_all(self, sent: Sequence[Event]) -> Sequence[EventFate | OnrampError]:
        """Return what became of events, or what kept them from being taken."""
        try:
            return await self.take(sent)
        except OnrampError as error:  # the status is sent; each line tells
            logger.exception("a group of events was not kept")
            return [error] * len(sent)


def _group(lines: Iterator[RawLine]) -> list[_Line]:
    return [_line(raw) for raw in islice(lines, LINES_AT_ONCE)]


def _line(line: RawLine) -> _Line:
    try:
        read = value_of(line.raw)
        if read.problems:
            raise InvalidBody(read.problems)
        return _Line(line.number, checked(EventBody, read.value).to_domain())
    except OnrampError as error:
        return _Line(line.number, None, error)


def _result(line: _Line, fates: Iterator[EventFate | OnrampError]) -> bytes:
    result: events_shape.TakenEventLine | shape.FailedLine
    try:
        if line.event is None:
            raise line.error or InvalidBody([])
        fate = next(fates)
        if isinstance(fate, OnrampError):
            raise fate
        result = {"line": line.number, **taken_json(line.event, fate)}
    except OnrampError as error:
        named = line.event.id if line.event else None
        result = {"line": line.number, "id": named, "problem": problem_of(error)}
    return json.dumps(result, ensure_ascii=False).encode() + b"\n"

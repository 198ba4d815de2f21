"""Many questions at once: one on each line in, its answer on a line out, in order."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import IO, Any, NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from service.api import match_types as match
from service.api.asking import Asking
from service.api.bodies import NDJSON, checked, require_media_type
from service.api.deps import AskingDep
from service.api.errors import TRANSIENT, InvalidBody
from service.api.later import ACCEPTED, LaterDep
from service.api.lines import RawLine, lines_of, spooled, value_of
from service.api.matches import candidates_json, jobs_json
from service.api.needs import needs
from service.api.openapi import BODY, ONCE, answers_lines, problems, takes_lines
from service.api.problems import problem_of
from service.api.questions import CandidatesBody, JobsBody, RecommendBody
from service.api.recommendations import credentials_json
from service.api.repeats import OnceDep
from service.domain.access import Scope
from service.errors import OnrampError
from service.intake import QUESTION

# So many lines of a batch are at work or waiting for a thread; others are served in between.
AHEAD = 4
_OK = 200
_ABOUT = (
    "Each line is a body of the route without `:batch`. A line that cannot be answered "
    "says why and stops no other; the last line is a summary. "
)
_LATER = (
    "With `Prefer: respond-async` the lines are worked on afterwards; then an `Idempotency-Key` "
    "counts, too."
)
_NEVER_LATER = (
    "Answers name learners whose consents may end, so none is kept: `Prefer: respond-async` is "
    "not applied here, and all is answered at once."
)

logger = logging.getLogger(__name__)

Answered = match.AnsweredLine | match.RefusedLine


class Batch(NamedTuple):
    """One kind of question: its route, its name, the body of a line, and what answers it."""

    path: str
    name: str
    asks: str
    scope: Scope
    body: type[BaseModel]
    answer: Callable[[Asking, Any], dict[str, Any]]
    # An answer that names others than its question does is never kept: their consents may end.
    may_wait: bool = True

    @property
    def task(self) -> str:
        """What it is called in the API's description, and as the task of an operation."""
        return f"batch_{self.name}"


BATCHES = (
    Batch(
        "/v1/matches/candidates:batch",
        "candidates",
        "who is qualified for each of many jobs",
        Scope.EMPLOYER_MATCH,
        CandidatesBody,
        candidates_json,
        may_wait=False,
    ),
    Batch(
        "/v1/matches/jobs:batch",
        "jobs",
        "which jobs fit each of many learners",
        Scope.LEARNER_READ,
        JobsBody,
        jobs_json,
    ),
    Batch(
        "/v1/recommendations/credentials:batch",
        "recommend",
        "which microcredential next for each of many learners",
        Scope.LEARNER_READ,
        RecommendBody,
        credentials_json,
    ),
)


def batches_router() -> APIRouter:
    """Return the routes that answer many questions at once."""
    router = APIRouter(tags=["answers"])
    for batch in BATCHES:
        _add_route(router, batch)
    return router


def _add_route(router: APIRouter, batch: Batch) -> None:
    async def ask(request: Request, asking: AskingDep) -> Response:
        require_media_type(request, NDJSON)
        return _streamed(await spooled(request), batch, asking)

    async def ask_later(
        request: Request, asking: AskingDep, later: LaterDep, once: OnceDep
    ) -> Response:
        require_media_type(request, NDJSON)
        body = await spooled(request)
        if not later.is_wanted:
            return _streamed(body, batch, asking)
        return await once.answer(body, partial(later.take, batch.task, body))

    router.add_api_route(
        batch.path,
        ask_later if batch.may_wait else ask,
        methods=["POST"],
        operation_id=batch.task,
        summary=f"Ask {batch.asks}: an answer for each line, in order",
        description=_ABOUT + (_LATER if batch.may_wait else _NEVER_LATER),
        dependencies=[needs(batch.scope)],
        openapi_extra=takes_lines(batch.body, f"{batch.name}_batch"),
        responses={
            200: answers_lines(
                "batch_results",
                says="An answer or a problem for each line that is not blank, then a summary.",
                forms=(match.AnsweredLine, match.RefusedLine, match.BatchSummary),
            ),
            **(ACCEPTED if batch.may_wait else {}),
            **problems(*(ONCE if batch.may_wait else BODY)),
        },
        response_class=StreamingResponse,
    )


def _streamed(body: IO[bytes], batch: Batch, asking: Asking) -> Response:
    return StreamingResponse(_stream(body, batch, asking), media_type=NDJSON[0])


async def _stream(body: IO[bytes], batch: Batch, asking: Asking) -> AsyncIterator[bytes]:
    lines = failed = 0
    with body:
        async for answered in _in_order(lines_of(body), batch, asking):
            lines += 1
            failed += "problem" in answered
            yield _line(answered)
    counts: match.BatchCounts = {"lines": lines, "answered": lines - failed, "failed": failed}
    yield _line({"summary": counts})


async def _in_order(
    lines: Iterator[RawLine], batch: Batch, asking: Asking
) -> AsyncIterator[Answered]:
    """Yield an answer for each line, in order, a few lines at a time."""
    waiting: deque[asyncio.Task[Answered]] = deque()
    try:
        while True:
            # Read on the executor too: a large body lies on the disk.
            taken = await asking.run(_take, lines)
            for line in taken:
                waiting.append(asyncio.create_task(asking.run(answered_line, line, batch, asking)))
            while len(waiting) > (AHEAD if taken else 0):
                yield await waiting.popleft()
            if not taken:
                return
    finally:
        for task in waiting:
            task.cancel()


def _take(lines: Iterator[RawLine]) -> list[RawLine]:
    return list(islice(lines, AHEAD))


def answered_line(line: RawLine, batch: Batch, asking: Asking) -> Answered:
    """Return the answer to a line, or why it has none; blocking."""
    try:
        return tried_line(line, batch, asking)
    except TRANSIENT as error:
        return _refused(line, error)


def tried_line(line: RawLine, batch: Batch, asking: Asking) -> Answered:
    """Return the answer to a line, or why it never has one; blocking.

    Raises:
        StoreProblem, Overloaded, NotReady: if it may have one when it is tried again.
    """
    try:
        read = value_of(line.raw, most=QUESTION)
        if read.problems:
            raise InvalidBody(read.problems)
        answer = batch.answer(asking, checked(batch.body, read.value))
    except TRANSIENT:
        raise
    except OnrampError as error:
        return _refused(line, error)
    except Exception as error:  # the status is sent; the line tells
        logger.exception("a line of a batch was not answered")
        return _refused(line, error)
    return {"line": line.number, "status": _OK, "answer": answer}


def _refused(line: RawLine, error: Exception) -> match.RefusedLine:
    problem = problem_of(error)
    return {"line": line.number, "status": problem["status"], "problem": problem}


def _line(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace") + b"\n"

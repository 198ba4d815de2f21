"""Errors as RFC 9457 problem documents. The only place that knows both errors and status codes."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

from service.api.errors import (
    AnswerNotKept,
    BodyTooLarge,
    BodyTooSlow,
    CompressedBody,
    Forbidden,
    InvalidBody,
    KeyReused,
    MalformedBody,
    Misdirected,
    NotReady,
    Overloaded,
    StillInFlight,
    TooManyKeys,
    TooManyLines,
    TooManyRequests,
    Unauthenticated,
    UnknownHost,
    WrongMediaType,
)
from service.api.shape_types import ProblemDocument
from service.domain.access import Scope
from service.errors import (
    InvalidQuestion,
    InvalidRecord,
    NotFound,
    OnrampError,
    PreconditionFailed,
    StoreFull,
    StoreProblem,
    StoreReadOnly,
    TooManyOperations,
)
from service.intake import Problem
from service.logs import current_request

PROBLEM_JSON = "application/problem+json"
STATUS: dict[type[Exception], HTTPStatus] = {
    MalformedBody: HTTPStatus.BAD_REQUEST,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    Misdirected: HTTPStatus.MISDIRECTED_REQUEST,
    NotFound: HTTPStatus.NOT_FOUND,
    PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    TooManyLines: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    WrongMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    CompressedBody: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    BodyTooSlow: HTTPStatus.REQUEST_TIMEOUT,
    StillInFlight: HTTPStatus.CONFLICT,
    AnswerNotKept: HTTPStatus.CONFLICT,
    TooManyKeys: HTTPStatus.TOO_MANY_REQUESTS,
    KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownHost: HTTPStatus.MISDIRECTED_REQUEST,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyOperations: HTTPStatus.TOO_MANY_REQUESTS,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    InvalidBody: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidRecord: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidQuestion: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreProblem: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreFull: HTTPStatus.INSUFFICIENT_STORAGE,
}
# What happens inside is for the log; a message may hold paths of the server.
_INSIDE = {
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here; the server's log has it.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The store cannot be used now; the server's log says why.",
}
# What a program is to tell apart from other problems of its status, and what a person is told.
_CODES: dict[type[Exception], tuple[str, str]] = {
    StoreFull: (
        "storage_full",
        "The disk is full, and nothing of this was kept. Reading and deleting go on; send it "
        "again once there is space.",
    ),
    StoreReadOnly: (
        "read_only",
        "The disk failed to keep what was written, so nothing more is written until the service "
        "is started again. Reading goes on.",
    ),
    Overloaded: ("overloaded", str(Overloaded())),
    StillInFlight: ("in_flight", str(StillInFlight())),
    AnswerNotKept: ("answer_not_kept", str(AnswerNotKept())),
    TooManyKeys: ("too_many_keys", str(TooManyKeys())),
}
_RETRY_AFTER_SECONDS = 5
_RETRY_SOON_SECONDS = 1
_RETRY_LATER_SECONDS = 3600
_CHALLENGE = 'Bearer realm="onramp"'
_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")

logger = logging.getLogger(__name__)


def status_of(error: Exception) -> HTTPStatus:
    """Return the status with which an error is answered."""
    known = (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return next(known, HTTPStatus.INTERNAL_SERVER_ERROR)


def problem_of(error: Exception) -> ProblemDocument:
    """Return the document that tells a client what went wrong."""
    status = status_of(error)
    if type(error) in _CODES:
        code, detail = _CODES[type(error)]
        return {**document(status, detail), "code": code}
    inside = not isinstance(error, NotReady) and status in _INSIDE
    return document(status, _INSIDE[status] if inside else str(error), _faults(error))


def document(status: HTTPStatus, detail: str, faults: Sequence[Problem] = ()) -> ProblemDocument:
    """Return a problem document with one entry for each fault."""
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "errors": [{"pointer": fault.pointer, "detail": fault.reason} for fault in faults],
    }


def respond(problem: ProblemDocument, *, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the response that carries a problem document."""
    extra = dict(headers or {})
    if note := current_request():
        note.problem = problem.get("code", problem["title"])
        problem = {**problem, "request_id": note.id}
    if problem["status"] == HTTPStatus.SERVICE_UNAVAILABLE:
        soon = problem.get("code") == "overloaded"
        extra["Retry-After"] = str(_RETRY_SOON_SECONDS if soon else _RETRY_AFTER_SECONDS)
    if problem["status"] == HTTPStatus.REQUEST_TIMEOUT:
        # The rest of the body may still come, and is no request.
        extra["Connection"] = "close"
    if problem["status"] == HTTPStatus.UNAUTHORIZED:
        extra.setdefault("WWW-Authenticate", _CHALLENGE)
    return JSONResponse(
        problem, status_code=problem["status"], headers=extra, media_type=PROBLEM_JSON
    )


def unexpected(error: Exception) -> JSONResponse:
    """Log an error that nobody foresaw, and return the response that says only that."""
    logger.error("unexpected error", exc_info=error)
    return respond(problem_of(error))


def install(app: FastAPI) -> None:
    """Let the application answer every error as a problem document."""
    app.add_exception_handler(OnrampError, _answer_ours)
    app.add_exception_handler(RequestValidationError, _answer_parameters)
    app.add_exception_handler(HTTPException, _answer_routing)


async def _answer_ours(_request: Request, error: Exception) -> Response:
    if isinstance(error, Overloaded):
        return respond(problem_of(error))
    if isinstance(error, TooManyOperations):
        return respond(problem_of(error), headers={"Retry-After": str(_RETRY_AFTER_SECONDS)})
    if isinstance(error, StillInFlight):
        return respond(problem_of(error), headers={"Retry-After": str(_RETRY_SOON_SECONDS)})
    if isinstance(error, TooManyKeys):
        return respond(problem_of(error), headers={"Retry-After": str(_RETRY_LATER_SECONDS)})
    if type(error) in _CODES:
        logger.warning("refused: %s", error)
    elif status_of(error) in _INSIDE and not isinstance(error, NotReady):
        return unexpected(error)
    return respond(problem_of(error), headers=_challenge(error))


def _challenge(error: Exception) -> dict[str, str]:
    # RFC 6750, 3.1: who sent something is told what was wrong with it.
    match error:
        case Unauthenticated(was_tried=True):
            return {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'}
        case Forbidden(missing=Scope() as scope):
            told = f'{_CHALLENGE}, error="insufficient_scope", scope="{scope}"'
            return {"WWW-Authenticate": told}
        case _:
            return {}


async def _answer_parameters(_request: Request, error: Exception) -> Response:
    faults = [_parameter_fault(details) for details in _details(error)]
    return respond(problem_of(InvalidBody(faults)))


async def _answer_routing(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return unexpected(error)
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return _answer_method(request)
    nothing = "There is nothing at this path; /openapi.json lists the paths."
    detail = nothing if status is HTTPStatus.NOT_FOUND else status.description
    return respond(document(status, detail), headers=error.headers)


def _answer_method(request: Request) -> Response:
    # Starlette names the methods of the first route alone; a path has several.
    routes: Sequence[BaseRoute] = request.app.routes
    served = [method for method in _METHODS if _is_served(routes, request, method)]
    if "GET" in served:
        served.append("HEAD")
    allowed = ", ".join(sorted([*served, "OPTIONS"]))
    if request.method == "OPTIONS":
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": allowed})
    detail = f"{request.method} is not allowed here; allowed: {allowed}."
    return respond(document(HTTPStatus.METHOD_NOT_ALLOWED, detail), headers={"Allow": allowed})


def _is_served(routes: Sequence[BaseRoute], request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in routes)


def _details(error: Exception) -> Sequence[Mapping[str, Any]]:
    return error.errors() if isinstance(error, RequestValidationError) else ()


def _parameter_fault(details: Mapping[str, Any]) -> Problem:
    message = str(details["msg"]).removeprefix("Input ").removeprefix("String ")
    return Problem(tuple(details["loc"]), f"{message}.")


def _faults(error: Exception) -> tuple[Problem, ...]:
    if isinstance(error, InvalidBody):
        return error.problems
    if isinstance(error, InvalidRecord | InvalidQuestion):
        path = tuple(error.field.split(".")) if error.field else ()
        return (Problem(path, error.reason),)
    return ()

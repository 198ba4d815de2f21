"""Credentials, learners, jobs and skills: put, get, delete, list."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse

from service.api import shape_types as shape
from service.api.asking import check_own
from service.api.bodies import read_as
from service.api.deps import AnswersDep, IntakeDep, PrincipalDep
from service.api.errors import InvalidBody
from service.api.needs import needs
from service.api.openapi import BODY, NOT_MODIFIED, READ, answers, problems, takes
from service.api.paging import After, PageLimit, paged
from service.api.preconditions import (
    KnownDep,
    MatchDep,
    ReplacingDep,
)
from service.api.resources import Resource
from service.api.shapes import stored_json
from service.domain.access import Principal
from service.domain.ids import ID_PATTERN
from service.domain.record import Kind, Record
from service.intake import RECORD, OutcomeStatus, Problem, body_of, parse_body

RecordIdParam = Annotated[str, Path(alias="id", pattern=ID_PATTERN, description="The record's id.")]


def records_router(resource: Resource) -> APIRouter:
    """Return the routes of one kind of record."""
    router = APIRouter(prefix=f"/v1/{resource.plural}", tags=[resource.plural])
    _add_put(router, resource)
    _add_get(router, resource)
    _add_delete(router, resource)
    _add_list(router, resource)
    return router


def _add_put(router: APIRouter, resource: Resource) -> None:
    kind = resource.kind

    @router.put(
        "/{id}",
        operation_id=f"put_{kind}",
        summary=f"Keep a {kind}, replacing any with the same id",
        dependencies=[needs(resource.writes)],
        openapi_extra=takes(resource.body, kind),
        responses={
            200: answers(shape.Stored, "unchanged", says="It was there; updated or unchanged."),
            201: answers(shape.Stored, "created", says="It is new."),
            **problems(*BODY, HTTPStatus.PRECONDITION_FAILED),
        },
    )
    async def put(
        record_id: RecordIdParam,
        request: Request,
        todo: AnswersDep,
        intake: IntakeDep,
        replacing: ReplacingDep,
        principal: PrincipalDep,
    ) -> Response:
        _check_own(resource, principal, record_id)
        record = await read_as(request, lambda data: _record(kind, record_id, data), most=RECORD)
        outcome = await todo.write(
            intake.put, principal.tenant, record, condition=replacing.condition
        )
        headers = {"ETag": replacing.tags.of(outcome.revision)}
        status = HTTPStatus.OK
        if outcome.status is OutcomeStatus.CREATED:
            status = HTTPStatus.CREATED
            headers["Location"] = f"/v1/{resource.plural}/{record_id}"
        return JSONResponse(stored_json(outcome), status_code=status, headers=headers)


def _add_get(router: APIRouter, resource: Resource) -> None:
    kind = resource.kind

    @router.get(
        "/{id}",
        operation_id=f"get_{kind}",
        summary=f"Return a {kind} as it was put",
        dependencies=[needs(resource.reads, publishable=resource.is_public)],
        responses={
            200: answers(resource.body, kind, says="The record; `ETag` is that of its revision."),
            **NOT_MODIFIED,
            **problems(*READ),
        },
    )
    async def get(
        record_id: RecordIdParam, todo: AnswersDep, principal: PrincipalDep, known: KnownDep
    ) -> Response:
        _check_own(resource, principal, record_id)
        stored = await todo.run(todo.read, principal.tenant, kind, record_id)
        return known.unless(stored.revision, JSONResponse(_native(stored.record)))


def _add_delete(router: APIRouter, resource: Resource) -> None:
    kind = resource.kind

    @router.delete(
        "/{id}",
        operation_id=f"delete_{kind}",
        summary=f"Remove a {kind} with everything that was derived from it",
        dependencies=[needs(resource.writes)],
        status_code=HTTPStatus.NO_CONTENT,
        response_class=Response,
        responses=problems(*READ, HTTPStatus.PRECONDITION_FAILED),
    )
    async def delete(
        record_id: RecordIdParam,
        todo: AnswersDep,
        intake: IntakeDep,
        principal: PrincipalDep,
        condition: MatchDep,
    ) -> Response:
        _check_own(resource, principal, record_id)
        await todo.write(intake.delete, principal.tenant, kind, record_id, condition=condition)
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _add_list(router: APIRouter, resource: Resource) -> None:
    kind = resource.kind

    @router.get(
        "",
        operation_id=f"list_{resource.plural}",
        summary=f"List {resource.plural} by ascending id",
        dependencies=[needs(resource.reads, everyone=resource.is_personal)],
        responses={
            200: answers(shape.RecordPage, f"{kind}_page", says="One page."),
            **problems(HTTPStatus.UNPROCESSABLE_ENTITY),
        },
    )
    async def list_page(
        todo: AnswersDep, principal: PrincipalDep, after: After = "", limit: PageLimit = 100
    ) -> Response:
        found = await todo.run(
            todo.list_page, principal.tenant, kind, after=after or None, limit=limit + 1
        )
        shown, following = paged(found, limit, id_of=lambda stored: stored.record.id)
        page: shape.RecordPage = {
            "items": [_native(stored.record) for stored in shown],
            "next": following,
        }
        return JSONResponse(page)


def _check_own(resource: Resource, principal: Principal, record_id: str) -> None:
    if resource.is_personal:
        check_own(principal, record_id)


def _record(kind: Kind, record_id: str, data: object) -> Record:
    """Return the record that was sent to the path of its id."""
    problems_found: list[Problem] = []
    if isinstance(data, dict):
        if data.get("id", record_id) != record_id:
            reason = f"differs from the id in the path, {record_id!r}; leave it out."
            problems_found.append(Problem(("id",), reason))
        data = {**data, "id": record_id}
    checked = parse_body(kind, data)
    problems_found.extend(checked.problems)
    if problems_found or checked.record is None:
        raise InvalidBody(problems_found)
    return checked.record


def _native(record: Record) -> dict[str, Any]:
    return body_of(record).to_json()

"""A record's skills, and what people say about them: list, confirm or reject, take back."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import JSONResponse

from service.answers import RecordKey
from service.api import shape_types as shape
from service.api.asking import check_own
from service.api.bodies import body_of
from service.api.deps import AnswersDep, IntakeDep, PrincipalDep, SkillAnswersDep
from service.api.needs import needs
from service.api.openapi import QUESTION, READ, answers, problems, takes
from service.api.preconditions import VARIES, TagsDep
from service.api.records import RecordIdParam
from service.api.resources import Resource
from service.api.shapes import stored_json
from service.api.skill_shapes import SkillsOfRecord, VerdictBody, record_skills_json
from service.domain.access import Principal
from service.domain.ids import ID_PATTERN, SkillId

SkillIdParam = Annotated[
    str, Path(alias="skill", pattern=ID_PATTERN, description="The skill's id.")
]


def verdicts_router(resource: Resource) -> APIRouter:
    """Return the routes on the skills of one kind of record."""
    router = APIRouter(prefix=f"/v1/{resource.plural}", tags=[resource.plural])
    _add_list(router, resource)
    _add_put(router, resource)
    _add_delete(router, resource)
    return router


def _add_list(router: APIRouter, resource: Resource) -> None:
    kind = resource.kind

    @router.get(
        "/{id}/skills",
        operation_id=f"list_{kind}_skills",
        summary=f"List a {kind}'s skills, with what people said about them",
        dependencies=[needs(resource.reads)],
        responses={
            200: answers(SkillsOfRecord, "record_skills", says="Its links, then what is rejected."),
            **problems(*READ),
        },
    )
    async def list_skills(
        record_id: RecordIdParam,
        todo: AnswersDep,
        skills: SkillAnswersDep,
        principal: PrincipalDep,
        tags: TagsDep,
    ) -> Response:
        key = _own_key(principal, resource, record_id)
        found = await todo.run(skills.record_skills, principal.tenant, key)
        return JSONResponse(
            record_skills_json(found), headers={"ETag": tags.of(found.revision), "Vary": VARIES}
        )


def _add_put(router: APIRouter, resource: Resource) -> None:
    kind = resource.kind

    @router.put(
        "/{id}/skills/{skill}",
        operation_id=f"judge_{kind}_skill",
        summary=f"Confirm or reject a {kind}'s link to a skill, through every re-run",
        dependencies=[needs(resource.writes)],
        openapi_extra=takes(VerdictBody, "verdict"),
        responses={
            200: answers(shape.Stored, "unchanged", says="The record; updated or unchanged."),
            **problems(*QUESTION),
        },
    )
    async def judge(
        record_id: RecordIdParam,
        skill: SkillIdParam,
        body: Annotated[VerdictBody, Depends(body_of(VerdictBody))],
        todo: AnswersDep,
        intake: IntakeDep,
        principal: PrincipalDep,
    ) -> Response:
        key = _own_key(principal, resource, record_id)
        outcome = await todo.write(intake.judge, principal.tenant, key, body.to_domain(skill))
        return JSONResponse(stored_json(outcome))


def _add_delete(router: APIRouter, resource: Resource) -> None:
    kind = resource.kind

    @router.delete(
        "/{id}/skills/{skill}",
        operation_id=f"forget_{kind}_skill",
        summary=f"Take back what was said about a {kind}'s link to a skill",
        dependencies=[needs(resource.writes)],
        status_code=HTTPStatus.NO_CONTENT,
        response_class=Response,
        responses=problems(*READ),
    )
    async def forget(
        record_id: RecordIdParam,
        skill: SkillIdParam,
        todo: AnswersDep,
        intake: IntakeDep,
        principal: PrincipalDep,
    ) -> Response:
        key = _own_key(principal, resource, record_id)
        await todo.write(intake.forget, principal.tenant, key, SkillId(skill))
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _own_key(principal: Principal, resource: Resource, record_id: str) -> RecordKey:
    """Return what names the record, if it is one that they may name."""
    if resource.is_personal:
        check_own(principal, record_id)
    return RecordKey(resource.kind, record_id)

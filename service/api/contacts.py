"""Contacts: an employer asks to write to a candidate."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from service.api.bodies import body_of
from service.api.deps import ContactIntakeDep, PersonalDep, PrincipalDep
from service.api.errors import Forbidden
from service.api.needs import needs
from service.api.openapi import QUESTION, READ, answers, problems, takes
from service.api.privacy_shapes import (
    ContactBody,
    Contacts,
    ContactShape,
    contact_json,
    contacts_json,
)
from service.domain.access import Principal, Scope
from service.domain.ids import EmployerId, JobId

router = APIRouter(
    prefix="/v1/contacts",
    tags=["privacy"],
    dependencies=[needs(Scope.EMPLOYER_MATCH, employers_only=True)],
)


@router.post(
    "",
    operation_id="ask_contact",
    summary="Ask to know who a candidate is, and to write to them",
    openapi_extra=takes(ContactBody, "contact_ask"),
    responses={
        200: answers(ContactShape, "contact", says="The wish; the same one if asked again."),
        **problems(*QUESTION),
    },
)
async def ask_contact(
    body: Annotated[ContactBody, Depends(body_of(ContactBody))],
    todo: PersonalDep,
    intake: ContactIntakeDep,
    principal: PrincipalDep,
) -> Response:
    """Keep the wish; the learner answers it."""
    tenant, job = principal.tenant, JobId(body.job) if body.job else None
    asked = await todo.run(intake.ask, tenant, _party(principal), body.candidate, job)
    return JSONResponse(contact_json(await todo.run(todo.named, tenant, asked)))


@router.get(
    "",
    operation_id="list_contacts",
    summary="List whom an employer asked to write to, and what they answered",
    responses={200: answers(Contacts, "contacts", says="Oldest first."), **problems(*READ)},
)
async def list_wishes(todo: PersonalDep, principal: PrincipalDep) -> Response:
    """Return the employer's own wishes, and no other's."""
    found = await todo.run(todo.wishes, principal.tenant, _party(principal))
    return JSONResponse(contacts_json(found))


def _party(principal: Principal) -> EmployerId:
    if principal.party is None:
        raise Forbidden.to_others(principal)
    return principal.party

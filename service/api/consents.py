"""A learner's own: what they agreed to, to whom they were shown, and who wants to write to them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import JSONResponse

from service.answers.personal import NamedContact
from service.api.asking import check_own
from service.api.bodies import JSON, body_of
from service.api.deps import ConsentIntakeDep, ContactIntakeDep, PersonalDep, PrincipalDep
from service.api.needs import needs
from service.api.openapi import QUESTION, READ, answers, problems, takes
from service.api.privacy_shapes import (
    ContactAnswerBody,
    Contacts,
    ContactShape,
    Disclosures,
    PersonExport,
    contact_json,
    contacts_json,
    disclosures_json,
)
from service.api.records import RecordIdParam
from service.domain.access import Scope
from service.domain.consent import Consents
from service.domain.disclosure import ContactId
from service.domain.ids import ID_PATTERN, LearnerId
from service.intake.consents import ConsentsBody

router = APIRouter(prefix="/v1/learners", tags=["privacy"])

ContactIdParam = Annotated[
    str, Path(alias="contact", pattern=ID_PATTERN, description="The wish's id.")
]


async def _own(record_id: RecordIdParam, principal: PrincipalDep) -> LearnerId:
    """Return the learner that a path names, unless whoever calls is another one."""
    check_own(principal, record_id)
    return LearnerId(record_id)


LearnerDep = Annotated[LearnerId, Depends(_own)]


@router.put(
    "/{id}/consents",
    operation_id="put_consents",
    summary="Keep what a learner says about who may see them; what is left out is withdrawn",
    dependencies=[needs(Scope.LEARNER_WRITE)],
    openapi_extra=takes(ConsentsBody, "consents"),
    responses={
        200: answers(ConsentsBody, "consents_kept", says="All that holds, held, or will hold."),
        **problems(*QUESTION),
    },
)
async def put_consents(
    learner: LearnerDep,
    body: Annotated[ConsentsBody, Depends(body_of(ConsentsBody))],
    todo: PersonalDep,
    intake: ConsentIntakeDep,
    principal: PrincipalDep,
) -> Response:
    """Keep consents; each next answer goes by them."""
    return _consents(await todo.run(intake.put, principal.tenant, learner, body.to_domain()))


@router.get(
    "/{id}/consents",
    operation_id="get_consents",
    summary="Return what a learner said about who may see them",
    dependencies=[needs(Scope.LEARNER_READ)],
    responses={
        200: answers(ConsentsBody, "consents_kept", says="All that holds, held, or will hold."),
        **problems(*READ),
    },
)
async def get_consents(learner: LearnerDep, todo: PersonalDep, principal: PrincipalDep) -> Response:
    """Return consents, those that ended among them."""
    return _consents(await todo.run(todo.consents, principal.tenant, learner))


@router.get(
    "/{id}/disclosures",
    operation_id="list_disclosures",
    summary="List to whom a learner was shown, for what, when and what of",
    dependencies=[needs(Scope.LEARNER_READ)],
    responses={
        200: answers(Disclosures, "disclosures", says="Oldest first."),
        **problems(*READ),
    },
)
async def list_disclosures(
    learner: LearnerDep, todo: PersonalDep, principal: PrincipalDep
) -> Response:
    """Return a row for each answer to an employer in which the learner was."""
    found = await todo.run(todo.disclosures, principal.tenant, learner)
    return JSONResponse(disclosures_json(learner, found))


@router.get(
    "/{id}/export",
    operation_id="export_learner",
    summary="Return all that is kept about a learner; vectors never are",
    dependencies=[needs(Scope.LEARNER_READ)],
    responses={200: answers(PersonExport, "person", says="Canonical JSON."), **problems(*READ)},
)
async def export_learner(
    learner: LearnerDep, todo: PersonalDep, principal: PrincipalDep
) -> Response:
    """Return record, skills with their words, consents, disclosures, contacts and decisions."""
    found = await todo.run(todo.export, principal.tenant, learner)
    return Response(found, media_type=JSON[0])


@router.get(
    "/{id}/contacts",
    operation_id="list_learner_contacts",
    summary="List who wants to write to a learner",
    dependencies=[needs(Scope.LEARNER_READ)],
    responses={200: answers(Contacts, "contacts", says="Oldest first."), **problems(*READ)},
)
async def list_contacts(
    learner: LearnerDep, todo: PersonalDep, principal: PrincipalDep
) -> Response:
    """Return employers' wishes, with the learner's answers."""
    found = await todo.run(todo.contacts, principal.tenant, learner)
    return JSONResponse(contacts_json(NamedContact(each, each.pseudonym) for each in found))


@router.put(
    "/{id}/contacts/{contact}",
    operation_id="answer_contact",
    summary="Say whether an employer may know who a learner is, and write to them",
    dependencies=[needs(Scope.LEARNER_WRITE)],
    openapi_extra=takes(ContactAnswerBody, "contact_answer"),
    responses={
        200: answers(ContactShape, "contact", says="The wish with the answer."),
        **problems(*QUESTION),
    },
)
async def answer_contact(
    learner: LearnerDep,
    contact: ContactIdParam,
    body: Annotated[ContactAnswerBody, Depends(body_of(ContactAnswerBody))],
    todo: PersonalDep,
    intake: ContactIntakeDep,
    principal: PrincipalDep,
) -> Response:
    """Keep the answer in place of any before."""
    wish = ContactId(contact)
    kept = await todo.run(intake.answer, principal.tenant, learner, wish, body.status)
    return JSONResponse(contact_json(NamedContact(kept, kept.pseudonym)))


def _consents(found: Consents) -> Response:
    return JSONResponse(ConsentsBody.of(found).to_json())

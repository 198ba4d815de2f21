"""Credit: what counts towards a degree, a learner's record, and the rules by which it counts."""

from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from service.answers.credit import CreditAnswers
from service.api import credit_shape_types as credit_shape
from service.api import shape_types as shape
from service.api.asking import Asking, check_own
from service.api.bodies import body_of, read_as
from service.api.credit_bodies import CreditEvaluateBody
from service.api.credit_shapes import evaluation_json, learner_record_json
from service.api.deps import AskingDep, PrincipalDep, given
from service.api.errors import InvalidBody
from service.api.needs import needs
from service.api.openapi import BODY, NOT_MODIFIED, QUESTION, READ, answers, problems, takes
from service.api.preconditions import (
    KnownDep,
    MatchDep,
    ReplacingDep,
)
from service.api.records import RecordIdParam
from service.domain.access import Scope
from service.domain.credit import RuleKind
from service.domain.credit_policy import CreditRule
from service.domain.ids import TenantId
from service.intake import RECORD, OutcomeStatus, Problem
from service.intake.credit import (
    AgreementBody,
    CreditIntake,
    PolicyBody,
    RuleBody,
    parse_rule,
    rule_body_of,
)

CreditDep = Annotated[CreditAnswers, Depends(given(lambda services: services.credit))]
CreditIntakeDep = Annotated[CreditIntake, Depends(given(lambda services: services.credit_intake))]


class RuleResource(NamedTuple):
    """One kind of rule, its path, the name of its example and its native form."""

    kind: RuleKind
    plural: str
    name: str
    body: type[RuleBody]


RULES = (
    RuleResource(RuleKind.POLICY, "policies", "credit_policy", PolicyBody),
    RuleResource(RuleKind.AGREEMENT, "agreements", "transfer_agreement", AgreementBody),
)

router = APIRouter(prefix="/v1", tags=["credit"])


@router.post(
    "/credit/evaluate",
    operation_id="evaluate_credit",
    summary="Count what a learner's courses and credentials are worth towards a degree",
    dependencies=[needs(Scope.LEARNER_READ)],
    openapi_extra=takes(CreditEvaluateBody, "credit_evaluate"),
    responses={
        200: answers(
            credit_shape.CreditEvaluation,
            "credit_evaluation",
            says="What counts, by which rule, and what is left.",
        ),
        **problems(*QUESTION),
    },
)
async def evaluate_credit(
    body: Annotated[CreditEvaluateBody, Depends(body_of(CreditEvaluateBody))],
    asking: AskingDep,
    credit: CreditDep,
) -> Response:
    """Return each item with its rule, the caps that cut, residency, and what is left."""
    return JSONResponse(await asking.run(_evaluate, asking, credit, body))


@router.get(
    "/learners/{id}/record",
    operation_id="learner_record",
    summary="Return all that a learner has done, with totals for each unit of credit",
    dependencies=[needs(Scope.LEARNER_READ)],
    responses={
        200: answers(credit_shape.LearnerRecord, "learner_record", says="Newest first."),
        **problems(*READ),
    },
)
async def learner_record(
    record_id: RecordIdParam, credit: CreditDep, principal: PrincipalDep
) -> Response:
    """Return courses, credentials and experience as one record."""
    check_own(principal, record_id)
    return JSONResponse(await credit.run(_record, credit, principal.tenant, record_id))


def _evaluate(asking: Asking, credit: CreditAnswers, body: CreditEvaluateBody) -> dict[str, Any]:
    return evaluation_json(credit.evaluate(asking.tenant, body.question(asking)))


def _record(credit: CreditAnswers, tenant: TenantId, learner_id: str) -> dict[str, Any]:
    learner = credit.learner(tenant, learner_id)
    return learner_record_json(credit.record(tenant, learner))


def rules_router(resource: RuleResource) -> APIRouter:
    """Return the routes of one kind of rule."""
    made = APIRouter(prefix=f"/v1/credit/{resource.plural}", tags=["credit"])
    _add_put(made, resource)
    _add_get(made, resource)
    _add_delete(made, resource)
    return made


def _add_put(made: APIRouter, resource: RuleResource) -> None:
    @made.put(
        "/{id}",
        operation_id=f"put_{resource.name}",
        summary=f"Keep a {resource.kind}, replacing any with the same id",
        dependencies=[needs(Scope.CATALOG_WRITE)],
        openapi_extra=takes(resource.body, resource.name),
        responses={
            200: answers(shape.Stored, "unchanged", says="It was there; updated or unchanged."),
            201: answers(shape.Stored, "created", says="It is new."),
            **problems(*BODY, HTTPStatus.PRECONDITION_FAILED),
        },
    )
    async def put(
        rule_id: RecordIdParam,
        request: Request,
        credit: CreditDep,
        intake: CreditIntakeDep,
        replacing: ReplacingDep,
        principal: PrincipalDep,
    ) -> Response:
        rule = await read_as(request, lambda data: _rule(resource.kind, rule_id, data), most=RECORD)
        outcome = await credit.run(
            intake.put, principal.tenant, rule, condition=replacing.condition
        )
        created = outcome.status is OutcomeStatus.CREATED
        headers = {"ETag": replacing.tags.of(outcome.revision)}
        if created:
            headers["Location"] = f"/v1/credit/{resource.plural}/{rule_id}"
        stored: shape.Stored = {
            "id": outcome.id,
            "status": outcome.status,
            "revision": outcome.revision,
            "warnings": [],
        }
        status = HTTPStatus.CREATED if created else HTTPStatus.OK
        return JSONResponse(stored, status_code=status, headers=headers)


def _add_get(made: APIRouter, resource: RuleResource) -> None:
    @made.get(
        "/{id}",
        operation_id=f"get_{resource.name}",
        summary=f"Return a {resource.kind} as it was put",
        dependencies=[needs(Scope.CATALOG_READ)],
        responses={
            200: answers(resource.body, resource.name, says="`ETag` is that of its revision."),
            **NOT_MODIFIED,
            **problems(*READ),
        },
    )
    async def get(
        rule_id: RecordIdParam, credit: CreditDep, principal: PrincipalDep, known: KnownDep
    ) -> Response:
        stored = await credit.run(credit.rule, principal.tenant, resource.kind, rule_id)
        native = rule_body_of(stored.rule).to_json()
        return known.unless(stored.revision, JSONResponse(native))


def _add_delete(made: APIRouter, resource: RuleResource) -> None:
    @made.delete(
        "/{id}",
        operation_id=f"delete_{resource.name}",
        summary=f"Remove a {resource.kind}",
        dependencies=[needs(Scope.CATALOG_WRITE)],
        status_code=HTTPStatus.NO_CONTENT,
        response_class=Response,
        responses=problems(*READ, HTTPStatus.PRECONDITION_FAILED),
    )
    async def delete(
        rule_id: RecordIdParam,
        credit: CreditDep,
        intake: CreditIntakeDep,
        principal: PrincipalDep,
        condition: MatchDep,
    ) -> Response:
        tenant = principal.tenant
        await credit.run(intake.delete, tenant, resource.kind, rule_id, condition=condition)
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _rule(kind: RuleKind, rule_id: str, data: object) -> CreditRule:
    """Return the rule that was sent to the path of its id."""
    found: list[Problem] = []
    if isinstance(data, dict):
        if data.get("id", rule_id) != rule_id:
            reason = f"differs from the id in the path, {rule_id!r}; leave it out."
            found.append(Problem(("id",), reason))
        data = {**data, "id": rule_id}
    checked = parse_rule(kind, data)
    found.extend(checked.problems)
    if found or checked.rule is None:
        raise InvalidBody(found)
    return checked.rule

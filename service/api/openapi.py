"""What OpenAPI says of each route: bodies, answers and problems, with an example of each."""

import json
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Literal

from fastapi import APIRouter, FastAPI, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter

from service.api import credit_shape_types as credit_shape
from service.api import match_types as match
from service.api import pathway_shape_types
from service.api import shape_types as shape
from service.api.bodies import JSON, NDJSON
from service.api.credit_bodies import CreditEvaluateBody
from service.api.errors import (
    BodyTooLarge,
    BodyTooSlow,
    Forbidden,
    InvalidBody,
    MalformedBody,
    NotReady,
    StillInFlight,
    TooManyRequests,
    Unauthenticated,
    WrongMediaType,
)
from service.api.event_shapes import EventBody, EventPage, TakenEvent, TakenEventLine
from service.api.examples import example, example_names
from service.api.explanation_body import ExplainBody
from service.api.explanation_shapes import Explanation
from service.api.key_types import (
    KeyBody,
    KeyPage,
    KeyRecord,
    NewKeyRecord,
    RotateBody,
    TenantBody,
    TenantPage,
    TenantRecord,
)
from service.api.middleware import BODY_LIMIT
from service.api.needs import PUBLIC, Needs, declarations
from service.api.openapi_headers import HEADERS, WITH_HEADERS
from service.api.operation_shapes import OperationStatus, OperationSummary
from service.api.pathway_body import PathwayBody
from service.api.privacy_shapes import (
    ContactAnswerBody,
    ContactBody,
    Contacts,
    ContactShape,
    Disclosures,
    PersonExport,
)
from service.api.problems import PROBLEM_JSON, problem_of
from service.api.questions import (
    CandidatesBody,
    ExtractBody,
    GapBody,
    JobsBody,
    RecommendBody,
)
from service.api.similar_shapes import SimilarBody, SimilarItems
from service.api.skill_shapes import (
    NormalizeBody,
    NormalizedNames,
    SkillsOfRecord,
    VerdictBody,
)
from service.api.soft_types import SoftSkillCoverage
from service.api.suggestion_types import SuggestedNames
from service.domain.access import DEMO_PRINCIPAL, PrincipalId, Scope
from service.errors import NotFound, PreconditionFailed
from service.intake import CredentialBody, JobBody, LearnerBody, Problem, SkillBody
from service.intake.consents import ConsentsBody
from service.intake.credit import AgreementBody, PolicyBody

Json = dict[str, Any]
Responses = dict[int | str, Json]

VERSION = "3.1.0"
ITEM_SCHEMA = "x-item-schema"
"""What OpenAPI 3.2 calls ``itemSchema``; 3.1 has no word for the schema of a line."""

READ = (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
BODY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
NOT_MODIFIED: Responses = {304: {"description": "The client has it already."}}
ONCE = (*BODY, HTTPStatus.CONFLICT)
QUESTION = (*BODY, HTTPStatus.NOT_FOUND)

_DESCRIBED: tuple[type, ...] = (
    RecommendBody,
    CandidatesBody,
    JobsBody,
    ExtractBody,
    GapBody,
    PathwayBody,
    ExplainBody,
    CredentialBody,
    LearnerBody,
    JobBody,
    SkillBody,
    CreditEvaluateBody,
    PolicyBody,
    AgreementBody,
    credit_shape.CreditEvaluation,
    credit_shape.LearnerRecord,
    shape.Recommendations,
    match.Matches,
    match.AnsweredLine,
    match.RefusedLine,
    match.BatchSummary,
    shape.Gap,
    pathway_shape_types.Pathway,
    Explanation,
    shape.FoundSkills,
    SoftSkillCoverage,
    shape.Stored,
    shape.RecordPage,
    shape.StoredLine,
    shape.FailedLine,
    shape.Meta,
    shape.Health,
    shape.Ready,
    shape.ProblemDocument,
    NormalizeBody,
    NormalizedNames,
    SimilarBody,
    SimilarItems,
    VerdictBody,
    SkillsOfRecord,
    ConsentsBody,
    ContactBody,
    ContactAnswerBody,
    ContactShape,
    Contacts,
    Disclosures,
    PersonExport,
    EventBody,
    TakenEvent,
    TakenEventLine,
    EventPage,
    OperationStatus,
    OperationSummary,
    SuggestedNames,
    KeyBody,
    RotateBody,
    KeyRecord,
    NewKeyRecord,
    KeyPage,
    TenantBody,
    TenantRecord,
    TenantPage,
)
SCHEME = "key"
_SCHEMES: Json = {
    SCHEME: {
        "type": "http",
        "scheme": "bearer",
        "description": "A key, `sk_…` or `pk_…`; `x-scope` of an operation is what it needs.",
    }
}
_REFERENCE = "#/components/schemas/{model}"
_EXAMPLES: dict[HTTPStatus, Exception] = {
    HTTPStatus.BAD_REQUEST: MalformedBody("The body is not JSON: expecting value at character 12."),
    HTTPStatus.UNAUTHORIZED: Unauthenticated(),
    HTTPStatus.FORBIDDEN: Forbidden.of(
        replace(
            DEMO_PRINCIPAL, id=PrincipalId("sk_7h2k9m4qx0"), scopes=frozenset({Scope.CATALOG_READ})
        ),
        Scope.LEARNER_READ,
    ),
    HTTPStatus.NOT_FOUND: NotFound("learner", "l-404"),
    HTTPStatus.REQUEST_TIMEOUT: BodyTooSlow(10),
    HTTPStatus.CONFLICT: StillInFlight(),
    HTTPStatus.PRECONDITION_FAILED: PreconditionFailed("learner", "l-042", 3),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: BodyTooLarge(BODY_LIMIT),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: WrongMediaType("text/plain", JSON),
    HTTPStatus.UNPROCESSABLE_ENTITY: InvalidBody(
        [Problem(("limit",), "0 is not a number of 1 or more.")]
    ),
    HTTPStatus.TOO_MANY_REQUESTS: TooManyRequests(6_000, 12),
    HTTPStatus.INTERNAL_SERVER_ERROR: RuntimeError(),
    HTTPStatus.SERVICE_UNAVAILABLE: NotReady(),
}


def reference(described: type) -> Json:
    """Return the reference to the schema of a type that is described here."""
    return {"$ref": _REFERENCE.format(model=described.__name__)}


def takes(described: type, example_name: str) -> Json:
    """Return what OpenAPI says of a JSON body."""
    content = {"schema": reference(described), "examples": _example(example_name)}
    return {"requestBody": {"required": True, "content": {JSON[0]: content}}}


def takes_lines(described: type, example_name: str) -> Json:
    """Return what OpenAPI says of a body with one JSON object on each line."""
    lines = _lines(example(example_name))
    content = {"schema": {"type": "string"}, ITEM_SCHEMA: reference(described), "example": lines}
    return {"requestBody": {"required": True, "content": dict.fromkeys(NDJSON, content)}}


def answers(described: type, example_name: str, *, says: str) -> Json:
    """Return what OpenAPI says of a JSON answer."""
    content = {"schema": reference(described), "examples": _example(example_name)}
    return {"description": says, "content": {JSON[0]: content}}


def answers_text(example_name: str, *, says: str) -> Json:
    """Return what OpenAPI says of an answer in plain text."""
    content = {"schema": {"type": "string"}, "example": example(example_name)}
    return {"description": says, "content": {"text/plain": content}}


def answers_lines(
    example_name: str, *, says: str, forms: tuple[type, ...] = (shape.StoredLine, shape.FailedLine)
) -> Json:
    """Return what OpenAPI says of an answer with a result, of one of the forms, on each line."""
    content = {
        "schema": {"type": "string"},
        ITEM_SCHEMA: {"oneOf": [reference(form) for form in forms]},
        "example": _lines(example(example_name)),
    }
    return {"description": says, "content": {NDJSON[0]: content}}


def problems(*statuses: HTTPStatus) -> Responses:
    """Return what OpenAPI says of the problems that a route can answer with."""
    always = (
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
    return {status.value: _problem(status) for status in (*statuses, *always)}


def describe(app: FastAPI) -> None:
    """Let the application describe itself with these schemas."""

    def document() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = get_openapi(
                title=app.title,
                version=app.version,
                openapi_version=VERSION,
                summary=app.summary,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            components = app.openapi_schema.setdefault("components", {})
            components.setdefault("schemas", {}).update(_schemas())
            # Not given to FastAPI, which would take out every null.
            components["examples"] = {name: {"value": example(name)} for name in example_names()}
            components["securitySchemes"] = _SCHEMES
            components["headers"] = HEADERS
            _let_paths_name(app.openapi_schema)
            _declare(app.openapi_schema, app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way


def describing_router(app: FastAPI) -> APIRouter:
    """Return the route on which the application describes itself."""
    router = APIRouter(include_in_schema=False)

    async def openapi() -> Response:
        return JSONResponse(app.openapi())

    router.add_api_route("/openapi.json", openapi, dependencies=[PUBLIC])
    return router


def _let_paths_name(document: Json) -> None:
    """Say of each record that is put that its id, which the path has, may be absent from it."""
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        if path.endswith("/{id}") and "put" in operations:
            content = operations["put"]["requestBody"]["content"][JSON[0]]
            described = schemas[content["schema"]["$ref"].rpartition("/")[2]]
            others = [name for name in described["required"] if name != "id"]
            content["schema"] = {**described, "required": others}


def _declare(document: Json, app: FastAPI) -> None:
    """Say of each operation what it needs, and how it is refused."""
    for declared in declarations(app):
        for method in declared.methods:
            operation = document["paths"].get(declared.path, {}).get(method.lower())
            if operation is not None and declared.needs is not None:
                _say(operation, declared.needs)


def _say(operation: Json, needs: Needs) -> None:
    operation["security"] = [] if needs.is_public else [{SCHEME: []}]
    operation["x-scope"] = "own" if needs.own else needs.scope
    operation["x-publishable"] = needs.publishable
    operation["x-everyone"] = needs.everyone
    operation["x-employer"] = needs.employer
    operation["x-employers-only"] = needs.employers_only
    if not needs.is_public:
        refused = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
        refusals = {str(status.value): _problem(status) for status in refused}
        operation["responses"] = {**operation["responses"], **refusals}


def _schemas() -> Json:
    mode: Literal["validation"] = "validation"
    adapters = [(each.__name__, mode, TypeAdapter[Any](each)) for each in _DESCRIBED]
    _, found = TypeAdapter.json_schemas(adapters, ref_template=_REFERENCE)
    return dict(found["$defs"])


def _example(name: str) -> Json:
    return {name: {"$ref": f"#/components/examples/{name}"}}


def _problem(status: HTTPStatus) -> Json:
    document = problem_of(_EXAMPLES[status])
    content = {"schema": reference(shape.ProblemDocument), "example": document}
    said = {"description": status.phrase, "content": {PROBLEM_JSON: content}}
    return {**said, "headers": WITH_HEADERS[status]} if status in WITH_HEADERS else said


def _lines(items: list[Json]) -> str:
    return "".join(f"{json.dumps(item, ensure_ascii=False)}\n" for item in items)

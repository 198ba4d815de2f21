"""Skills of a text, and the skills that a goal asks for and a learner cannot show."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from service.api import shape_types as shape
from service.api.asking import Asking
from service.api.bodies import body_of
from service.api.deps import AskingDep
from service.api.needs import needs
from service.api.openapi import BODY, QUESTION, answers, problems, takes
from service.api.questions import ExtractBody, GapBody, StoredRef, learner_of
from service.api.shapes import extracted_json, gap_json
from service.domain.access import Scope

router = APIRouter(prefix="/v1/skills", tags=["answers"])


@router.post(
    "/extract",
    operation_id="extract_skills",
    summary="Find the skills that a text names or suggests",
    dependencies=[needs(Scope.CATALOG_READ, publishable=True, employer=Scope.EMPLOYER_MATCH)],
    openapi_extra=takes(ExtractBody, "extract"),
    responses={
        200: answers(shape.FoundSkills, "found_skills", says="Surest first."),
        **problems(*BODY),
    },
)
async def extract_skills(
    body: Annotated[ExtractBody, Depends(body_of(ExtractBody))], asking: AskingDep
) -> Response:
    """Return skills with the words that they come from; nothing of the text is kept."""
    found = await asking.run(asking.answers.extract, asking.tenant, body.text, limit=body.limit)
    return JSONResponse(extracted_json(found))


@router.post(
    "/gap",
    operation_id="skill_gap",
    summary="Measure what a goal asks for and a learner cannot show",
    dependencies=[needs(Scope.LEARNER_READ)],
    openapi_extra=takes(GapBody, "gap"),
    responses={
        200: answers(shape.Gap, "skill_gap", says="What is held, and what is open."),
        **problems(*QUESTION),
    },
)
async def skill_gap(
    body: Annotated[GapBody, Depends(body_of(GapBody))], asking: AskingDep
) -> Response:
    """Return the goal's requirements, and how much of each the evidence covers."""
    return JSONResponse(await asking.run(_gap, asking, body))


def _gap(asking: Asking, body: GapBody) -> dict[str, Any]:
    goal = body.goal.to_domain() if body.goal else None
    stored = isinstance(body.learner, StoredRef)
    found, labels = asking.answers.gap(
        asking.tenant, learner_of(asking, body.learner), stored=stored, goal=goal
    )
    return gap_json(found, labels)

"""Skills of a text, and the skills that a goal asks for and a learner cannot show."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from service.answers import Answers
from service.api import shape_types as shape
from service.api.bodies import body_of
from service.api.deps import AnswersDep
from service.api.openapi import BODY, QUESTION, answers, problems, takes
from service.api.questions import ExtractBody, GapBody, StoredRef, learner_of
from service.api.shapes import extracted_json, gap_json
from service.domain.ids import DEFAULT_TENANT

router = APIRouter(prefix="/v1/skills", tags=["answers"])


@router.post(
    "/extract",
    operation_id="extract_skills",
    summary="Find the skills that a text names or suggests",
    openapi_extra=takes(ExtractBody, "extract"),
    responses={
        200: answers(shape.FoundSkills, "found_skills", says="Surest first."),
        **problems(*BODY),
    },
)
async def extract_skills(
    body: Annotated[ExtractBody, Depends(body_of(ExtractBody))], todo: AnswersDep
) -> Response:
    """Return skills with the words that they come from; nothing of the text is kept."""
    found = await todo.run(todo.extract, DEFAULT_TENANT, body.text, limit=body.limit)
    return JSONResponse(extracted_json(found))


@router.post(
    "/gap",
    operation_id="skill_gap",
    summary="Measure what a goal asks for and a learner cannot show",
    openapi_extra=takes(GapBody, "gap"),
    responses={
        200: answers(shape.Gap, "skill_gap", says="What is held, and what is open."),
        **problems(*QUESTION),
    },
)
async def skill_gap(
    body: Annotated[GapBody, Depends(body_of(GapBody))], todo: AnswersDep
) -> Response:
    """Return the goal's requirements, and how much of each the evidence covers."""
    return JSONResponse(await todo.run(_gap, todo, body))


def _gap(todo: Answers, body: GapBody) -> dict[str, Any]:
    goal = body.goal.to_domain() if body.goal else None
    stored = isinstance(body.learner, StoredRef)
    found, labels = todo.gap(
        DEFAULT_TENANT, learner_of(todo, body.learner), stored=stored, goal=goal
    )
    return gap_json(found, labels)

"""Names as skills of the vocabulary."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from service.api.bodies import body_of
from service.api.deps import AskingDep, SkillAnswersDep
from service.api.needs import needs
from service.api.openapi import BODY, answers, problems, takes
from service.api.skill_shapes import NormalizeBody, NormalizedNames, normalized_json
from service.domain.access import Scope

router = APIRouter(prefix="/v1/skills", tags=["answers"])


@router.post(
    "/normalize",
    operation_id="normalize_skills",
    summary="Say which skills of the vocabulary some names are",
    dependencies=[needs(Scope.CATALOG_READ)],
    openapi_extra=takes(NormalizeBody, "normalize"),
    responses={
        200: answers(NormalizedNames, "normalized_names", says="One for each name, in order."),
        **problems(*BODY),
    },
)
async def normalize_skills(
    body: Annotated[NormalizeBody, Depends(body_of(NormalizeBody))],
    asking: AskingDep,
    skills: SkillAnswersDep,
) -> Response:
    """Return a skill for each name, or null and what is nearest."""
    found = await asking.run(
        skills.normalize, asking.tenant, body.names, min_confidence=body.min_confidence
    )
    return JSONResponse(normalized_json(found))

"""Which credentials, in which order, lead to a goal?"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from service.answers import Answers, Pathways
from service.api import pathway_shape_types as shape
from service.api.bodies import body_of
from service.api.deps import AnswersDep, PathwaysDep
from service.api.openapi import QUESTION, answers, problems, takes
from service.api.pathway_body import PathwayBody
from service.api.pathway_shapes import pathway_json
from service.domain.ids import DEFAULT_TENANT

router = APIRouter(prefix="/v1/pathways", tags=["answers"])


@router.post(
    "",
    operation_id="find_pathway",
    summary="Plan the credentials that lead to a goal within budget, weeks and hours a week",
    openapi_extra=takes(PathwayBody, "pathway"),
    responses={
        200: answers(shape.Pathway, "pathways", says="Steps in their order, with a proof."),
        **problems(*QUESTION),
    },
)
async def find_pathway(
    body: Annotated[PathwayBody, Depends(body_of(PathwayBody))],
    reading: AnswersDep,
    todo: PathwaysDep,
) -> Response:
    """Return the set and order of credentials that covers most of the weighted gap."""
    return JSONResponse(await todo.run(_find, reading, todo, body))


def _find(reading: Answers, todo: Pathways, body: PathwayBody) -> dict[str, Any]:
    return pathway_json(todo.find(DEFAULT_TENANT, body.question(reading)))

"""Which credentials, in which order, lead to a goal?"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from service.answers import Pathways
from service.api import pathway_shape_types as shape
from service.api.asking import Asking
from service.api.bodies import body_of
from service.api.deps import AskingDep, PathwaysDep
from service.api.needs import needs
from service.api.openapi import QUESTION, answers, problems, takes
from service.api.pathway_body import PathwayBody
from service.api.pathway_shapes import pathway_json
from service.api.rendering import LongAnswer
from service.domain.access import Scope

router = APIRouter(prefix="/v1/pathways", tags=["answers"])


@router.post(
    "",
    operation_id="find_pathway",
    summary="Plan the credentials that lead to a goal within budget, weeks and hours a week",
    dependencies=[needs(Scope.LEARNER_READ)],
    openapi_extra=takes(PathwayBody, "pathway"),
    responses={
        200: answers(shape.Pathway, "pathways", says="Steps in their order, with a proof."),
        **problems(*QUESTION),
    },
)
async def find_pathway(
    body: Annotated[PathwayBody, Depends(body_of(PathwayBody))],
    asking: AskingDep,
    todo: PathwaysDep,
) -> Response:
    """Return the set and order of credentials that covers most of the weighted gap."""
    return await todo.run(lambda: LongAnswer(_find(asking, todo, body), shape.Pathway))


def _find(asking: Asking, todo: Pathways, body: PathwayBody) -> dict[str, Any]:
    return pathway_json(todo.find(asking.tenant, body.question(asking)))

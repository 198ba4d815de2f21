"""Which microcredential next?"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from service.api import shape_types as shape
from service.api.asking import Asking
from service.api.bodies import body_of
from service.api.deps import AskingDep
from service.api.needs import needs
from service.api.openapi import QUESTION, answers, problems, takes
from service.api.questions import RecommendBody
from service.api.rendering import LongAnswer
from service.api.shapes import recommendation_json
from service.domain.access import Scope

router = APIRouter(prefix="/v1/recommendations", tags=["answers"])


@router.post(
    "/credentials",
    operation_id="recommend_credentials",
    summary="Recommend the credentials that add most of what a goal still asks for",
    dependencies=[needs(Scope.LEARNER_READ, publishable=True)],
    openapi_extra=takes(RecommendBody, "recommend"),
    responses={
        200: answers(shape.Recommendations, "recommendations", says="Best first, with reasons."),
        **problems(*QUESTION),
    },
)
async def recommend_credentials(
    body: Annotated[RecommendBody, Depends(body_of(RecommendBody))], asking: AskingDep
) -> Response:
    """Rank the credentials that meet the constraints by what they add for the learner."""
    return await asking.run(
        lambda: LongAnswer(credentials_json(asking, body), shape.Recommendations)
    )


def credentials_json(asking: Asking, body: RecommendBody) -> dict[str, Any]:
    """Return which microcredential next; blocking."""
    asking = asking.one_question()
    question = body.question(asking)
    return recommendation_json(asking.answers.recommend(asking.tenant, question, asking.reader))

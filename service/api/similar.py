"""Items that are like others, of the same or of another kind."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from service.answers.similar import SimilarQuestion
from service.api.asking import check_own
from service.api.bodies import body_of
from service.api.deps import AskingDep, SimilarDep
from service.api.needs import Needs, needs
from service.api.openapi import QUESTION, answers, problems, takes
from service.api.similar_shapes import SimilarBody, SimilarItems, similar_json
from service.domain.access import Principal, Scope
from service.domain.record import Kind

router = APIRouter(prefix="/v1", tags=["answers"])


@router.post(
    "/similar",
    operation_id="similar_items",
    summary="Find what is like some records, and unlike others",
    dependencies=[needs(Scope.CATALOG_READ)],
    openapi_extra=takes(SimilarBody, "similar"),
    responses={
        200: answers(SimilarItems, "similar_items", says="Most alike first."),
        **problems(*QUESTION),
    },
)
async def similar_items(
    body: Annotated[SimilarBody, Depends(body_of(SimilarBody))],
    asking: AskingDep,
    similar: SimilarDep,
) -> Response:
    """Return records by their similarity, with the skills that they share as the reason."""
    question = body.question()
    check_examples(asking.principal, question)
    found = await asking.run(similar.similar, asking.tenant, question)
    return JSONResponse(similar_json(found, body.strategy))


def check_examples(principal: Principal, question: SimilarQuestion) -> None:
    """Do nothing if someone may name these examples: learners are for who may read them.

    Raises:
        Forbidden: if they may not.
        NotFound: if they stand for another learner.
    """
    for key in (*question.positive, *question.negative):
        if key.kind is Kind.LEARNER:
            Needs(scope=Scope.LEARNER_READ).check(principal)
            check_own(principal, key.id)

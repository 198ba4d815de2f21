"""Items that are like others, of the same or of another kind."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from service.api.bodies import body_of
from service.api.deps import AnswersDep, PrincipalDep, SimilarDep
from service.api.openapi import QUESTION, answers, problems, takes
from service.api.similar_shapes import SimilarBody, SimilarItems, similar_json
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.errors import NotFound

router = APIRouter(prefix="/v1", tags=["answers"])


@router.post(
    "/similar",
    operation_id="similar_items",
    summary="Find what is like some records, and unlike others",
    openapi_extra=takes(SimilarBody, "similar"),
    responses={
        200: answers(SimilarItems, "similar_items", says="Most alike first."),
        **problems(*QUESTION),
    },
)
async def similar_items(
    body: Annotated[SimilarBody, Depends(body_of(SimilarBody))],
    todo: AnswersDep,
    similar: SimilarDep,
    principal: PrincipalDep,
) -> Response:
    """Return records by their similarity, with the skills that they share as the reason.

    For an employer no learner is an example.
    """
    question = body.question()
    for key in (*question.positive, *question.negative):
        if principal.party is not None and key.kind is Kind.LEARNER:
            raise NotFound(*key)
    found = await todo.run(similar.similar, DEFAULT_TENANT, question)
    return JSONResponse(similar_json(found, body.strategy))

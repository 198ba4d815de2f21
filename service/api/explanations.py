"""Why does one credential, or one job, have its score for one learner, and what if?"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from service.answers import Answers, ExplainQuestion
from service.answers.personal import PersonalData
from service.api.bodies import body_of
from service.api.deps import AnswersDep, ExplainingDep, PersonalDep, PrincipalDep
from service.api.explanation_body import ExplainBody
from service.api.explanation_shapes import Explanation, explanation_json
from service.api.openapi import QUESTION, answers, problems, takes
from service.api.questions import StoredRef
from service.domain.access import Principal
from service.domain.ids import DEFAULT_TENANT

router = APIRouter(prefix="/v1", tags=["answers"])


@router.post(
    "/explanations",
    operation_id="explain",
    summary="Explain one credential or job for one learner, and what a change would do",
    openapi_extra=takes(ExplainBody, "explain"),
    responses={
        200: answers(Explanation, "explanation", says="The pair, and what if."),
        **problems(*QUESTION),
    },
)
async def explain(
    body: Annotated[ExplainBody, Depends(body_of(ExplainBody))],
    todo: ExplainingDep,
    reading: AnswersDep,
    personal: PersonalDep,
    principal: PrincipalDep,
) -> Response:
    """Score the pair whatever its rank, before and after the change that is asked about.

    An employer names a candidate by the name under which it was shown them.
    """

    def explained() -> dict[str, Any]:
        question = _question(body, reading, personal, principal)
        return explanation_json(todo.explain(DEFAULT_TENANT, question))

    return JSONResponse(await todo.run(explained))


def _question(
    body: ExplainBody, reading: Answers, personal: PersonalData, principal: Principal
) -> ExplainQuestion:
    if principal.party is None or not isinstance(body.learner, StoredRef):
        return body.question(reading)
    learner = personal.behind(DEFAULT_TENANT, principal.party, body.learner.id)
    return body.question_about(learner, party=principal.party)

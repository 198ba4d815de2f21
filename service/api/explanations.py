"""Why does one credential, or one job, have its score for one learner, and what if?"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from service.answers import Explaining, ExplainQuestion
from service.answers.personal import PersonalData
from service.api.asking import Asking
from service.api.bodies import body_of
from service.api.deps import AskingDep, ExplainingDep, PersonalDep
from service.api.explanation_body import ExplainBody
from service.api.explanation_shapes import Explanation, explanation_json
from service.api.needs import needs
from service.api.openapi import QUESTION, answers, problems, takes
from service.api.questions import StoredRef
from service.api.rendering import LongAnswer
from service.domain.access import Scope

router = APIRouter(prefix="/v1", tags=["answers"])


@router.post(
    "/explanations",
    operation_id="explain",
    summary="Explain one credential or job for one learner, and what a change would do",
    dependencies=[needs(Scope.LEARNER_READ, employer=Scope.EMPLOYER_MATCH)],
    openapi_extra=takes(ExplainBody, "explain"),
    responses={
        200: answers(Explanation, "explanation", says="The pair, and what if."),
        **problems(*QUESTION),
    },
)
async def explain(
    body: Annotated[ExplainBody, Depends(body_of(ExplainBody))],
    todo: ExplainingDep,
    asking: AskingDep,
    personal: PersonalDep,
) -> Response:
    """Score the pair whatever its rank, before and after the change that is asked about.

    An employer names a candidate by the name under which it was shown them.
    """
    return await todo.run(lambda: LongAnswer(_explain(todo, asking, personal, body), Explanation))


def _explain(
    todo: Explaining, asking: Asking, personal: PersonalData, body: ExplainBody
) -> dict[str, Any]:
    return explanation_json(todo.explain(asking.tenant, _question(asking, personal, body)))


def _question(asking: Asking, personal: PersonalData, body: ExplainBody) -> ExplainQuestion:
    party = asking.principal.party
    if party is None or not isinstance(body.learner, StoredRef):
        return body.question(asking)
    learner = personal.behind(asking.tenant, party, body.learner.id)
    return body.question_about(learner, party=party)

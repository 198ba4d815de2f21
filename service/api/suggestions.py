"""What may somebody mean who is still typing?"""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from service.answers.suggesting import SuggestionKind
from service.api.deps import PrincipalDep, SuggestionsDep
from service.api.needs import needs
from service.api.openapi import answers, problems
from service.api.suggestion_types import SuggestedNames
from service.domain.access import Scope

MAX_TYPED = 200
MAX_SUGGESTIONS = 50

router = APIRouter(prefix="/v1", tags=["answers"])

Typed = Annotated[str, Query(min_length=1, max_length=MAX_TYPED, description="What was typed.")]
Limit = Annotated[int, Query(ge=1, le=MAX_SUGGESTIONS, description="At most so many.")]
Kind = Annotated[SuggestionKind, Query(description="What is suggested.")]


@router.get(
    "/suggestions",
    operation_id="suggest",
    summary="Suggest skills or occupations by the first letters of their names' words",
    dependencies=[needs(Scope.CATALOG_READ, publishable=True, employer=Scope.EMPLOYER_MATCH)],
    responses={
        200: answers(SuggestedNames, "suggested_names", says="Names that begin so come first."),
        **problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    },
)
async def suggest(
    suggestions: SuggestionsDep,
    principal: PrincipalDep,
    q: Typed,
    kind: Kind = SuggestionKind.SKILL,
    limit: Limit = 10,
) -> Response:
    """Return ids and labels; nothing of what was typed is kept."""
    found = await suggestions.run(suggestions.suggest, principal.tenant, kind, q, limit=limit)
    said: SuggestedNames = {
        "items": [{"id": each.id, "label": each.label, "matched": each.matched} for each in found]
    }
    return JSONResponse(said)

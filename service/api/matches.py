"""Who is qualified for a job, and which jobs fit a learner?"""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from service.answers import Answers
from service.api import match_types as match
from service.api.bodies import body_of
from service.api.deps import AnswersDep, PrincipalDep
from service.api.openapi import QUESTION, answers, problems, takes
from service.api.questions import CandidatesBody, JobsBody
from service.api.shapes import match_json
from service.domain.access import Principal
from service.domain.ids import DEFAULT_TENANT

router = APIRouter(prefix="/v1/matches", tags=["answers"])


@router.post(
    "/candidates",
    operation_id="match_candidates",
    summary="Rank the learners who cover what a job asks for",
    openapi_extra=takes(CandidatesBody, "candidates"),
    responses={
        200: answers(match.Matches, "candidate_matches", says="Best first, with reasons."),
        **problems(*QUESTION),
    },
)
async def match_candidates(
    body: Annotated[CandidatesBody, Depends(body_of(CandidatesBody))],
    todo: AnswersDep,
    principal: PrincipalDep,
) -> Response:
    """Rank learners by how much of the job's requirements their evidence covers."""
    return JSONResponse(await todo.run(candidates_json, todo, body, principal))


@router.post(
    "/jobs",
    operation_id="match_jobs",
    summary="Rank the jobs that fit a learner",
    openapi_extra=takes(JobsBody, "jobs"),
    responses={
        200: answers(match.Matches, "job_matches", says="Best first, with reasons."),
        **problems(*QUESTION),
    },
)
async def match_jobs(
    body: Annotated[JobsBody, Depends(body_of(JobsBody))],
    todo: AnswersDep,
    principal: PrincipalDep,
) -> Response:
    """Rank jobs by how much of their requirements the learner's evidence covers."""
    return JSONResponse(await todo.run(jobs_json, todo, body, principal))


def candidates_json(todo: Answers, body: CandidatesBody, principal: Principal) -> dict[str, Any]:
    """Return who is qualified for a job, as far as who asks may see them; blocking."""
    question = replace(body.question(todo), party=principal.party)
    return match_json(todo.candidates(DEFAULT_TENANT, question))


def jobs_json(todo: Answers, body: JobsBody, _principal: Principal) -> dict[str, Any]:
    """Return which jobs fit a learner; blocking."""
    return match_json(todo.jobs(DEFAULT_TENANT, body.question(todo)))

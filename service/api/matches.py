"""Who is qualified for a job, and which jobs fit a learner?"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from service.answers import Answers
from service.api import match_types as match
from service.api.bodies import body_of
from service.api.deps import AnswersDep
from service.api.openapi import QUESTION, answers, problems, takes
from service.api.questions import CandidatesBody, JobsBody
from service.api.shapes import match_json
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
    body: Annotated[CandidatesBody, Depends(body_of(CandidatesBody))], todo: AnswersDep
) -> Response:
    """Rank learners by how much of the job's requirements their evidence covers."""
    return JSONResponse(await todo.run(candidates_json, todo, body))


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
    body: Annotated[JobsBody, Depends(body_of(JobsBody))], todo: AnswersDep
) -> Response:
    """Rank jobs by how much of their requirements the learner's evidence covers."""
    return JSONResponse(await todo.run(jobs_json, todo, body))


def candidates_json(todo: Answers, body: CandidatesBody) -> dict[str, Any]:
    """Return who is qualified for a job; blocking."""
    return match_json(todo.candidates(DEFAULT_TENANT, body.question(todo)))


def jobs_json(todo: Answers, body: JobsBody) -> dict[str, Any]:
    """Return which jobs fit a learner; blocking."""
    return match_json(todo.jobs(DEFAULT_TENANT, body.question(todo)))

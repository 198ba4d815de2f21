"""Who is qualified for a job, and which jobs fit a learner?"""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from service.api import match_types as match
from service.api.asking import Asking
from service.api.bodies import body_of
from service.api.deps import AskingDep
from service.api.needs import needs
from service.api.openapi import QUESTION, answers, problems, takes
from service.api.questions import CandidatesBody, JobsBody
from service.api.rendering import LongAnswer
from service.api.shapes import match_json
from service.domain.access import Scope

router = APIRouter(prefix="/v1/matches", tags=["answers"])


@router.post(
    "/candidates",
    operation_id="match_candidates",
    summary="Rank the learners who cover what a job asks for",
    dependencies=[needs(Scope.EMPLOYER_MATCH)],
    openapi_extra=takes(CandidatesBody, "candidates"),
    responses={
        200: answers(match.Matches, "candidate_matches", says="Best first, with reasons."),
        **problems(*QUESTION),
    },
)
async def match_candidates(
    body: Annotated[CandidatesBody, Depends(body_of(CandidatesBody))], asking: AskingDep
) -> Response:
    """Rank learners by how much of the job's requirements their evidence covers."""
    return await asking.run(lambda: LongAnswer(candidates_json(asking, body), match.Matches))


@router.post(
    "/jobs",
    operation_id="match_jobs",
    summary="Rank the jobs that fit a learner",
    dependencies=[needs(Scope.LEARNER_READ)],
    openapi_extra=takes(JobsBody, "jobs"),
    responses={
        200: answers(match.Matches, "job_matches", says="Best first, with reasons."),
        **problems(*QUESTION),
    },
)
async def match_jobs(
    body: Annotated[JobsBody, Depends(body_of(JobsBody))], asking: AskingDep
) -> Response:
    """Rank jobs by how much of their requirements the learner's evidence covers."""
    return await asking.run(lambda: LongAnswer(jobs_json(asking, body), match.Matches))


def candidates_json(asking: Asking, body: CandidatesBody) -> dict[str, Any]:
    """Return who is qualified for a job, as far as who asks may see them; blocking."""
    question = replace(body.question(asking), party=asking.principal.party)
    return match_json(asking.answers.candidates(asking.tenant, question))


def jobs_json(asking: Asking, body: JobsBody) -> dict[str, Any]:
    """Return which jobs fit a learner; blocking."""
    return match_json(asking.answers.jobs(asking.tenant, body.question(asking)))

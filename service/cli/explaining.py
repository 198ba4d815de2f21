"""Why one item of an answer: every reason, its words and where they stand."""

from dataclasses import replace

from service.answers import CandidatesQuestion, RecommendQuestion, UnknownMode
from service.answers.questions import MAX_LIMIT
from service.api.shapes import match_json, recommendation_json
from service.cli.errors import NotExplained
from service.cli.explanation_tables import show_credential, show_job
from service.cli.invocation import Invocation, opened
from service.cli.output import console, write_json
from service.cli.stored import credential_in, job_in, learner_in
from service.cli.wishes import goal_of
from service.domain.ids import DEFAULT_TENANT


def explain_credential(
    invocation: Invocation, learner: str, credential: str, *, goal: str | None, as_json: bool
) -> None:
    """Explain why a credential is, or is not, a next step; limits are left aside.

    Raises:
        NotFound: if one of them is not in the store.
        NotExplained: if the credential is not among those that add most.
    """
    with opened(invocation) as services:
        person = learner_in(services.answers, learner)
        name = credential_in(services.answers, credential).name
        question = RecommendQuestion(
            learner=person,
            stored=True,
            goal=goal_of(goal),
            conditions=(),
            limit=MAX_LIMIT,
            unknown=UnknownMode.INCLUDE,
            exclude_completed=False,
        )
        answer = services.answers.recommend(DEFAULT_TENANT, question)
    items = tuple(item for item in answer.items if item.id == credential)
    if not items:
        raise NotExplained(
            f"{name!r} is not among the {MAX_LIMIT} credentials that add most to what "
            f"{learner!r} can show for this goal."
        )
    answer = replace(answer, items=items)
    if as_json:
        write_json(recommendation_json(answer))
    else:
        show_credential(console(), answer)


def explain_job(invocation: Invocation, learner: str, job: str, *, as_json: bool) -> None:
    """Explain how far a learner covers what a job asks for.

    Raises:
        NotFound: if one of them is not in the store.
        NotExplained: if the learner is not among those who cover most.
    """
    with opened(invocation) as services:
        learner_in(services.answers, learner)
        wanted = job_in(services.answers, job)
        question = CandidatesQuestion(job=wanted, stored=True, limit=MAX_LIMIT, near_misses=True)
        answer = services.answers.candidates(DEFAULT_TENANT, question)
    items = tuple(match for match in answer.items if match.id == learner)
    near = tuple(match for match in answer.near_misses if match.id == learner)
    if not items and not near:
        raise NotExplained(
            f"{learner!r} is not among the {MAX_LIMIT} learners who cover most of {job!r}."
        )
    answer = replace(answer, items=items, near_misses=near)
    if as_json:
        write_json(match_json(answer))
    else:
        show_job(console(), wanted, answer)

"""Which microcredential next: for one learner as tables, for many as lines."""

from functools import partial
from pathlib import Path
from typing import Any

from service.answers import Answers
from service.api.shapes import recommendation_json
from service.cli.bulk import STORE, Answer, Bulk, Helped, answer_all
from service.cli.helpers import PATIENT
from service.cli.invocation import Invocation, opened
from service.cli.output import console, write_json
from service.cli.pair_tables import recommendation_pairs
from service.cli.recommendation_tables import show_recommendations
from service.cli.stored import learner_in
from service.cli.wishes import Wishes, learner_of
from service.domain.ids import TenantId
from service.domain.learner import Learner
from service.domain.record import Kind, Record
from service.wiring import Services


def recommend_one(
    invocation: Invocation,
    *,
    learner: str | None,
    text: str | None,
    wishes: Wishes,
    as_json: bool,
) -> None:
    """Recommend to a learner in the store, or to one in their own words."""
    with opened(invocation) as services:
        person = (
            learner_in(services.answers, learner, tenant=invocation.tenant)
            if learner
            else learner_of(text or "")
        )
        question = wishes.question(person, stored=learner is not None)
        answer = services.answers.recommend(invocation.tenant, question)
    if as_json:
        write_json(recommendation_json(answer))
    else:
        show_recommendations(console(), answer)


def recommend_many(invocation: Invocation, file: Path, *, out: Path, wishes: Wishes) -> None:
    """Recommend to each learner of a file, or of the store; an answer for each, in order."""
    makes = partial(_answering, tenant=invocation.tenant, wishes=wishes, stored=file == STORE)
    settings = invocation.settings
    with opened(invocation, pace=PATIENT) as services:
        bulk = Bulk(
            kind=Kind.LEARNER,
            file=file,
            out=out,
            threads=settings.threads,
            tenant=invocation.tenant,
            pairs=recommendation_pairs(),
            logged=settings.log_decisions,
            helped=Helped(settings=settings, makes=makes),
        )
        answer_all(services, bulk, makes(services))


def _answering(services: Services, *, tenant: TenantId, wishes: Wishes, stored: bool) -> Answer:
    return partial(_answer, services.answers, tenant, wishes=wishes, stored=stored)


def _answer(
    answers: Answers, tenant: TenantId, record: Record, *, wishes: Wishes, stored: bool
) -> dict[str, Any]:
    if not isinstance(record, Learner):
        raise TypeError("Only learners are recommended to.")
    question = wishes.question(record, stored=stored)
    return recommendation_json(answers.recommend(tenant, question))

"""Answers as they are noted, made without a world."""

from service.answers import JobsQuestion
from service.answers.decisions import Draft
from service.domain.answer import MatchAnswer, Versions
from service.domain.decision import UsedRecord
from service.domain.ids import DEFAULT_TENANT, LearnerId
from service.domain.learner import Learner
from service.domain.record import Kind
from tests.builders.decisions import AT


def a_draft(decision: str, *, learner: str = "l-1", words: str = "I weld.") -> Draft:
    """Return an answer to a stored learner, in which the words stand."""
    answer = MatchAnswer(
        match_id=decision,
        versions=Versions(model_version="tiny-1", index_version=7, taxonomy_versions={}),
        items=(),
        near_misses=(),
        near_miss_count=0,
        requirements=(),
        applied=(),
        qualifying=0,
        warnings=(words,),
        labels={},
        score_meaning="",
    )
    who = Learner(id=LearnerId(learner), text=words)
    return Draft(
        tenant=DEFAULT_TENANT,
        at=AT,
        question=JobsQuestion(learner=who, stored=True),
        answer=answer,
        records=(UsedRecord(kind=Kind.LEARNER, id=learner, revision=1),),
        model_hash="m" * 64,
    )

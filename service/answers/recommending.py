"""Which microcredential next: the whole answer to one question."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from service.answers.questions import RecommendQuestion, UnknownMode
from service.answers.reading import Person, Reader
from service.domain.answer import Recommendation, UnknownConstraint
from service.domain.condition import (
    ACTIVE,
    Condition,
    ConditionField,
    Truth,
    conditions_of,
    describe,
    judge,
)
from service.domain.credential import Credential
from service.domain.ids import CredentialId
from service.domain.learner import Learner
from service.domain.record import Kind
from service.matching.gaps import MeasuredGap
from service.matching.recommending import Ranked, explain_credential

UNKNOWN_SHOWN = 10


def conditions_for(question: RecommendQuestion, learner: Learner) -> tuple[Condition, ...]:
    """Return the constraints of a question: its own or the learner's, and the status rule."""
    given = question.conditions
    chosen = conditions_of(learner.constraints) if given is None else given
    about_status = any(each.field is ConditionField.STATUS for each in chosen)
    return tuple(chosen) if about_status else (ACTIVE, *chosen)


def applied(conditions: Sequence[Condition], refused: frozenset[CredentialId]) -> tuple[str, ...]:
    """Return every filter of an answer in words."""
    words = [describe(condition) for condition in conditions]
    if refused:
        words.append(f"not held already ({', '.join(sorted(refused))})")
    return tuple(words)


def held_now(learner: Learner, today: date) -> frozenset[CredentialId]:
    """Return the credentials that a learner holds and that have not lapsed."""
    return frozenset(
        held.id for held in learner.credentials if held.expires is None or held.expires >= today
    )


def items_of(
    ranked: Sequence[Ranked],
    *,
    question: RecommendQuestion,
    reader: Reader,
    gap: MeasuredGap,
    person: Person,
    today: date,
) -> tuple[Recommendation, ...]:
    """Return the page of recommendations, re-read from the store and explained."""
    include = question.unknown is UnknownMode.INCLUDE
    admitted = [
        each
        for each in ranked
        if (include or not each.unknown) and each.score >= question.threshold
    ][: question.limit]
    stored = reader.many(Kind.CREDENTIAL, [each.id for each in admitted])
    present = [each for each in admitted if each.id in stored]
    items = []
    for rank, each in enumerate(present, start=1):
        item = explain_credential(
            stored[each.id],
            each,
            rank=rank,
            gap=gap,
            skills=reader.opened.view.skills,
            held=held_now(person.learner, today),
        )
        credential = stored[each.id].record
        items.append(replace(item, caveats=(*item.caveats, *lapsed(credential, today))))
    return tuple(items)


def lapsed(credential: object, today: date) -> Iterable[str]:
    """Yield the caveat of a credential that is no longer awarded."""
    if isinstance(credential, Credential) and credential.expires and credential.expires < today:
        yield f"expired on {credential.expires.isoformat()}"


def unknown_constraints(
    ranked: Sequence[Ranked],
    *,
    question: RecommendQuestion,
    reader: Reader,
    conditions: Sequence[Condition],
) -> tuple[UnknownConstraint, ...]:
    """Return the best credentials of which a constraint is unknown, with the missing fields."""
    if question.unknown is UnknownMode.INCLUDE:
        return ()
    unknown = [each for each in ranked if each.unknown and each.score >= question.threshold][
        :UNKNOWN_SHOWN
    ]
    stored = reader.many(Kind.CREDENTIAL, [each.id for each in unknown])
    rows = []
    for each in unknown:
        credential = stored[each.id].record if each.id in stored else None
        if isinstance(credential, Credential):
            missing = tuple(
                condition.field.value
                for condition in conditions
                if judge(condition, credential) is Truth.UNKNOWN
            )
            rows.append(
                UnknownConstraint(
                    id=credential.id, name=credential.name, score=each.score, missing=missing
                )
            )
    return tuple(rows)

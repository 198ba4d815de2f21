"""Limits: which constraints and rules a recommendation keeps, and what is unknown of them."""

from collections.abc import Sequence
from datetime import date

from service.answers.questions import RecommendQuestion
from service.answers.reading import Reader
from service.domain.answer import UnknownConstraint
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
from service.matching.ranking import Ranked, Wanted

UNKNOWN_SHOWN = 10


def conditions_for(question: RecommendQuestion, learner: Learner) -> tuple[Condition, ...]:
    """Return the constraints of a question: its own or the learner's, and the status rule."""
    given = question.conditions
    chosen = conditions_of(learner.constraints) if given is None else given
    about_status = any(each.field is ConditionField.STATUS for each in chosen)
    return tuple(chosen) if about_status else (ACTIVE, *chosen)


def applied(
    wanted: Wanted, question: RecommendQuestion, held: frozenset[CredentialId]
) -> tuple[str, ...]:
    """Return every filter and rule of an answer in words."""
    words = [describe(condition) for condition in wanted.conditions]
    if held and question.exclude_completed:
        words.append(f"not held already ({', '.join(sorted(held))})")
    if question.exclude:
        words.append(f"not excluded ({', '.join(sorted(question.exclude))})")
    if question.pinned:
        words.append(f"pinned first ({', '.join(question.pinned)})")
    if wanted.diversify:
        words.append(str(wanted.diversify))
    if wanted.objective.mode:
        words.append(wanted.objective.says)
    return tuple(words)


def held_now(learner: Learner, today: date) -> frozenset[CredentialId]:
    """Return the credentials that a learner holds and that have not lapsed."""
    return frozenset(
        held.id for held in learner.credentials if held.expires is None or held.expires >= today
    )


def currency_of(conditions: Sequence[Condition], learner: Learner) -> str | None:
    """Return in which currency a learner counts: that of the limit, if there is one."""
    bounds = [each.currency for each in conditions if each.currency]
    own = learner.constraints.max_cost
    return bounds[0] if bounds else (own.currency if own else None)


def unknown_constraints(
    apart: Sequence[Ranked], reader: Reader, conditions: Sequence[Condition]
) -> tuple[UnknownConstraint, ...]:
    """Return the best credentials of which a constraint is unknown, with the missing fields."""
    shown = apart[:UNKNOWN_SHOWN]
    stored = reader.many(Kind.CREDENTIAL, [each.id for each in shown])
    rows = []
    for each in shown:
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

"""Who may tell what of which answer: checked in the transaction that keeps the event."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from service.domain.access import Principal
from service.domain.decision import DecisionKind
from service.domain.event import EMPLOYER_EVENTS, Event, EventFate
from service.domain.ids import LearnerId
from service.domain.record import Kind
from service.storage.schema import decisions, disclosures

_ANSWER = select(decisions.c.kind, decisions.c.records).where(
    decisions.c.tenant == bindparam("tenant"),
    decisions.c.id == bindparam("id"),
    decisions.c.erased_on.is_(None),
)
# The empty name is that of all who were erased.
_SHOWN = select(disclosures.c.shown_as, disclosures.c.learner).where(
    disclosures.c.tenant == bindparam("tenant"),
    disclosures.c.answer == bindparam("id"),
    disclosures.c.party == bindparam("party"),
    disclosures.c.shown_as != "",
)


class Told(NamedTuple):
    """An event that its sender may tell, with learners by their ids, and which of them it names."""

    event: Event
    learners: frozenset[str]


class _About(NamedTuple):
    """What an answer names, as the sender calls it: all of it, and the learners."""

    all: Mapping[str, str]
    learners: Mapping[str, str]


def told_by(connection: Connection, principal: Principal, event: Event) -> Told | EventFate:
    """Return an event as it is kept, or why its sender may not tell it.

    Somebody who is one learner tells of answers about themselves alone. Somebody who acts for an
    employer tells of answers in which learners were shown to it, by the names under which they
    were, and only what an employer does.
    """
    if principal.party is not None and event.type not in EMPLOYER_EVENTS:
        return EventFate.NOT_AN_EMPLOYERS
    about = _about(connection, principal, event)
    if about is None:
        return EventFate.UNKNOWN_RECOMMENDATION
    if event.subject is not None and event.subject not in about.learners:
        return EventFate.UNKNOWN_SUBJECT
    if not set(event.items) <= about.all.keys():
        return EventFate.UNKNOWN_ITEM
    items = tuple(about.all[each] for each in event.items)
    subject = about.learners[event.subject] if event.subject else None
    named = {*items, *([subject] if subject else [])}
    return Told(
        replace(event, items=items, subject=LearnerId(subject) if subject else None),
        frozenset(named & set(about.learners.values())),
    )


def _about(connection: Connection, principal: Principal, event: Event) -> _About | None:
    which = {"tenant": principal.tenant, "id": event.recommendation}
    row = connection.execute(_ANSWER, which).one_or_none()
    if row is None:
        return None
    named = [(Kind(kind), each) for kind, each, _ in json.loads(row.records)]
    learners = {each: each for kind, each in named if kind is Kind.LEARNER}
    if principal.learner is not None and not _is_alone(row, learners, principal.learner):
        return None
    if principal.party is not None:
        shown = connection.execute(_SHOWN, {**which, "party": principal.party}).all()
        learners = {each.shown_as: each.learner for each in shown}
        if not learners:
            return None
    others = {each: each for kind, each in named if kind is not Kind.LEARNER}
    return _About(others | learners, learners)


def _is_alone(row: Any, learners: Mapping[str, str], learner: LearnerId) -> bool:
    """Tell whether an answer is about one learner, and no list of candidates that has them."""
    return DecisionKind(row.kind) is not DecisionKind.CANDIDATES and set(learners) == {learner}

"""Explanation: why a record is believed to have a skill, in its own words."""

from collections.abc import Iterable, Sequence

from service.domain.answer import SkillReason
from service.domain.learner import Evidence
from service.domain.skill import SkillLink


def reason_from_link(record: str, link: SkillLink) -> SkillReason:
    """Return why a link is believed, e.g. of ``credential:c-9``."""
    return SkillReason(
        skill=link.skill,
        record=record,
        source=link.source,
        method=link.method,
        field=link.field,
        text=link.text,
        span=link.span,
        confidence=link.confidence,
    )


def reason_from_evidence(learner: str, evidence: Evidence) -> SkillReason:
    """Return why a learner is believed to have a skill."""
    return SkillReason(
        skill=evidence.skill,
        record=f"learner:{learner}",
        source=evidence.source,
        method=None,
        field=evidence.field,
        text=evidence.text,
        span=evidence.span,
        confidence=evidence.confidence,
        evidence=evidence,
    )


def each_once(reasons: Iterable[SkillReason]) -> tuple[SkillReason, ...]:
    """Return the reasons in their order, each skill of each record once."""
    first: dict[tuple[str, str], SkillReason] = {}
    for reason in reasons:
        first.setdefault((reason.record, reason.skill), reason)
    return tuple(first.values())


def by_position(links: Sequence[SkillLink], places: Iterable[int]) -> list[SkillLink]:
    """Return the links at the places that are there (-1 stands for none)."""
    return [links[place] for place in places if place >= 0]

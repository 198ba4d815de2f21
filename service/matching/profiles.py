"""Profiles: everything that shows what a learner can do, each skill once, by its best evidence."""

from collections.abc import Iterable

from service.domain.ids import SkillId
from service.domain.learner import Evidence, HeldCredential
from service.domain.skill import EvidenceClass, SkillLink

# How far each class of evidence is trusted, in (0, 1]. What people say of themselves stays below
# anything that somebody else has seen, so that pasting a job ad into a profile does not win.
CLASS_STRENGTH: dict[EvidenceClass, float] = {
    EvidenceClass.VERIFIED: 1.0,
    EvidenceClass.ISSUED: 0.95,
    EvidenceClass.GRADED: 0.9,
    EvidenceClass.RUBRIC: 0.9,
    EvidenceClass.ENDORSED: 0.85,
    EvidenceClass.EXPERIENCE: 0.8,
    EvidenceClass.SELF_STATED: 0.7,
}


def profile(
    own: Iterable[SkillLink],
    held: Iterable[tuple[HeldCredential, tuple[SkillLink, ...]]],
) -> tuple[Evidence, ...]:
    """Return a learner's evidence, strongest first, ties by skill; each skill once.

    Args:
        own: the links of the learner's own record.
        held: the credentials that the learner has earned, with the skills that they teach.
    """
    best: dict[SkillId, Evidence] = {}
    for found in (*_own(own), *_held(held)):
        other = best.get(found.skill)
        if other is None or found.strength > other.strength:
            best[found.skill] = found
    return tuple(sorted(best.values(), key=lambda each: (-each.strength, each.skill)))


def _own(links: Iterable[SkillLink]) -> Iterable[Evidence]:
    for link in links:
        shown_by = link.evidence or EvidenceClass.SELF_STATED
        yield _evidence(link, shown_by, link.field)


def _held(
    held: Iterable[tuple[HeldCredential, tuple[SkillLink, ...]]],
) -> Iterable[Evidence]:
    for credential, links in held:
        shown_by = credential.evidence or EvidenceClass.ISSUED
        for link in links:
            yield _evidence(link, shown_by, f"credentials.{credential.id}")


def _evidence(link: SkillLink, shown_by: EvidenceClass, field: str) -> Evidence:
    return Evidence(
        skill=link.skill,
        evidence=shown_by,
        source=link.source,
        strength=round(CLASS_STRENGTH[shown_by] * link.weight, 4),
        confidence=link.confidence,
        field=field,
        text=link.text,
        span=link.span,
        level=link.level,
        date=link.date,
    )

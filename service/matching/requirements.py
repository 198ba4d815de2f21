"""Requirements: what a job or an occupation asks for, read from its links."""

from collections.abc import Iterable

from service.domain.ids import SkillId
from service.domain.job import Requirement
from service.domain.skill import Importance, LinkSource, SkillLink

# A preferred skill counts half of a required one.
PREFERRED_WEIGHT = 0.5


def requirements_of(links: Iterable[SkillLink]) -> tuple[Requirement, ...]:
    """Return what a record asks for, heaviest first, ties by skill; each skill once."""
    found: dict[SkillId, Requirement] = {}
    for link in links:
        if link.weight > 0 and link.skill not in found:
            found[link.skill] = _requirement(link)
    return tuple(sorted(found.values(), key=lambda need: (-weight_of(need), need.skill)))


def _requirement(link: SkillLink) -> Requirement:
    return Requirement(
        skill=link.skill,
        importance=link.importance or Importance.REQUIRED,
        weight=link.weight,
        confidence=link.confidence,
        min_level=link.level,
        source=link.source,
        field=link.field,
        text=link.text,
        span=link.span,
    )


def weight_of(requirement: Requirement) -> float:
    """Return how much a requirement counts in a score, in (0, 1]."""
    preferred = requirement.importance is Importance.PREFERRED
    return requirement.weight * (PREFERRED_WEIGHT if preferred else 1.0)


def hard_skills(links: Iterable[SkillLink]) -> frozenset[SkillId]:
    """Return the skills without which a job, by its own statement, cannot be done."""
    return frozenset(
        link.skill
        for link in links
        if link.source is LinkSource.STATED and link.importance is Importance.REQUIRED
    )

"""Links: which of a record's many links to a skill are kept."""

from collections.abc import Sequence

from service.domain.ids import SkillId
from service.domain.skill import LinkMethod, LinkSource, SkillLink

MAX_INFERRED_LINKS = 30


def each_skill_once(links: Sequence[SkillLink]) -> tuple[SkillLink, ...]:
    """Return the best link of each skill: the stated ones first, then the 30 surest inferred."""
    best: dict[SkillId, SkillLink] = {}
    for link in links:
        other = best.get(link.skill)
        if other is None or _rank(link) > _rank(other):
            best[link.skill] = link
    kept = list(best.values())
    stated = [link for link in kept if link.source is LinkSource.STATED]
    inferred = [link for link in kept if link.source is LinkSource.INFERRED]
    inferred.sort(key=lambda link: (-link.confidence, link.skill))
    return (*stated, *inferred[:MAX_INFERRED_LINKS])


def each_piece_once(links: Sequence[SkillLink]) -> tuple[SkillLink, ...]:
    """Return the links of each part of a record, each skill once in it.

    Of what is inferred, that of the 30 skills which are surest, with all their pieces.
    """
    parts: dict[str, list[SkillLink]] = {}
    for link in links:
        parts.setdefault(".".join(link.field.split(".")[:2]), []).append(link)
    kept = [link for part in parts.values() for link in each_skill_once(part)]
    stated = [link for link in kept if link.source is LinkSource.STATED]
    inferred = [link for link in kept if link.source is LinkSource.INFERRED]
    inferred.sort(key=lambda link: (-link.confidence, link.skill, link.field))
    surest = dict.fromkeys(link.skill for link in inferred)
    chosen = set(list(surest)[:MAX_INFERRED_LINKS])
    return (*stated, *(link for link in inferred if link.skill in chosen))


def _rank(link: SkillLink) -> tuple[bool, bool, float]:
    # The words that name a skill explain it better than the statement around them.
    by_vector = link.method is LinkMethod.VECTOR
    return link.source is LinkSource.STATED, not by_vector, link.confidence

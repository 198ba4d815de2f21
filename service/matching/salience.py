"""Salience: a skill that a text mentions in passing is not what the text is about."""

from collections.abc import Sequence
from dataclasses import replace

from service.domain.skill import LinkMethod, LinkSource, SkillLink
from service.matching.ports import Vectors

# From this cosine of skill and record on a skill counts in full; down to NOT_ABOUT it counts
# less and less, and below that LEAST of it.
ABOUT = 0.35
NOT_ABOUT = 0.1
LEAST = 0.25


def by_salience(
    links: Sequence[SkillLink], skills: Vectors, record: Vectors
) -> tuple[SkillLink, ...]:
    """Return the links, those that a text suggests weighed by how much the record is about them.

    What a record states, or its title's occupation brings, keeps its weight.

    Args:
        links: a record's links.
        skills: float32 ``(len(links), dim)``: the vector of each link's skill.
        record: float32 ``(dim,)``.
    """
    similarities = (skills @ record).tolist()
    return tuple(
        replace(link, weight=round(link.weight * _share(similarity), 4))
        if link.source is LinkSource.INFERRED and link.method is not LinkMethod.OCCUPATION
        else link
        for link, similarity in zip(links, similarities, strict=True)
    )


def _share(similarity: float) -> float:
    place = (similarity - NOT_ABOUT) / (ABOUT - NOT_ABOUT)
    return LEAST + (1.0 - LEAST) * min(max(place, 0.0), 1.0)

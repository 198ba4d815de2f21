"""Soft demand: how much of what jobs ask for in soft skills no credential here can show."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from service.domain.credential import Credential, Status
from service.domain.ids import SkillId
from service.domain.record import StoredRecord
from service.domain.skill import SkillLink
from service.domain.soft_coverage import SoftDemand
from service.matching.ports import SkillIndex
from service.matching.requirements import requirements_of, weight_of
from service.matching.scoring import TAUGHT_AT
from service.matching.soft import is_soft
from service.matching.teaching import teaching_strengths


def assessable_skills(stored: StoredRecord) -> frozenset[SkillId]:
    """Return the skills that a credential teaches, if it is on offer and says how it assesses."""
    credential = stored.record
    if not isinstance(credential, Credential) or not credential.assessment:
        return frozenset()
    if credential.status not in {None, Status.ACTIVE}:
        return frozenset()
    strengths = teaching_strengths(stored.links)
    return frozenset(
        link.skill
        for link, strength in zip(stored.links, strengths, strict=True)
        if strength >= TAUGHT_AT
    )


def soft_demand(
    jobs: Iterable[Sequence[SkillLink]],
    assessable: Iterable[frozenset[SkillId]],
    skills: SkillIndex,
) -> tuple[SoftDemand, ...]:
    """Return the soft skills that jobs ask for, the weightiest first, ties by id.

    Args:
        jobs: the links of each job.
        assessable: the skills that each credential teaches and assesses.
        skills: tells which skills are soft.
    """
    counts: Counter[SkillId] = Counter()
    weights: dict[SkillId, float] = defaultdict(float)
    for links in jobs:
        for need in requirements_of(links):
            if is_soft(need.skill, skills):
                counts[need.skill] += 1
                weights[need.skill] += weight_of(need)
    offered = Counter(skill for taught in assessable for skill in taught)
    found = [
        SoftDemand(
            skill=skill,
            jobs=counts[skill],
            weight=round(weights[skill], 4),
            credentials=offered[skill],
        )
        for skill in counts
    ]
    return tuple(sorted(found, key=lambda each: (-each.weight, each.skill)))


def soft_demand_without_credential(demand: Sequence[SoftDemand]) -> float | None:
    """Return the share of the demand, by weight, that no credential assesses, in [0, 1].

    None if there is no demand.
    """
    total = sum(each.weight for each in demand)
    if not total:
        return None
    return round(sum(each.weight for each in demand if not each.credentials) / total, 4)

"""Demand: what the jobs near a profile ask for, where there is no goal."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from service.domain.answer import GoalReading
from service.domain.ids import JobId, SkillId
from service.domain.job import Requirement
from service.matching.goals import Aim
from service.matching.ports import Vectors
from service.matching.requirements import weight_of

# So many jobs near a profile say what is in demand there.
JOBS_NEAR = 10
# A job farther than this from a profile says nothing about it.
NEAR_ENOUGH = 0.35


class NearJob(NamedTuple):
    """A job near a profile; ``similarity`` is a cosine in [-1, 1]."""

    id: JobId
    requirements: tuple[Requirement, ...]
    similarity: float


def aim_at_demand(jobs: Sequence[NearJob], vector: Vectors) -> Aim:
    """Return what the jobs ask for, as the stand-in for a missing goal.

    A skill counts by the share of the jobs that ask for it, each job by its similarity and the
    weight that it gives the skill.
    """
    total = sum(job.similarity for job in jobs)
    weights: dict[SkillId, float] = {}
    heaviest: dict[SkillId, Requirement] = {}
    for job in jobs:
        for need in job.requirements:
            share = job.similarity * weight_of(need) / total
            weights[need.skill] = weights.get(need.skill, 0.0) + share
            other = heaviest.get(need.skill)
            if other is None or weight_of(need) > weight_of(other):
                heaviest[need.skill] = need
    order = sorted(weights, key=lambda skill: (-weights[skill], skill))
    named = ", ".join(job.id for job in jobs)
    reading = GoalReading(
        goal=None,
        described_as=f"demand near the profile ({len(jobs)} jobs)",
        requirements=tuple(_weighing(heaviest[skill], weights[skill]) for skill in order),
        inferred=True,
        warnings=(
            f"No goal was given; what the jobs nearest to the profile ask for stands in: {named}.",
        ),
    )
    return Aim(reading=reading, vector=vector)


def _weighing(need: Requirement, weight: float) -> Requirement:
    # The weight already counts what is only preferred at less.
    share = max(round(weight * need.weight / weight_of(need), 4), 1e-4)
    return replace(need, weight=min(share, 1.0))

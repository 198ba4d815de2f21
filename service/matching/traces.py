"""Traces: from a posting over the skill that it asks for to the credential that teaches it."""

from collections.abc import Mapping, Sequence
from datetime import date

from service.domain.answer import Recommendation, Trace
from service.domain.ids import JobId, OccupationId, SkillId
from service.matching.ports import JobIndex, OccupationIndex, Vectors


class Tracer:
    """Finds the postings that ask for what credentials add.

    Args:
        near: float32 ``(dim,)``: where the goal is; of several jobs the nearest is named.
        goal_job: the job that is the goal, with what it asks for; it goes before all others.
        occupations: the occupations that were read from the goal, best first.
    """

    def __init__(
        self,
        jobs: JobIndex,
        occupations: OccupationIndex,
        *,
        near: Vectors,
        today: date,
        goal_job: tuple[JobId, frozenset[SkillId]] | None = None,
        goal_occupations: Sequence[OccupationId] = (),
    ) -> None:
        self._jobs = jobs
        self._near = near
        self._today = today
        self._goal_job = goal_job
        self._by_occupation = {
            link.skill: occupation
            for occupation in reversed(goal_occupations)
            for link in occupations.links_of(occupation)
        }

    def traces(self, items: Sequence[Recommendation]) -> list[tuple[Trace, ...]]:
        """Return for each item a trace for each skill that it adds and a job asks for.

        An item of which no job asks for anything is traced from the goal's occupation.
        """
        skills = sorted({skill for item in items for skill in item.added})
        found = self._postings(skills)
        return [self._of(item, found) for item in items]

    def _of(self, item: Recommendation, found: Mapping[SkillId, JobId]) -> tuple[Trace, ...]:
        jobs = [skill for skill in item.added if skill in found]
        if jobs:
            return tuple(_trace(item, skill, job=found[skill]) for skill in jobs)
        return tuple(
            _trace(item, skill, occupation=self._by_occupation[skill])
            for skill in item.added
            if skill in self._by_occupation
        )

    def _postings(self, skills: Sequence[SkillId]) -> Mapping[SkillId, JobId]:
        """Return for each skill the nearest open job that asks for it, the goal's job first."""
        found = self._jobs.nearest_asking(self._near, skills, self._today)
        if not self._goal_job:
            return found
        job, asked = self._goal_job
        return {**found, **{skill: job for skill in skills if skill in asked}}


def _trace(
    item: Recommendation,
    skill: SkillId,
    *,
    job: JobId | None = None,
    occupation: OccupationId | None = None,
) -> Trace:
    return Trace(
        job=job, occupation=occupation, skill=skill, credential=item.id, credit=item.credit
    )

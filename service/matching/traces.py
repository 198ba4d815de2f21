"""Traces: from a posting over the skill that it asks for to the credential that teaches it."""

from collections.abc import Mapping, Sequence
from datetime import date

from service.domain.answer import Recommendation, Trace
from service.domain.ids import JobId, OccupationId, SkillId
from service.matching.ports import JobIndex, OccupationIndex, Vectors

# So many jobs nearest to the goal are looked at, and as many of those that ask for most.
JOBS_READ = 200


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
        found = self._postings(skills, k=JOBS_READ) if skills else {}
        return [self._of(item, found) for item in items]

    def _of(self, item: Recommendation, found: Mapping[SkillId, JobId]) -> tuple[Trace, ...]:
        if item.added and not any(skill in found for skill in item.added):
            # What few jobs ask for may lie beyond those that were read.
            found = self._postings(item.added, k=1)
        jobs = [skill for skill in item.added if skill in found]
        if jobs:
            return tuple(_trace(item, skill, job=found[skill]) for skill in jobs)
        return tuple(
            _trace(item, skill, occupation=self._by_occupation[skill])
            for skill in item.added
            if skill in self._by_occupation
        )

    def _postings(self, skills: Sequence[SkillId], *, k: int) -> dict[SkillId, JobId]:
        """Return for each skill the nearest open job that asks for it, ties by id."""
        wanted = set(skills)
        found: dict[SkillId, JobId] = {}
        if self._goal_job:
            job, asked = self._goal_job
            found = {skill: job for skill in skills if skill in asked}
        holders = self._jobs.retrieve(self._near, k=k, skills=list(skills))
        order = sorted(
            range(len(holders.ids)), key=lambda row: (-holders.similarity[row], holders.ids[row])
        )
        for row in order:
            job = JobId(holders.ids[row])
            places = holders.skills[holders.starts[row] : holders.starts[row + 1]].tolist()
            asks = [each for each in map(holders.vocabulary.__getitem__, places) if each in wanted]
            if asks and self._jobs.is_open(job, self._today):
                for skill in asks:
                    found.setdefault(skill, job)
        return found


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

"""Jobs in memory: by vector and by the skills they ask for."""

from collections.abc import Sequence
from datetime import date

from service.domain.ids import JobId, SkillId
from service.domain.job import Job
from service.domain.skill import SkillLink
from service.indexing.holders import HolderIndex
from service.indexing.vocabulary import Vocabulary
from service.matching.ports import Holders, Vectors
from service.matching.requirements import hard_skills, requirements_of, weight_of


class Jobs:
    """Implements ``JobIndex``."""

    def __init__(self, dim: int, vocabulary: Vocabulary) -> None:
        self._holders = HolderIndex(dim, vocabulary)
        self._hard: dict[str, frozenset[SkillId]] = {}
        self._until: dict[str, date] = {}

    def __len__(self) -> int:
        return len(self._holders)

    def upsert(
        self, jobs: Sequence[Job], vectors: Vectors, links: Sequence[tuple[SkillLink, ...]]
    ) -> None:
        """Add jobs, or replace those that are there."""
        strengths = [
            [(need.skill, weight_of(need)) for need in requirements_of(each)] for each in links
        ]
        for job, own in zip(jobs, links, strict=True):
            self._forget(job.id)
            self._hard[job.id] = hard_skills(own)
            if job.valid_through is not None:
                self._until[job.id] = job.valid_through
        self._holders.upsert([job.id for job in jobs], vectors, strengths)

    def remove(self, job: JobId) -> None:
        """Forget a job; an unknown one is no error."""
        self._forget(job)
        self._holders.remove(job)

    def hard_of(self, job: str) -> frozenset[SkillId]:
        """Return the skills that a job states as required; none for an unknown job."""
        return self._hard.get(job, frozenset())

    def is_open(self, job: str, today: date) -> bool:
        """Tell whether one can still apply."""
        until = self._until.get(job)
        return until is None or until >= today

    def retrieve(self, query: Vectors, *, k: int, skills: Sequence[SkillId]) -> Holders:
        """Return the jobs nearest to the query and those that ask for one of the skills."""
        return self._holders.retrieve(query, k=k, skills=skills)

    def _forget(self, job: JobId) -> None:
        self._hard.pop(job, None)
        self._until.pop(job, None)

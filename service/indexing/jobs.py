"""Jobs in memory: by vector and by the skills they ask for."""

from collections.abc import Sequence

from service.domain.ids import JobId, SkillId
from service.domain.job import Job
from service.domain.skill import SkillLink
from service.indexing.holders import HolderIndex
from service.indexing.vocabulary import Vocabulary
from service.matching.ports import Holders, Vectors
from service.matching.requirements import requirements_of, weight_of


class Jobs:
    """Implements ``JobIndex``."""

    def __init__(self, dim: int, vocabulary: Vocabulary) -> None:
        self._holders = HolderIndex(dim, vocabulary)

    def __len__(self) -> int:
        return len(self._holders)

    def upsert(
        self, jobs: Sequence[Job], vectors: Vectors, links: Sequence[tuple[SkillLink, ...]]
    ) -> None:
        """Add jobs, or replace those that are there."""
        strengths = [
            [(need.skill, weight_of(need)) for need in requirements_of(each)] for each in links
        ]
        self._holders.upsert([job.id for job in jobs], vectors, strengths)

    def remove(self, job: JobId) -> None:
        """Forget a job; an unknown one is no error."""
        self._holders.remove(job)

    def cosines(self, queries: Vectors) -> list[dict[str, float]]:
        """Return for each query the cosine of every record by id, nearest first."""
        return self._holders.cosines(queries)

    def retrieve(self, query: Vectors, *, k: int, skills: Sequence[SkillId]) -> Holders:
        """Return the jobs nearest to the query and those that ask for one of the skills."""
        return self._holders.retrieve(query, k=k, skills=skills)

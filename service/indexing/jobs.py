"""Jobs in memory: by vector, by the skills they ask for, and by word."""

from collections.abc import Collection, Sequence

from service.domain.ids import JobId, SkillId
from service.domain.job import Job
from service.domain.skill import SkillLink
from service.indexing.holders import HolderIndex
from service.indexing.vocabulary import Vocabulary
from service.matching.ports import Holders, Vectors, WordHit
from service.matching.requirements import requirements_of, weight_of
from service.matching.texts import job_text


class Jobs:
    """Implements ``JobIndex`` and ``WordIndex``."""

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
        texts = [job_text(job) for job in jobs]
        self._holders.upsert([job.id for job in jobs], vectors, strengths, texts=texts)

    def remove(self, job: JobId) -> None:
        """Forget a job; an unknown one is no error."""
        self._holders.remove(job)

    def retrieve(
        self, query: Vectors, *, k: int, skills: Sequence[SkillId], words: str = ""
    ) -> Holders:
        """Return the jobs nearest to the query, and by skill and by word."""
        return self._holders.retrieve(query, k=k, skills=skills, words=words)

    def search(self, text: str, *, k: int, allowed: Collection[str] | None = None) -> list[WordHit]:
        """Return the ``k`` jobs that fit the words of a text best."""
        return self._holders.search(text, k=k, allowed=allowed)

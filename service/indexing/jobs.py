"""Jobs in memory: by vector, by the skills they ask for, and by word."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date
from threading import Lock

import numpy as np

from service.domain.ids import JobId, SkillId
from service.domain.job import Job
from service.domain.skill import SkillLink
from service.indexing.changing import changing
from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.forms import SKILLS
from service.indexing.holders import HolderIndex
from service.indexing.latest import Latest, digest_of
from service.indexing.shelf import Shelf
from service.indexing.vocabulary import Vocabulary
from service.matching.ports import Holders, Vectors, WordHit
from service.matching.requirements import hard_skills, requirements_of, weight_of
from service.matching.texts import job_text

# So many goals are remembered with the jobs that are near them, some 5 KB each.
_GOALS_KEPT = 2_048


class _Asking:
    """The jobs that are nearest to a goal of those that ask for a skill, as of a state of all jobs.

    Many learners want to do the same work. A goal is known by the digest of its vector.
    """

    def __init__(self) -> None:
        self._state: tuple[date, int, int] | None = None
        self._by_goal = Latest[bytes, dict[SkillId, JobId | None]](_GOALS_KEPT)
        self._lock = Lock()

    def known(self, query: Vectors, state: tuple[date, int, int]) -> dict[SkillId, JobId | None]:
        """Return what is known for a goal, to be added to; none stands for no job."""
        key = digest_of(query.tobytes())
        with self._lock:
            if state != self._state:
                self._state = state
                self._by_goal.clear()
            found = self._by_goal.get(key)
            if found is None:
                found = {}
                self._by_goal.put(key, found)
            return found


class Jobs:
    """Implements ``JobIndex`` and ``WordIndex``."""

    def __init__(self, dim: int, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._holders = HolderIndex(dim, vocabulary)
        self._hard = Shelf(SKILLS)
        self._last_days: dict[JobId, date] = {}
        # The demand as of a day: the same for all questions until a job changes.
        self._demand: tuple[tuple[date, int], Vectors | None] | None = None
        self._asking = _Asking()
        # Counts when a change begins and when it ends: odd while something changes.
        self.changes = 0

    def __len__(self) -> int:
        return len(self._holders)

    @property
    def index_kind(self) -> str:
        """How vectors are searched at present: exact or quantized."""
        return self._holders.index_kind

    @changing
    def upsert(
        self, jobs: Sequence[Job], vectors: Vectors, links: Sequence[tuple[SkillLink, ...]]
    ) -> None:
        """Add jobs, or replace those that are there."""
        strengths = [
            [(need.skill, weight_of(need)) for need in requirements_of(each)] for each in links
        ]
        texts = [job_text(job) for job in jobs]
        self._holders.upsert([job.id for job in jobs], vectors, strengths, texts=texts)
        for job, own in zip(jobs, links, strict=True):
            self._forget(job.id)
            self._hard.put(job.id, hard_skills(own))
            if job.valid_through:
                self._last_days[job.id] = job.valid_through

    @changing
    def remove(self, job: JobId) -> None:
        """Forget a job; an unknown one is no error."""
        self._forget(job)
        self._holders.remove(job)

    def cosines(self, queries: Vectors) -> list[dict[str, float]]:
        """Return for each query the cosine of every record by id, nearest first."""
        return self._holders.cosines(queries)

    def retrieve(
        self, query: Vectors, *, k: int, skills: Sequence[SkillId], words: str = ""
    ) -> Holders:
        """Return the jobs nearest to the query, and by skill and by word."""
        return self._holders.retrieve(query, k=k, skills=skills, words=words)

    @property
    def tolerance(self) -> float:
        """By how much a component of ``vectors_of`` may be off; 0 while the index is exact."""
        return self._holders.tolerance

    def vectors_of(self, jobs: Sequence[JobId]) -> Vectors:
        """Return float32 ``(len(jobs), dim)``; a row of zeros for an unknown one."""
        return self._holders.vectors_of(jobs)

    def search(self, text: str, *, k: int, allowed: Collection[str] | None = None) -> list[WordHit]:
        """Return the ``k`` jobs that fit the words of a text best."""
        return self._holders.search(text, k=k, allowed=allowed)

    def nearest_asking(
        self, query: Vectors, skills: Sequence[SkillId], today: date
    ) -> dict[SkillId, JobId]:
        """Return for each skill the open job nearest to the query that asks for it, ties by id."""
        state = (today, self.changes, self._holders.index_swaps)
        known = self._asking.known(query, state)
        new = [each for each in skills if each not in known]
        if new:
            found = self._holders.nearest_with(query, new, leaving_out=self._closed(today))
            known.update((skill, JobId(found[skill]) if skill in found else None) for skill in new)
        return {skill: job for skill in skills if (job := known[skill]) is not None}

    def is_open(self, job: JobId, today: date) -> bool:
        """Tell whether a job is there and has not closed before today."""
        return job in self._holders and self._last_days.get(job, today) >= today

    def demand_of(self, skills: Sequence[SkillId], today: date) -> Vectors | None:
        """Return the mean weight of each skill over the open jobs; none if no job is open."""
        known, state = self._demand, (today, self.changes)
        if known is None or known[0] != state:
            known = self._demand = (state, self._holders.mean_strengths(self._closed(today)))
        by_number = known[1]
        if by_number is None:
            return None
        numbers = self._vocabulary.numbers_of(skills)
        # A skill that was numbered after the demand was made is asked for by no job.
        found = np.zeros(len(skills), dtype=np.float32)
        asked = numbers < len(by_number)
        found[asked] = by_number[numbers[asked]]
        return found

    def hard_of(self, job: str) -> frozenset[SkillId]:
        """Return the skills that a job states as required; none for an unknown job."""
        return self._hard.get(job) or frozenset()

    def growth_held(self) -> AbstractContextManager[None]:
        """Train no codes for as long as the block lasts."""
        return self._holders.growth_held()

    def wait_for_growth(self) -> None:
        """Wait until no codes are being trained."""
        self._holders.wait_for_growth()

    def settle(self) -> None:
        """Keep as little as can be of what a question rarely looks at."""
        self._hard.settle()

    def save(self, folder: WritingFolder) -> None:
        """Write everything, to be taken up by an empty one."""
        ids = self._holders.save(folder.folder("holders"))
        self._hard.save(folder, "hard", ids)
        days = {job: last.isoformat() for job, last in self._last_days.items()}
        folder.write_json("last-days", days)

    @changing
    def load(self, folder: ReadingFolder) -> None:
        """Take up what was saved."""
        ids = self._holders.load(folder.folder("holders"))
        self._hard.load(folder, "hard", {each: place for place, each in enumerate(ids)})
        days = folder.read_json("last-days")
        self._last_days = {JobId(job): date.fromisoformat(last) for job, last in days.items()}

    def _closed(self, today: date) -> list[JobId]:
        return [job for job, last in list(self._last_days.items()) if last < today]

    def _forget(self, job: JobId) -> None:
        self._hard.pop(job)
        self._last_days.pop(job, None)

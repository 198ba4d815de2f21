"""Unlocking: the jobs whose match crosses a threshold only with one more credential."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from service.domain.answer import Unlocks
from service.domain.ids import JobId
from service.domain.learner import Evidence
from service.matching.candidates import job_scores
from service.matching.ports import Holders, JobIndex, SkillIndex

SAMPLE = 20


class Unlocker:
    """Compares a learner's matches as they are with those that one more credential would give.

    Both come from ``job_scores``, which ranks jobs for learners; so whoever matches the learner
    with the credential finds the same scores.

    Args:
        holders: all the jobs.
        at: the match score from which on a job counts as unlocked, in [0, 100].
    """

    def __init__(
        self,
        holders: Holders,
        evidence: Sequence[Evidence],
        *,
        skills: SkillIndex,
        jobs: JobIndex,
        at: float,
        today: date,
    ) -> None:
        self._holders = holders
        self._skills = skills
        self._at = at
        before = job_scores(holders, evidence, skills)
        is_open = [jobs.is_open(JobId(each), today) for each in holders.ids]
        self._closed = (before < at) & np.array(is_open, dtype=np.bool_)

    def unlocks(self, evidence: Sequence[Evidence]) -> Unlocks:
        """Return the jobs that evidence with one more credential opens, best matches first."""
        after = job_scores(self._holders, evidence, self._skills)
        rows = np.flatnonzero(self._closed & (after >= self._at)).tolist()
        rows.sort(key=lambda row: (-after[row], self._holders.ids[row]))
        return Unlocks(
            jobs=len(rows),
            sample=tuple(JobId(self._holders.ids[row]) for row in rows[:SAMPLE]),
            at=self._at,
        )

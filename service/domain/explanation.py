"""Explanations: one pair looked at alone, as it is and as it would be."""

from dataclasses import dataclass

from service.domain.answer import Gap, Match, Recommendation, Versions
from service.domain.ids import LearnerId, SkillId
from service.domain.job import Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A learner with a credential or a job.

    Attributes:
        item: the credential as a recommendation, or the job as a match; its rank is 1, since
            nothing else is looked at.
        covered: what is asked for (by the goal, or by the job) and the evidence covers.
        missing: what is asked for and the evidence does not cover.
    """

    item: Recommendation | Match
    covered: tuple[SkillId, ...]
    missing: tuple[SkillId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one credential or one job has the score that it has for one learner.

    Attributes:
        what_if: the same pair with the learner changed as was asked; none if nothing was.
        gap: the learner's gap to the goal; none where a job is explained.
        requirements: what the job asks for, heaviest first; empty for a credential.
        labels: the label of every skill that the answer names.
        score_meaning: what the score says, in words.
    """

    explanation_id: str
    versions: Versions
    learner: LearnerId
    found: Pair
    what_if: Pair | None
    gap: Gap | None
    requirements: tuple[Requirement, ...]
    warnings: tuple[str, ...]
    labels: dict[SkillId, str]
    score_meaning: str

    @property
    def gained(self) -> tuple[SkillId, ...]:
        """What is missing now and would be covered."""
        return _both(self.found.missing, self.what_if.covered) if self.what_if else ()

    @property
    def lost(self) -> tuple[SkillId, ...]:
        """What is covered now and would be missing."""
        return _both(self.found.covered, self.what_if.missing) if self.what_if else ()


def _both(these: tuple[SkillId, ...], those: tuple[SkillId, ...]) -> tuple[SkillId, ...]:
    chosen = set(those)
    return tuple(skill for skill in these if skill in chosen)

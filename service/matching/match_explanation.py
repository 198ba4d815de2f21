"""Matches explained: one learner and one job side by side, with every reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.domain.answer import Match
from service.domain.fit import CategoryFit
from service.domain.ids import JobId, LearnerId, SkillId
from service.domain.job import Requirement
from service.domain.learner import Evidence
from service.domain.skill import Importance, SkillLink
from service.matching.explanation import each_once, reason_from_evidence
from service.matching.fit import fit_of, match_score, share_used
from service.matching.gaps import ask, bridges, evidence_worth
from service.matching.ports import SkillIndex
from service.matching.requirements import PREFERRED_WEIGHT, hard_skills, requirements_of
from service.matching.scoring import COVERED_AT, Asked, coverage, credit_by
from service.matching.soft import soft_among, soft_fit, soft_share

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JobSide:
    """What a job asks for.

    Attributes:
        asked: the same as ``requirements``, as arrays.
        hard: the skills that the job itself states as required.
        of: for each importance which of the requirements have it.
    """

    requirements: tuple[Requirement, ...]
    asked: Asked
    hard: frozenset[SkillId]
    of: Mapping[Importance, Mask] = field(init=False)

    def __post_init__(self) -> None:
        found = {
            importance: np.array(
                [need.importance is importance for need in self.requirements], dtype=np.bool_
            )
            for importance in Importance
        }
        object.__setattr__(self, "of", found)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sides:
    """The two sides of a match: what the job asks for, and what the learner can show.

    Attributes:
        caveats: what whoever reads the match has to know of the evidence.
    """

    job: JobSide
    learner: LearnerId
    evidence: tuple[Evidence, ...]
    caveats: tuple[str, ...] = ()


def job_side(links: Sequence[SkillLink], skills: SkillIndex) -> JobSide:
    """Return what a job with these links asks for."""
    requirements = requirements_of(links)
    return JobSide(
        requirements=requirements, asked=ask(requirements, skills), hard=hard_skills(links)
    )


def explain_match(
    sides: Sides, *, item: LearnerId | JobId, title: str, relevance: float, skills: SkillIndex
) -> Match:
    """Return a match with its reasons; its rank is given by the list that it comes to stand in."""
    asked = sides.job.asked
    worth, strengths = evidence_worth(sides.evidence, asked)
    credit = credit_by(worth, strengths)
    covered = credit.best >= COVERED_AT
    met, missing = _chosen(asked, covered), _chosen(asked, ~covered)
    soft = soft_among(asked.skills, skills)
    used = [int(credit.by[place]) for place in np.flatnonzero(covered)]
    forward = float(coverage(credit.best[None, :], asked.weights)[0])
    fit = fit_of(forward, share_used(worth, strengths))
    return Match(
        id=item,
        title=title,
        rank=0,
        score=match_score(forward),
        fit=fit,
        components={
            "required": _share_of(asked, credit.best, sides, preferred=False),
            "preferred": _share_of(asked, credit.best, sides, preferred=True),
            "soft": soft_share(credit.best, asked.weights, soft),
            "relevance": relevance,
        },
        covered=met,
        missing=missing,
        missing_required=tuple(skill for skill in missing if skill in sides.job.hard),
        categories=_categories(asked, covered, sides),
        bridges=bridges([each.skill for each in sides.evidence], asked, credit, covered),
        evidence=each_once(
            reason_from_evidence(sides.learner, sides.evidence[place]) for place in used
        ),
        soft=soft_fit(met, missing, frozenset(_chosen(asked, soft))),
        caveats=sides.caveats,
    )


def _chosen(asked: Asked, where: Mask) -> tuple[SkillId, ...]:
    return tuple(asked.skills[place] for place in np.flatnonzero(where).tolist())


def _categories(asked: Asked, covered: Mask, sides: Sides) -> tuple[CategoryFit, ...]:
    return tuple(
        CategoryFit(
            importance=importance,
            covered=_chosen(asked, covered & sides.job.of[importance]),
            missing=_chosen(asked, ~covered & sides.job.of[importance]),
        )
        for importance in Importance
    )


def _share_of(asked: Asked, best: NDArray[np.float32], sides: Sides, *, preferred: bool) -> float:
    chosen = sides.job.of[Importance.PREFERRED if preferred else Importance.REQUIRED]
    weights = asked.weights[chosen] / (PREFERRED_WEIGHT if preferred else 1.0)
    total = float(weights.sum())
    return round(float(weights @ best[chosen]) / total, 4) if total else 0.0

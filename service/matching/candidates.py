"""Candidates: learners for a job and jobs for a learner, by the requirements that are covered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.answer import Match
from service.domain.ids import JobId, LearnerId, SkillId
from service.domain.job import Requirement
from service.domain.learner import Evidence
from service.matching.explanation import each_once, reason_from_evidence
from service.matching.gaps import ask, bridges, evidence_credit
from service.matching.ports import Holders, SkillIndex
from service.matching.requirements import PREFERRED_WEIGHT
from service.matching.scoring import (
    COVERED_AT,
    Asked,
    as_score,
    best_credit,
    coverage,
    credit_toward,
)
from service.matching.soft import soft_among, soft_fit, soft_share

RETRIEVED = 400


class RankedMatch(NamedTuple):
    """A learner or a job with its place in the order.

    ``lacks_required`` tells whether a skill that the job states as required is missing.
    """

    id: str
    score: float
    relevance: float
    lacks_required: bool


def rank_learners(holders: Holders, asked: Asked, hard: frozenset[SkillId]) -> list[RankedMatch]:
    """Return learners by how much of a job's weighted requirements they cover, best first.

    Ties by relevance, then by id. Who covers nothing is left out.
    """
    credit = best_credit(holders, asked)
    share = coverage(credit, asked.weights)
    must = np.array([skill in hard for skill in asked.skills], dtype=np.bool_)
    lacks = np.any(credit[:, must] < COVERED_AT, axis=1)
    return _ordered(holders, share, lacks)


def rank_jobs(
    holders: Holders, evidence: Sequence[Evidence], skills: SkillIndex
) -> list[RankedMatch]:
    """Return jobs by how much of their weighted requirements a learner covers, best first."""
    share = job_shares(holders, evidence, skills)
    return _ordered(holders, share, np.zeros(len(holders.ids), dtype=np.bool_))


def job_scores(
    holders: Holders, evidence: Sequence[Evidence], skills: SkillIndex
) -> NDArray[np.float64]:
    """Return each job's score as ``rank_jobs`` gives it: float64 ``(n,)`` in [0, 100]."""
    shares = job_shares(holders, evidence, skills).tolist()
    return np.array([as_score(share) for share in shares], dtype=np.float64)


def job_shares(
    holders: Holders, evidence: Sequence[Evidence], skills: SkillIndex
) -> NDArray[np.float64]:
    """Return how much of each job's weighted requirements is covered: ``(n,)`` in [0, 1]."""
    if not len(holders.skills) or not evidence:
        return np.zeros(len(holders.ids), dtype=np.float64)
    has = tuple(each.skill for each in evidence)
    strengths = np.array([each.strength for each in evidence], dtype=np.float32)
    credit = credit_toward(has, strengths, skills)
    met = np.array([credit.get(skill, 0.0) for skill in holders.vocabulary], dtype=np.float32)
    earned = _sums(met[holders.skills] * holders.strengths, holders.starts)
    total = _sums(holders.strengths, holders.starts)
    return np.divide(earned, total, out=np.zeros_like(earned), where=total > 0)


def _sums(values: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    running = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    result: NDArray[np.float64] = running[starts[1:]] - running[starts[:-1]]
    return result


def _ordered(
    holders: Holders,
    share: NDArray[np.float32] | NDArray[np.float64],
    lacks: NDArray[np.bool_],
) -> list[RankedMatch]:
    ranked = [
        RankedMatch(
            each, as_score(share[row]), round(float(holders.similarity[row]), 4), bool(lacks[row])
        )
        for row, each in enumerate(holders.ids)
        if as_score(share[row]) > 0
    ]
    return sorted(ranked, key=lambda each: (-each.score, -each.relevance, each.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The two sides of a match: what the job asks for, and what the learner can show."""

    learner: LearnerId
    requirements: tuple[Requirement, ...]
    hard: frozenset[SkillId]
    evidence: tuple[Evidence, ...]


def explain_match(
    sides: Sides, *, item: LearnerId | JobId, title: str, relevance: float, skills: SkillIndex
) -> Match:
    """Return a match with its reasons; its rank is given by the list that it comes to stand in."""
    asked = ask(sides.requirements, skills)
    credit = evidence_credit(sides.evidence, asked)
    covered = credit.best >= COVERED_AT
    met = tuple(skill for skill, has in zip(asked.skills, covered, strict=True) if has)
    missing = tuple(skill for skill, has in zip(asked.skills, covered, strict=True) if not has)
    soft = soft_among(asked.skills, skills)
    used = [int(credit.by[place]) for place in np.flatnonzero(covered)]
    share = float(coverage(credit.best[None, :], asked.weights)[0])
    return Match(
        id=item,
        title=title,
        rank=0,
        score=as_score(share),
        components={
            "required": _share_of(asked, credit.best, sides, preferred=False),
            "preferred": _share_of(asked, credit.best, sides, preferred=True),
            "soft": soft_share(credit.best, asked.weights, soft),
            "relevance": relevance,
        },
        covered=met,
        missing=missing,
        missing_required=tuple(skill for skill in missing if skill in sides.hard),
        bridges=bridges([each.skill for each in sides.evidence], asked, credit, covered),
        evidence=each_once(
            reason_from_evidence(sides.learner, sides.evidence[place]) for place in used
        ),
        soft=soft_fit(met, missing, skills),
    )


def _share_of(asked: Asked, best: NDArray[np.float32], sides: Sides, *, preferred: bool) -> float:
    chosen = np.array(
        [(need.importance.value == "preferred") is preferred for need in sides.requirements],
        dtype=np.bool_,
    )
    weights = asked.weights[chosen] / (PREFERRED_WEIGHT if preferred else 1.0)
    total = float(weights.sum())
    return round(float(weights @ best[chosen]) / total, 4) if total else 0.0

"""Candidates: learners for a job and jobs for a learner, by the requirements that are covered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.ids import SkillId
from service.domain.learner import Evidence
from service.matching.fit import (
    Shares,
    match_scores,
    overall_share,
    shares,
    sums,
    used_shares,
)
from service.matching.ports import Holders, SkillIndex
from service.matching.scoring import (
    COVERED_AT,
    Asked,
    best_credit_by,
    coverage,
    transfer,
    worth_toward,
)

RETRIEVED = 400

Hard = Callable[[str], frozenset[SkillId]]


class RankedMatch(NamedTuple):
    """A learner or a job with its place in the order.

    ``overall`` is the share in [0, 1] by which equal scores are ordered; ``lacks_required`` tells
    whether a skill that the job states as required is missing.
    """

    id: str
    score: float
    overall: float
    relevance: float
    lacks_required: bool


def rank_learners(holders: Holders, asked: Asked, hard: frozenset[SkillId]) -> list[RankedMatch]:
    """Return learners by how much of a job's weighted requirements they cover, best first.

    Ties by overall fit, then by relevance, then by id. Who is a little like everything that is
    asked for, and covers nothing of it, is left out.
    """
    worth = transfer(holders.vocabulary, asked)
    credit = best_credit_by(holders, worth)
    covers = np.any(credit >= COVERED_AT, axis=1)
    must = np.array([skill in hard for skill in asked.skills], dtype=np.bool_)
    lacks = np.any(credit[:, must] < COVERED_AT, axis=1)
    forward = coverage(credit, asked.weights).astype(np.float64)
    forward = np.where(covers, forward, 0.0)
    return _ordered(holders, forward, used_shares(holders, worth), lacks)


def rank_jobs(
    holders: Holders, evidence: Sequence[Evidence], skills: SkillIndex, *, hard_of: Hard
) -> list[RankedMatch]:
    """Return jobs by how much of their weighted requirements a learner covers, best first.

    Args:
        holders: the jobs that were retrieved.
        evidence: what the learner can show.
        skills: the vocabulary.
        hard_of: gives the skills that a job states as required, by the job's id.
    """
    if not len(holders.skills) or not evidence:
        return []
    has = tuple(each.skill for each in evidence)
    strengths = np.array([each.strength for each in evidence], dtype=np.float32)
    worth = worth_toward(has, holders.vocabulary, skills)
    met = (worth * strengths[:, None]).max(axis=0)
    forward = _met_shares(holders, met)
    reverse = _used_by_each(holders, worth, strengths)
    covered = {holders.vocabulary[place] for place in np.flatnonzero(met >= COVERED_AT).tolist()}
    lacks = np.array([not hard_of(each) <= covered for each in holders.ids], dtype=np.bool_)
    return _ordered(holders, forward, reverse, lacks)


def job_scores(
    holders: Holders, evidence: Sequence[Evidence], skills: SkillIndex
) -> NDArray[np.float64]:
    """Return each job's score as ``rank_jobs`` gives it: float64 ``(n,)`` in [0, 100]."""
    if not len(holders.skills) or not evidence:
        return np.zeros(len(holders.ids), dtype=np.float64)
    has = tuple(each.skill for each in evidence)
    strengths = np.array([each.strength for each in evidence], dtype=np.float32)
    met = (worth_toward(has, holders.vocabulary, skills) * strengths[:, None]).max(axis=0)
    return match_scores(_met_shares(holders, met))


def _met_shares(holders: Holders, met: NDArray[np.float32]) -> Shares:
    """Return how much of each job's weighted requirements is met: ``(jobs,)`` in [0, 1]."""
    earned = sums(met[holders.skills] * holders.strengths, holders.starts)
    return shares(earned, sums(holders.strengths, holders.starts))


def with_evidence(holders: Holders, evidence: Mapping[str, Sequence[Evidence]]) -> Holders:
    """Return the holders with other strengths for some of them, who are named by id.

    A skill that the other evidence does not show counts nothing.
    """
    strengths = holders.strengths.copy()
    for row, holder in enumerate(holders.ids):
        if holder in evidence:
            strength = {each.skill: each.strength for each in evidence[holder]}
            for place in range(int(holders.starts[row]), int(holders.starts[row + 1])):
                skill = holders.vocabulary[holders.skills[place]]
                strengths[place] = strength.get(skill, 0.0)
    return replace(holders, strengths=strengths)


def _used_by_each(
    holders: Holders, worth: NDArray[np.float32], strengths: NDArray[np.float32]
) -> Shares:
    """Return for each job the share of the evidence that it asks for: float64 ``(jobs,)``."""
    used = np.zeros((len(strengths), len(holders.ids)), dtype=np.float64)
    filled = holders.starts[1:] > holders.starts[:-1]
    starts = holders.starts[:-1][filled]
    used[:, filled] = np.maximum.reduceat(worth[:, holders.skills], starts, axis=1)
    weights = strengths.astype(np.float64)
    result: Shares = weights @ used / weights.sum()
    return result


def _ordered(
    holders: Holders, forward: Shares, reverse: Shares, lacks: NDArray[np.bool_]
) -> list[RankedMatch]:
    # By the raw score: calibrated ones are so near to each other that rounding makes them equal.
    raw = (100.0 * forward).round(1)
    score = match_scores(forward)
    overall = overall_share(forward, reverse).round(4)
    relevance = holders.similarity.astype(np.float64).round(4)
    # Holders stand by ascending id, which decides last.
    order = np.lexsort((-relevance, -overall, -raw))
    order = order[raw[order] > 0]
    columns = (score, overall, relevance, lacks)
    rows = zip(
        (holders.ids[row] for row in order.tolist()),
        *(column[order].tolist() for column in columns),
        strict=True,
    )
    return [RankedMatch(*row) for row in rows]

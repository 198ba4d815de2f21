"""Two-way fit: the job's needs that a person meets, and the part of the person that a job uses."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.domain.fit import Fit
from service.matching.ports import Holders
from service.matching.score_calibration import ScoreKind, calibrated
from service.matching.scoring import Floats, as_score

Shares = NDArray[np.float64]

# What an employer needs counts twice as much as what else a person could bring.
FORWARD_WEIGHT = 2 / 3


def overall_share(forward: Shares, reverse: Shares) -> Shares:
    """Return both sides together: ``forward^(2/3) * reverse^(1/3)``, row by row, in [0, 1].

    A weighted geometric mean: neither side can be bought with the other, and what fits from one
    side only does not fit.
    """
    weighted = np.clip(forward, 0.0, 1.0) ** FORWARD_WEIGHT
    result: Shares = weighted * np.clip(reverse, 0.0, 1.0) ** (1.0 - FORWARD_WEIGHT)
    return result


def fit_of(forward: float, reverse: float) -> Fit:
    """Return the two-way fit of two shares in [0, 1]."""
    overall = overall_share(np.array([forward]), np.array([reverse]))
    return Fit(
        forward=as_score(forward), reverse=as_score(reverse), overall=as_score(float(overall[0]))
    )


def match_scores(forward: Shares) -> Shares:
    """Return the scores of matches, in [0, 100]: the one place where a fit becomes a score.

    They are those of ``forward``, shares in [0, 1]. What somebody can do beside what a job asks
    for lowers ``reverse``, and so ``overall``, and must not lower a score; among equal scores the
    higher ``overall`` goes first.
    """
    return calibrated(100.0 * np.clip(forward, 0.0, 1.0), ScoreKind.MATCH)


def match_score(forward: float) -> float:
    """Return the score of one match; see ``match_scores``."""
    return float(match_scores(np.array([forward]))[0])


def share_used(worth: Floats, strengths: NDArray[np.floating[Any]]) -> float:
    """Return the share of a person's evidence that a job asks for, by strength, in [0, 1].

    Each skill counts by what it is worth for the requirement that it serves best: 1 for the
    skill itself, less over a bridge.

    Args:
        worth: float32 ``(skills, r)``: what each of their skills is worth.
        strengths: float64 ``(skills,)``: of their evidence.
    """
    if not worth.size:
        return 0.0
    best = worth.max(axis=1).astype(np.float64)
    total = float(strengths.sum())
    return float(best @ strengths) / total if total else 0.0


def used_shares(holders: Holders, worth: Floats) -> Shares:
    """Return for each learner the share of their evidence that a job asks for: ``(n,)``.

    Args:
        holders: the learners.
        worth: float32 ``(skills, r)``: what each skill of their vocabulary is worth.
    """
    if not len(holders.skills) or not worth.shape[1]:
        return np.zeros(len(holders.ids), dtype=np.float64)
    best = worth.max(axis=1)
    used = sums(best[holders.skills] * holders.strengths, holders.starts)
    return shares(used, sums(holders.strengths, holders.starts))


def sums(values: NDArray[np.float32], starts: NDArray[np.int64]) -> Shares:
    """Return the sum of each record's values: float64 ``(n,)``."""
    running = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    result: Shares = running[starts[1:]] - running[starts[:-1]]
    return result


def shares(part: Shares, whole: Shares) -> Shares:
    """Return ``part / whole`` row by row; 0 where there is nothing to share."""
    result: Shares = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return result

"""Scores are fitted to what came true, and judged on questions that they were not fitted on."""

from itertools import pairwise

import numpy as np
import pytest

from benchmarks.matching.calibrating import Outcomes, cross_fitted, fit, reliability


def outcomes(count: int = 4_000) -> Outcomes:
    """Items that are right as often as half of their raw score says."""
    chance = np.random.default_rng(1)
    raws = chance.uniform(0, 100, count)
    return Outcomes(
        raws=raws,
        right=(chance.random(count) < raws / 200).astype(np.float64),
        groups=[f"question {row % 400}" for row in range(count)],
    )


def test_a_score_becomes_how_often_such_items_were_right() -> None:
    curve = fit(outcomes(), "made up")

    assert curve.score(80) == pytest.approx(40, abs=6)
    assert curve.basis == "made up"


def test_the_line_rises_where_better_scores_were_right_less_often() -> None:
    raws = np.linspace(1, 99, 240)
    falling = Outcomes(
        raws=raws, right=(raws < 50).astype(np.float64), groups=["question"] * len(raws)
    )

    curve = fit(falling, "made up")

    scores = [curve.score(raw) for raw in range(101)]
    assert all(low < high for low, high in pairwise(scores))


def test_what_is_said_of_unseen_questions_is_near_to_what_comes_true() -> None:
    assert cross_fitted(outcomes()).ece < 0.05


def test_the_calibration_error_is_the_mean_distance_of_said_and_right() -> None:
    found = reliability(np.array([0.15, 0.15, 0.95, 0.95]), np.array([0.0, 0.0, 1.0, 0.0]))

    assert [row.size for row in found.rows] == [2, 2]
    assert found.ece == pytest.approx((0.15 + 0.45) / 2)

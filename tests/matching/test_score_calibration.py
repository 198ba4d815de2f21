"""A score says how many of ten such items are right, and never changes an order."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.matching.score_calibration import (
    IDENTITY,
    NOT_CALIBRATED,
    ScoreCurve,
    ScoreKind,
    calibrated,
    curves_as_text,
    curves_of,
    shipped_curves,
)

RAW = st.floats(min_value=0, max_value=100)
CURVE = ScoreCurve(raws=(0.0, 20.0, 100.0), scores=(0.0, 70.0, 90.0), basis="measured")


def test_a_raw_score_between_two_points_gets_its_share_of_both() -> None:
    assert CURVE.score(20) == 70
    assert CURVE.score(60) == 80
    assert CURVE.score(140) == 90


@given(first=RAW, second=RAW, kind=st.sampled_from(list(ScoreKind)))
def test_calibration_never_turns_two_scores_around(
    first: float, second: float, kind: ScoreKind
) -> None:
    low, high = sorted((first, second))

    lower, higher = calibrated(np.array([low, high]), kind).tolist()
    assert lower <= higher


@given(raw=RAW, kind=st.sampled_from(list(ScoreKind)))
def test_a_score_can_be_told_back_to_its_raw_one(raw: float, kind: ScoreKind) -> None:
    curve = shipped_curves()[kind]

    assert curve.raw(curve.score(raw)) == pytest.approx(raw, abs=1e-6)


def test_a_kind_without_a_curve_keeps_its_raw_score_and_says_so() -> None:
    curves = curves_of("{}")

    assert curves[ScoreKind.MATCH] is IDENTITY
    assert curves[ScoreKind.MATCH].basis == NOT_CALIBRATED
    assert curves[ScoreKind.MATCH].score(41.5) == 41.5


def test_curves_are_read_as_they_were_written() -> None:
    curves = {ScoreKind.RECOMMENDATION: CURVE, ScoreKind.MATCH: IDENTITY}

    assert curves_of(curves_as_text(curves)) == curves


@pytest.mark.parametrize(
    ("raws", "scores"),
    [
        ([0, 50, 100], [0, 60, 60]),
        ([0, 50, 50, 100], [0, 20, 30, 60]),
        ([0, 50], [0, 60]),
        ([], []),
        ([0, 100], [0, 50, 60]),
    ],
)
def test_a_curve_that_would_change_the_order_is_refused(
    raws: list[float], scores: list[float]
) -> None:
    text = json.dumps({"match": {"raws": raws, "scores": scores, "basis": "measured"}})

    with pytest.raises(ValueError, match="a curve"):
        curves_of(text)

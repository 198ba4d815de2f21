"""A similarity becomes the probability that a person would agree."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings import Logistic

CURVE = Logistic(slope=12.0, intercept=-6.6, basis="a test")


def test_the_curve_is_the_logistic_function() -> None:
    assert CURVE.probability(0.55) == pytest.approx(0.5)
    assert CURVE.probability(0.7) == pytest.approx(1 / (1 + math.exp(-(12.0 * 0.7 - 6.6))))


@given(one=st.floats(-1, 1), other=st.floats(-1, 1))
def test_a_higher_similarity_never_means_less(one: float, other: float) -> None:
    low, high = sorted([one, other])

    assert 0 <= CURVE.probability(low) <= CURVE.probability(high) <= 1


@pytest.mark.parametrize(("slope", "intercept"), [(0.0, 0.0), (math.nan, 0.0), (1.0, math.inf)])
def test_a_curve_that_is_none_is_refused(slope: float, intercept: float) -> None:
    with pytest.raises(ValueError, match="slope must be above 0"):
        Logistic(slope=slope, intercept=intercept, basis="a test")

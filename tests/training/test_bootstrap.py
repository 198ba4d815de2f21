"""Intervals and comparisons: what is sure is said to be, and what is chance as well."""

import numpy as np
import pytest

from training.bootstrap import RESAMPLES, interval, paired, resampled_means


def some_scores(queries: int, *, seed: int = 1) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).random(queries)


def test_the_interval_is_the_one_that_the_normal_law_gives_for_many_queries() -> None:
    scores = some_scores(2_000)
    reach = 1.96 * scores.std() / np.sqrt(len(scores))

    low, high = interval(scores)

    assert low == pytest.approx(scores.mean() - reach, abs=0.001)
    assert high == pytest.approx(scores.mean() + reach, abs=0.001)


def test_equal_scores_leave_nothing_to_chance() -> None:
    assert interval(np.full(5, 0.25)) == (0.25, 0.25)


def test_the_same_scores_have_the_same_interval_each_time() -> None:
    scores = some_scores(50)

    assert interval(scores) == interval(scores)
    assert len(resampled_means(scores)) == RESAMPLES


def test_two_systems_that_score_alike_do_not_differ() -> None:
    scores = some_scores(50)

    found = paired(scores, scores)

    assert (found.value, found.low, found.high, found.p_value) == (0.0, 0.0, 0.0, 1.0)


def test_a_small_difference_on_every_query_is_sure_however_the_queries_differ() -> None:
    scores = some_scores(50)

    found = paired(scores + 0.01, scores)

    assert found.value == pytest.approx(0.01)
    assert found.low == pytest.approx(0.01)
    assert found.p_value == pytest.approx(2 / (RESAMPLES + 1))


def test_the_p_value_and_the_interval_agree_on_what_is_chance() -> None:
    gains = np.array([1.0, -1.0] * 20 + [1.0] * 3)

    found = paired(gains, np.zeros(len(gains)))

    assert found.value == pytest.approx(3 / 43)
    assert found.low < 0 < found.high
    assert 0.5 < found.p_value < 0.9


def test_the_order_of_two_systems_changes_the_sign_alone() -> None:
    first, second = some_scores(80), some_scores(80, seed=2)

    there, back = paired(first, second), paired(second, first)

    assert there.value == pytest.approx(-back.value)
    assert there.low == pytest.approx(-back.high)
    assert there.p_value == pytest.approx(back.p_value)


def test_scores_of_other_queries_are_not_compared() -> None:
    with pytest.raises(ValueError, match="the same queries"):
        paired(some_scores(3), some_scores(4))

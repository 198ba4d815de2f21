"""A probability is what comes true as often as it says, and the error tells how far it is off."""

import numpy as np
import pytest

from tests.builders.calibrating import neighbors
from training.calibration_error import bins_of, ece, ece_by_chance, score
from training.calibration_fit import (
    Fit,
    SimilaritiesTellNothing,
    fitted,
    folds_of,
    line_of,
    out_of_sample,
)
from training.calibration_neighbors import Neighbors


def of_a_curve(slope: float, intercept: float, *, count: int = 40_000) -> Neighbors:
    """Draw neighbors that are right as often as a logistic curve says."""
    chance = np.random.default_rng(7)
    similarities = chance.uniform(0, 1, count)
    said = 1 / (1 + np.exp(-(slope * similarities + intercept)))
    return neighbors(similarities.tolist(), (chance.random(count) < said).tolist())


def test_the_curve_that_made_the_data_is_found_again() -> None:
    line = line_of(of_a_curve(9.0, -6.0))

    assert line.slope == pytest.approx(9.0, abs=0.2)
    assert line.intercept == pytest.approx(-6.0, abs=0.2)


def test_a_row_of_weight_two_counts_as_two_rows() -> None:
    weighted = neighbors([0.2, 0.3, 0.6, 0.8], [0, 1, 0, 1], weights=[1, 2, 1, 1])
    doubled = neighbors([0.2, 0.3, 0.3, 0.6, 0.8], [0, 1, 1, 0, 1])

    for fit in (Fit.LOGISTIC, Fit.ISOTONIC):
        assert fitted(fit, weighted)(weighted) == pytest.approx(
            fitted(fit, doubled)(weighted), abs=1e-6
        )


def test_similarities_that_mean_the_opposite_make_no_curve() -> None:
    upside_down = neighbors([0.1, 0.2, 0.3, 0.8, 0.9, 0.95], [1, 1, 0, 1, 0, 0])

    with pytest.raises(SimilaritiesTellNothing, match="cannot become probabilities") as caught:
        line_of(upside_down)

    assert caught.value.slope < 0


def test_similarities_that_are_never_wrong_make_a_steep_curve() -> None:
    line = line_of(neighbors([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]))

    assert 10 < line.slope < 1_000
    assert -line.intercept / line.slope == pytest.approx(0.5, abs=0.01)


def test_steps_that_fall_are_pooled() -> None:
    rows = neighbors([0.1, 0.2, 0.3, 0.4], [0, 1, 0, 1])

    said = fitted(Fit.ISOTONIC, rows)(neighbors([0.0, 0.2, 0.3, 1.0], [0, 0, 0, 0]))

    assert said.tolist() == [0.0, 0.5, 0.5, 1.0]


@pytest.mark.parametrize("fit", [Fit.MARGIN, Fit.RANK])
def test_a_second_feature_tells_neighbors_of_one_similarity_apart(fit: Fit) -> None:
    rows = neighbors([0.5] * 8, [1, 1, 1, 0, 1, 0, 0, 0])
    rows.margins[:4] = 0.2
    rows.ranks[4:] = 1

    said = fitted(fit, rows)(rows)

    assert said == pytest.approx([0.75] * 4 + [0.25] * 4, abs=1e-2)


def test_all_rows_of_a_text_are_in_one_fold_and_the_folds_are_even() -> None:
    texts = np.repeat(np.arange(50), 3)

    folds = folds_of(texts).reshape(50, 3)

    assert (folds == folds[:, :1]).all()
    assert np.bincount(folds[:, 0]).tolist() == [5] * 10
    assert folds[:, 0].tolist() == folds_of(np.arange(50)).tolist()


def test_no_text_is_told_by_a_curve_that_was_fitted_on_it() -> None:
    # Each text is right at a similarity of its own, which steps fitted on it would give away.
    rows = neighbors(
        [number / 100 for number in range(40) for _ in range(2)],
        [number % 2 for number in range(40) for _ in range(2)],
        texts=[number for number in range(40) for _ in range(2)],
    )
    told = out_of_sample(Fit.ISOTONIC, rows)

    folds = folds_of(rows.texts)
    for fold in range(10):
        others = fitted(Fit.ISOTONIC, rows.only(folds != fold))
        assert told[folds == fold] == pytest.approx(others(rows.only(folds == fold)))


def test_the_error_is_the_mean_distance_over_bins_of_equal_count() -> None:
    said = np.array([0.9, 0.1, 0.6, 0.2] * 5)
    rows = neighbors(said.tolist(), [1, 0, 0, 1] * 5)

    bins = bins_of(said, rows)

    # Of .1 nothing is right, of .2 all, of .6 nothing, of .9 all; two bins of ten hold two of them.
    assert [each.size for each in bins] == [2] * 10
    assert [each.said for each in bins] == pytest.approx(
        [0.1, 0.1, 0.15, 0.2, 0.2, 0.6, 0.6, 0.75, 0.9, 0.9]
    )
    assert [each.right for each in bins] == [0, 0, 0.5, 1, 1, 0, 0, 0.5, 1, 1]
    assert ece(bins) == pytest.approx(
        (0.1 + 0.1 + 0.35 + 0.8 + 0.8 + 0.6 + 0.6 + 0.25 + 0.1 + 0.1) / 10
    )
    assert score(said, rows).brier == pytest.approx((0.01 + 0.01 + 0.36 + 0.64) / 4)


def test_a_bin_counts_as_much_as_its_rows_weigh() -> None:
    said = np.linspace(0.1, 1.0, 10)
    rows = neighbors([0.0] * 10, [1] * 10, weights=[3, 1, 1, 1, 1, 1, 1, 1, 1, 1])

    found = score(said, rows)

    assert found.ece == pytest.approx((3 * 0.9 + 3.6) / 12)
    assert found.brier == pytest.approx((3 * 0.81 + 2.04) / 12)


def test_the_interval_of_a_bin_is_that_of_as_many_rows_of_one_weight() -> None:
    even = bins_of(np.zeros(40), neighbors([0.0] * 40, [0, 1, 1, 1] * 10))[0]
    uneven = bins_of(np.zeros(40), neighbors([0.0] * 40, [0, 1, 1, 1] * 10, weights=[3, 1] * 20))[0]

    assert even.error == pytest.approx(1.96 * np.sqrt(0.75 * 0.25 / 4))
    # (3 + 1 + 3 + 1)² / (9 + 1 + 9 + 1) rows, of which 5 of 8 by weight are right.
    assert uneven.error == pytest.approx(1.96 * np.sqrt(5 / 8 * 3 / 8 / 3.2))


def test_true_probabilities_show_no_more_error_than_chance() -> None:
    rows = of_a_curve(9.0, -6.0, count=4_000)
    said = 1 / (1 + np.exp(-(9.0 * rows.similarities - 6.0)))

    by_chance = ece_by_chance(said, rows)

    # The mean of |Normal(0, sqrt(p (1 - p) / 400))| over the ten bins.
    expected = np.mean(
        [np.sqrt(2 / np.pi * b.said * (1 - b.said) / 400) for b in bins_of(said, rows)]
    )
    assert by_chance == pytest.approx(expected, rel=0.1)
    assert score(said, rows).ece < 2 * by_chance
    assert score(np.minimum(said + 0.2, 1.0), rows).ece > 5 * by_chance

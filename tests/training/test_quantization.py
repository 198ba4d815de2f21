"""Weights become small integers that no processor adds up wrongly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from training.quantization import quantize_columns, quantize_rows
from training.smoothing import smoothing_scales

INT16_LARGEST = 32_767
ACTIVATION_LARGEST = 255
# Rounding of the float32 scale itself.
SLACK = 1.001


def some_weights(seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(24, 8)).astype(np.float32)


@given(seed=st.integers(0, 1_000))
def test_a_matrix_comes_back_within_half_a_step_of_each_column(seed: int) -> None:
    weights = some_weights(seed)

    values, scales = quantize_columns(weights)

    assert scales.shape == (8,)
    assert (np.abs(values * scales - weights) <= scales / 2 * SLACK).all()


@given(seed=st.integers(0, 1_000))
def test_two_products_never_exceed_sixteen_bits(seed: int) -> None:
    values, _ = quantize_columns(1_000 * some_weights(seed))

    assert 2 * ACTIVATION_LARGEST * int(np.abs(values).max()) <= INT16_LARGEST


@given(seed=st.integers(0, 1_000))
def test_a_table_comes_back_within_half_a_step_of_each_row(seed: int) -> None:
    table = some_weights(seed)

    values, scales = quantize_rows(table)

    assert scales.shape == (24, 1)
    assert (np.abs(values * scales - table) <= scales / 2 * SLACK).all()


def test_a_column_of_zeros_stays_zero() -> None:
    values, scales = quantize_columns(np.zeros((4, 2), dtype=np.float32))

    assert not values.any()
    assert np.isfinite(scales).all()


def test_smoothing_makes_the_largest_input_smaller_and_changes_no_product() -> None:
    chance = np.random.default_rng(1)
    inputs = chance.normal(size=(50, 24)).astype(np.float32)
    inputs[:, 3] *= 40
    weights = some_weights(1)

    scales = smoothing_scales(weights, np.abs(inputs).max(axis=0))

    smoothed, heavier = inputs / scales, weights * scales[:, None]
    assert np.abs(smoothed).max() < np.abs(inputs).max() / 2
    assert smoothed @ heavier == pytest.approx(inputs @ weights, abs=1e-3)
    assert np.log(scales).mean() == pytest.approx(0, abs=1e-5)

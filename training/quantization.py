"""Weights as small integers, in a way that gives the same vectors on every processor."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Processors with AVX2 but without VNNI add two products of an unsigned activation and a signed
# weight in 16 bits, which saturate: 2 * 255 * 127 > 32,767. With seven bits, 2 * 255 * 63 fits.
LARGEST_WEIGHT = 63
LARGEST_ROW_VALUE = 127


class Quantized(NamedTuple):
    """Integers and the scales that bring them back: ``values * scales``."""

    values: NDArray[np.int8]
    scales: NDArray[np.float32]


def quantize_columns(weights: NDArray[np.float32]) -> Quantized:
    """Quantize a matrix that is multiplied, one scale for each output.

    Shape: ``(inputs, outputs)``; scales ``(outputs,)``. Values are in [-63, 63].
    """
    return _quantize(weights, axis=0, largest=LARGEST_WEIGHT)


def quantize_rows(table: NDArray[np.float32]) -> Quantized:
    """Quantize a table that is looked up, one scale for each row.

    Shape: ``(rows, dim)``; scales ``(rows, 1)``. Values are in [-127, 127].
    """
    values, scales = _quantize(table, axis=1, largest=LARGEST_ROW_VALUE)
    return Quantized(values, scales.reshape(-1, 1))


def _quantize(matrix: NDArray[np.float32], *, axis: int, largest: int) -> Quantized:
    peaks = np.abs(matrix).max(axis=axis, keepdims=True)
    # A column of zeros has no peak; any scale brings its zeros back.
    scales = (np.where(peaks > 0, peaks, 1) / largest).astype(np.float32)
    values = np.rint(matrix / scales).astype(np.int8)
    return Quantized(values, scales.ravel())

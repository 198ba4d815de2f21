"""Arrays that grow: doubled when they must move, so that n rows are copied at most twice."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)


def with_room(array: NDArray[Scalar], length: int) -> NDArray[Scalar]:
    """Return the array with room for so many rows; new ones are zeros."""
    if length <= len(array):
        return array
    larger = np.zeros((max(length, 2 * len(array)), *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger

"""What an index refuses before it touches anything."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from index.errors import (
    CountMismatch,
    DuplicateIds,
    InvalidK,
    InvalidMask,
    NotFinite,
    NotUnitLength,
    WrongDimension,
    WrongVectorType,
)
from index.protocol import Mask, Vectors

# float32 arithmetic leaves unit vectors of some hundred components within 1e-6 of 1; two orders
# above that is a vector that somebody forgot to normalize.
UNIT_TOLERANCE = 1e-4


def check_vectors(vectors: Vectors, *, dim: int | None = None) -> None:
    """Refuse everything but finite float32 unit vectors of shape (n, dim)."""
    if vectors.dtype != np.float32:
        raise WrongVectorType(str(vectors.dtype))
    match vectors.shape:
        case (_, width) if dim in {None, width}:
            pass
        case shape:
            raise WrongDimension(shape=shape, dim=dim)
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.sqrt(np.einsum("nd,nd->n", vectors, vectors))
    # Written so that NaN, which is neither inside nor outside, is found as well.
    wrong = np.flatnonzero(~(np.abs(lengths - 1) <= UNIT_TOLERANCE))
    if not wrong.size:
        return
    row = int(wrong[0])
    if not np.isfinite(vectors[row]).all():
        raise NotFinite(row)
    raise NotUnitLength(row=row, length=float(lengths[row]), tolerance=UNIT_TOLERANCE)


def check_records(ids: Sequence[str], vectors: Vectors, *, dim: int | None = None) -> None:
    """Refuse ids and vectors that do not go together one to one."""
    check_vectors(vectors, dim=dim)
    if len(ids) != len(vectors):
        raise CountMismatch(ids=len(ids), vectors=len(vectors))
    if len(set(ids)) != len(ids):
        raise DuplicateIds([name for name, count in Counter(ids).items() if count > 1])


def check_k(k: int) -> None:
    """Refuse to search for nothing."""
    if k <= 0:
        raise InvalidK(k)


def check_mask(mask: Mask, *, row_count: int) -> None:
    """Refuse a mask that cannot be one boolean for each row."""
    if mask.dtype != np.bool_ or mask.ndim != 1 or len(mask) > row_count:
        raise InvalidMask(shape=mask.shape, dtype=str(mask.dtype), row_count=row_count)

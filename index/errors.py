"""Every error that an index raises on purpose.

* VectorIndexError
  - WrongVectorType, WrongDimension, NotFinite, NotUnitLength: the vectors are not what it takes
  - CountMismatch, DuplicateIds, UnknownIds, UnknownRows: ids or rows do not fit
  - InvalidK, InvalidMask: the question makes no sense
  - DamagedIndex: what lies on the disk does not verify
  - UsedAfterFork: a forked child touched its parent's index
"""

from collections.abc import Sequence
from pathlib import Path

_SHOWN = 3


class VectorIndexError(Exception):
    """An index cannot do what it was asked to."""


class WrongVectorType(VectorIndexError):
    """Vectors came as something else than a float32 array."""

    def __init__(self, found: str) -> None:
        super().__init__(f"An index takes vectors as a float32 array, and these are {found}.")
        self.found = found


class WrongDimension(VectorIndexError):
    """Vectors have another shape than (n, dim)."""

    def __init__(self, *, shape: tuple[int, ...], dim: int | None) -> None:
        wanted = "dim" if dim is None else dim
        super().__init__(f"The vectors have the shape {shape}; this index takes (n, {wanted}).")
        self.shape = shape
        self.dim = dim


class NotFinite(VectorIndexError):
    """A vector holds NaN or an infinity."""

    def __init__(self, row: int) -> None:
        super().__init__(f"Vector {row} (counted from 0) holds NaN or an infinity.")
        self.row = row


class NotUnitLength(VectorIndexError):
    """A vector is longer or shorter than 1."""

    def __init__(self, *, row: int, length: float, tolerance: float) -> None:
        super().__init__(
            f"Vector {row} (counted from 0) has the length {length:.6g}; an index takes unit "
            f"vectors (1 within {tolerance:g}). Normalize it first."
        )
        self.row = row
        self.length = length
        self.tolerance = tolerance


class CountMismatch(VectorIndexError):
    """There are more ids than vectors, or fewer."""

    def __init__(self, *, ids: int, vectors: int) -> None:
        super().__init__(
            f"Each id needs one vector, and these are {ids} ids and {vectors} vectors."
        )
        self.ids = ids
        self.vectors = vectors


class DuplicateIds(VectorIndexError):
    """Ids came twice, or are in the index already."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(
            f"An index holds each id once. Given twice or held already: {_some(ids)}. "
            "To replace vectors, use update or upsert."
        )
        self.ids = tuple(ids)


class UnknownIds(VectorIndexError):
    """Ids are not in the index."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(f"The index does not hold: {_some(ids)}.")
        self.ids = tuple(ids)


class UnknownRows(VectorIndexError):
    """Row numbers were never handed out."""

    def __init__(self, *, rows: Sequence[int], row_count: int) -> None:
        super().__init__(
            f"The index has handed out {row_count} rows so far; these are not among them: "
            f"{_some(rows)}."
        )
        self.rows = tuple(rows)
        self.row_count = row_count


class InvalidK(VectorIndexError):
    """The number of hits asked for is not positive."""

    def __init__(self, k: int) -> None:
        super().__init__(f"A search returns at least one hit; k was {k}.")
        self.k = k


class InvalidMask(VectorIndexError):
    """A mask of rows is not a column of booleans that fits the index."""

    def __init__(self, *, shape: tuple[int, ...], dtype: str, row_count: int) -> None:
        super().__init__(
            f"A mask is one boolean for each row, at most {row_count} of them; "
            f"this one has the shape {shape} and the type {dtype}."
        )
        self.shape = shape
        self.dtype = dtype
        self.row_count = row_count


class DamagedIndex(VectorIndexError):
    """A saved index does not verify; build it again from the records."""

    def __init__(self, *, path: Path, reason: str) -> None:
        super().__init__(f"The saved index is not usable: {path} {reason}. Build it again.")
        self.path = path
        self.reason = reason


class UsedAfterFork(VectorIndexError):
    """A forked child used an index that its parent made."""

    def __init__(self, *, made_in: int, used_in: int) -> None:
        super().__init__(
            f"This index was made in process {made_in} and used in its fork {used_in}. "
            "Spawn worker processes, and load the index in each."
        )
        self.made_in = made_in
        self.used_in = used_in


def _some(values: Sequence[object]) -> str:
    """Name the first few of many values."""
    named = ", ".join(repr(value) for value in values[:_SHOWN])
    rest = len(values) - _SHOWN
    return f"{named} and {rest} more" if rest > 0 else named

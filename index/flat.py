"""Vectors as they came, in one array: searched exactly."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.errors import DamagedIndex
from index.kernel import near_any, nearest
from index.protocol import Mask, RowHits, Rows, Vectors
from index.rows import grown
from index.snapshot import Saved

_SAVED_TYPE = np.dtype("<f4")


class FlatVectors:
    """The vectors of an index by row; not safe for threads by itself."""

    kind = "exact"

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    def prepared(self, vectors: Vectors, *, row_count: int) -> Vectors:
        """Do what can be done before a change is made: make room for so many rows."""
        self._vectors = grown(self._vectors, row_count)
        return vectors

    def put(self, rows: Rows, prepared: Vectors) -> None:
        """Keep the vectors of rows, in place of those they had."""
        if len(rows):
            self._vectors = grown(self._vectors, int(rows.max()) + 1)
            self._vectors[rows] = prepared

    def remove(self, rows: Rows) -> None:
        """Wipe the vectors of rows."""
        self._vectors[rows] = 0

    def vectors_of(self, rows: Rows) -> Vectors:
        """Return a copy of the vectors of rows. Shape: (n, dim)."""
        vectors: Vectors = self._vectors[rows]
        return vectors

    def nearest(
        self, queries: Vectors, *, k: int, eligible: Mask | None, ids: Sequence[str]
    ) -> list[RowHits]:
        """Return the ``k`` nearest eligible rows for each query, ties in the order of their ids."""
        return nearest(queries, self._vectors[: len(ids)], k=k, eligible=eligible, ids=ids)

    def near_any(
        self, queries: Vectors, *, k: int, eligible: Mask | None, ids: Sequence[str]
    ) -> Rows:
        """Return the rows among the ``k`` nearest of any query, each once and ascending."""
        return near_any(queries, self._vectors[: len(ids)], k=k, eligible=eligible, ids=ids)


def raw_of(vectors: Vectors) -> memoryview:
    """Return vectors as a snapshot keeps them."""
    return vectors.astype(_SAVED_TYPE, copy=False).reshape(-1).view(np.uint8).data


def vectors_in(saved: Saved, path: Path) -> Vectors:
    """Return the vectors that a snapshot keeps as they came. Shape: (ids, dim).

    Raises:
        DamagedIndex: if there are more of them than ids, or fewer; it names ``path``.
    """
    numbers = np.frombuffer(saved.vectors, _SAVED_TYPE).astype(np.float32, copy=False)
    if numbers.size != len(saved.table) * saved.dim:
        reason = f"counts {len(saved.table)} ids, but {numbers.size} numbers are there"
        raise DamagedIndex(path=path, reason=reason)
    return numbers.reshape(len(saved.table), saved.dim)

"""Vectors as they came, in one array: searched exactly."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from index.errors import DamagedIndex
from index.kernel import PRODUCT_FROM, TOGETHER_FROM, best_of, near_any, nearest
from index.protocol import Mask, RowHits, Rows, Vectors
from index.rounded import RoundedVectors
from index.rows import grown
from index.snapshot import Saved

_SAVED_TYPE = np.dtype("<f4")
# With fewer rows, the steps beside the comparing take longer than what they save.
_ROUNDED_FROM = 4_000
# Several queries at once are multiplied with each vector that is read, and of a part of the vectors
# only that is: there, bytes are behind.
_NEARLY_ALL = 0.9


class FlatVectors:
    """The vectors of an index by row; not safe for threads that change them.

    Bytes they are rounded to are compared first, once there are enough rows for it to be worth it.
    """

    kind = "exact"

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._rounded: RoundedVectors | None = None
        # Who fills an index may never search it, so the first search rounds.
        self._rounding = Lock()

    def prepared(self, vectors: Vectors, *, row_count: int) -> Vectors:
        """Do what can be done before a change is made: make room for so many rows."""
        self._vectors = grown(self._vectors, row_count)
        if self._rounded is not None:
            self._rounded.make_room(row_count)
        return vectors

    def put(self, rows: Rows, prepared: Vectors) -> None:
        """Keep the vectors of rows, in place of those they had."""
        if len(rows):
            self._vectors = grown(self._vectors, int(rows.max()) + 1)
            self._vectors[rows] = prepared
            # Forgotten if it fails, so that no byte is older than its vector.
            rounded, self._rounded = self._rounded, None
            if rounded is not None:
                rounded.put(rows, prepared)
                self._rounded = rounded

    def remove(self, rows: Rows) -> None:
        """Wipe the vectors of rows."""
        self._vectors[rows] = 0
        if self._rounded is not None:
            self._rounded.remove(rows)

    def vectors_of(self, rows: Rows) -> Vectors:
        """Return a copy of the vectors of rows. Shape: (n, dim)."""
        vectors: Vectors = self._vectors[rows]
        return vectors

    def nearest(
        self, queries: Vectors, *, k: int, eligible: Mask | None, ids: Sequence[str]
    ) -> list[RowHits]:
        """Return the ``k`` nearest eligible rows for each query, ties in the order of their ids."""
        vectors = self._vectors[: len(ids)]
        proposed = self._proposed(queries, vectors, k=k, eligible=eligible)
        if proposed is None:
            return nearest(queries, vectors, k=k, eligible=eligible, ids=ids)
        return [
            best_of(query, vectors, rows, k=k, ids=ids)
            for query, rows in zip(queries, proposed, strict=True)
        ]

    def near_any(
        self, queries: Vectors, *, k: int, eligible: Mask | None, ids: Sequence[str]
    ) -> Rows:
        """Return the rows among the ``k`` nearest of any query, each once and ascending."""
        vectors = self._vectors[: len(ids)]
        least = _NEARLY_ALL if len(queries) >= TOGETHER_FROM else 0.0
        proposed = self._proposed(queries, vectors, k=k, eligible=eligible, least=least)
        among = None if proposed is None else np.unique(np.concatenate(proposed))
        return near_any(queries, vectors, k=k, eligible=eligible, ids=ids, among=among)

    def _proposed(
        self,
        queries: Vectors,
        vectors: Vectors,
        *,
        k: int,
        eligible: Mask | None,
        least: float = 0.0,
    ) -> list[Rows] | None:
        """Return for each query rows among which its best are; None if bytes are of no use.

        They are of none while less than this share of the rows qualifies.
        """
        count = len(vectors) if eligible is None else int(np.count_nonzero(eligible))
        if count < max(_ROUNDED_FROM, least * len(vectors)) or not 0 < len(queries) < PRODUCT_FROM:
            return None
        if count == len(vectors):
            eligible = None
        rounded = self._rounded_rows(vectors)
        proposed = []
        for query in queries:
            rows = rounded.among_best(query, vectors, k=k, eligible=eligible, count=count)
            if rows is None:
                return None
            proposed.append(rows)
        return proposed

    def _rounded_rows(self, vectors: Vectors) -> RoundedVectors:
        with self._rounding:
            if self._rounded is None or self._rounded.is_too_rough(len(vectors)):
                self._rounded = RoundedVectors(vectors)
            return self._rounded


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

"""Recurring searches: what is nearest to a vector that is asked for again and again is kept.

Many learners want to do the same work, and lack the same skills. The vectors of these are looked
for with nearly every question, while the mixture that is one learner's own comes once.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import GrowingIndex, Rows, Vectors
from service.indexing.latest import Latest, digest_of

Mask = NDArray[np.bool_]

# So many searches are kept, some 4 KB each; and of so many it is known that they came once.
KEPT, SEEN = 8_192, 32_768
# More than so many are not kept: some ask for all that there is.
_LONGEST = 1_000
# So much of what is asked for is kept beside it, since some of it may not be admitted.
_BEYOND = 0.5
# After so many changed rows everything is looked for anew; before, they are compared one by one.
_CHANGED_MAX = 256

# How many were asked for, and the digest of a vector: it may be a learner's, who may be erased.
_Key = tuple[int, bytes]


class _Nearest(NamedTuple):
    """The nearest rows of all, best first, as they were after so many changes."""

    rows: NDArray[np.int32]
    similarities: Vectors
    changes: int


class _Place(NamedTuple):
    """Where a row stands in the order: the nearest first, ties by id."""

    distance: float
    id: str


class Recurring:
    """The nearest rows of vectors that came more than once; not safe for threads by itself.

    What it answers is what a search would, as long as the index is exact. A search is kept from
    the second time on.
    """

    def __init__(self, *, kept: int = KEPT, seen: int = SEEN) -> None:
        self._seen_max = seen
        self._kept = Latest[_Key, _Nearest](kept)
        self._seen: set[_Key] = set()
        self._changed: list[int] = []

    def __len__(self) -> int:
        return len(self._kept)

    def note(self, rows: Sequence[int]) -> None:
        """Take note of rows that hold something else now, or nothing."""
        if not self._kept:
            return
        self._changed += rows
        if len(self._changed) > _CHANGED_MAX:
            self.forget()

    def forget(self) -> None:
        """Keep nothing of what was searched."""
        self._kept.clear()
        self._changed.clear()

    def near(self, index: GrowingIndex, query: Vectors, *, k: int, allowed: Mask) -> Rows | None:
        """Return the rows of the ``k`` nearest that are allowed, in no order; None if not known.

        Args:
            index: what is searched, in the state that ``note`` was told of.
            query: float32 ``(dim,)``, unit length.
            k: how many.
            allowed: which rows may be among them. Shape: (rows,).
        """
        if k > _LONGEST:
            return None
        key = (k, digest_of(query.tobytes()))
        known = self._kept.get(key)
        if known is None:
            if not self._is_again(key):
                return None
            known = self._search(index, query, k)
            self._kept.put(key, known)
        elif known.changes < len(self._changed):
            known = self._brought_up(known, index, query)
            if len(known.rows) < k:
                known = self._search(index, query, k)
            self._kept.put(key, known)
        rows = known.rows[allowed[known.rows]]
        is_all = len(known.rows) == len(index)
        return rows[:k].astype(np.int64) if len(rows) >= k or is_all else None

    def _is_again(self, key: _Key) -> bool:
        if key in self._seen:
            return True
        if len(self._seen) >= self._seen_max:
            self._seen.clear()
        self._seen.add(key)
        return False

    def _search(self, index: GrowingIndex, query: Vectors, k: int) -> _Nearest:
        (found,) = index.search_rows(query[None], k=k + math.ceil(_BEYOND * k))
        return _Nearest(found.rows.astype(np.int32), found.similarities, len(self._changed))

    def _brought_up(self, known: _Nearest, index: GrowingIndex, query: Vectors) -> _Nearest:
        """Compare the rows that changed since, and set them in among the others."""
        changed = np.unique(np.array(self._changed[known.changes :], dtype=np.int64))
        mask = np.zeros(index.row_count, dtype=np.bool_)
        mask[changed] = True
        (fresh,) = index.search_rows(query[None], k=len(changed), mask=mask)
        stays = ~mask[known.rows]
        rows = np.concatenate([known.rows[stays], fresh.rows.astype(np.int32)])
        similarities = np.concatenate([known.similarities[stays], fresh.similarities])
        order = self._ordered(index, rows, similarities)
        # Of rows that are not kept it is known only that none comes before the last one.
        last = self._ordered(index, known.rows[-1:], known.similarities[-1:])
        kept = [at for place, at in order if last and place <= last[0][0]]
        return _Nearest(rows[kept], similarities[kept], len(self._changed))

    def _ordered(
        self, index: GrowingIndex, rows: NDArray[np.int32], similarities: Vectors
    ) -> list[tuple[_Place, int]]:
        ids = index.ids_of(rows.astype(np.int64))
        places = map(_Place, (-similarities).tolist(), ids)
        return sorted((place, at) for at, place in enumerate(places))

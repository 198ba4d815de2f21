"""Vectors in 8-bit codes: searched in the lists near the query, within a stated tolerance."""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np

from index.blocks import Codes, pack
from index.codes import CodedVectors
from index.kernel import cosines_of, kth_best, ranked, similarities_of
from index.lists import Lists
from index.protocol import Mask, RowHits, Rows, Vectors
from index.rows import grown
from index.searching import Filter, Searcher
from index.sketches import Sketches
from index.training import Training, nearest_centers

# The longest error that a code may have; a vector whose code would be further off is kept as it
# is. So no similarity is off by more. Codes of texts' vectors are off by about 0.007, and their
# similarities by 0.0004.
TOLERANCE = 0.03
# More than sums in float32 can be off.
_ROUNDING = 1e-4


class Encoded(NamedTuple):
    """Vectors as they are kept.

    Shape: lists (n,), codes (n, dim), sketches (n, bytes), errors (n,): the lengths of what
    rounding to 8 bits took away.
    """

    lists: Rows
    codes: Codes
    sketches: Codes
    errors: Vectors

    def take(self, which: Mask) -> Self:
        """Return some of them."""
        lists, codes, sketches, errors = self
        return type(self)(lists[which], codes[which], sketches[which], errors[which])


class Prepared(NamedTuple):
    """Vectors, and how they are kept."""

    vectors: Vectors
    encoded: Encoded


class QuantizedVectors:
    """The vectors of an index by row, in codes; not safe for threads by itself.

    Each has a sketch, by which it is found, in the list of its nearest center, and a code, by which
    it is compared. What a code tells too badly, such as a vector unlike all that the codes were
    trained on, lies apart as it came and is compared exactly.
    """

    kind = "quantized"

    def __init__(self, training: Training) -> None:
        self.training = training
        self.lists = Lists(training)
        self.codes = CodedVectors(training)
        self._sketches = Sketches(training.points)
        self._searcher = Searcher(training, self.lists, self.codes)
        self._apart_rows: Rows = np.zeros(0, np.int64)
        self._apart: Vectors = np.zeros((0, training.centers.shape[1]), np.float32)
        self._apart_of: dict[int, int] = {}

    @property
    def apart_count(self) -> int:
        """How many vectors lie apart."""
        return len(self._apart_of)

    def encode(self, vectors: Vectors) -> Encoded:
        """Round vectors, without keeping them. Shape: (n, dim)."""
        lists = nearest_centers(vectors, self.training.centers)
        codes = self.codes.encode(vectors, lists)
        sketches = self._sketches.encode(vectors - self.training.centers[lists])
        lost = vectors - self.codes.decode(codes, lists)
        return Encoded(lists, codes, sketches, np.sqrt(np.einsum("nd,nd->n", lost, lost)))

    def prepared(self, vectors: Vectors, *, row_count: int) -> Prepared:
        """Do what can be done before a change is made: make room for so many rows, and encode."""
        self.codes.make_room(row_count)
        return Prepared(vectors, self.encode(vectors))

    def put(self, rows: Rows, prepared: Prepared) -> None:
        """Keep the vectors of rows, in place of those they had."""
        self._remove_apart(rows)
        self.make_room(int(rows.max(initial=-1)) + 1)
        close = prepared.encoded.errors <= TOLERANCE
        self.lists.remove(rows[~close])
        self.codes.remove(rows[~close])
        encoded = prepared.encoded.take(close)
        self.lists.put(rows[close], encoded.lists, encoded.sketches)
        self.codes.put(rows[close], encoded.codes)
        self.put_apart(rows[~close], prepared.vectors[~close])

    def make_room(self, count: int) -> None:
        """Make room for so many rows."""
        self.lists.make_room(count)
        self.codes.make_room(count)

    def put_apart(self, rows: Rows, vectors: Vectors) -> None:
        """Keep the vectors of rows as they are. The rows must not be here yet."""
        for row, vector in zip(rows.tolist(), vectors, strict=True):
            self._put_apart(row, vector)

    def apart(self) -> tuple[Rows, Vectors]:
        """Return the rows that lie apart, and their vectors, where they lie."""
        return self._apart_rows[: self.apart_count], self._apart[: self.apart_count]

    def remove(self, rows: Rows) -> None:
        """Wipe the vectors of rows."""
        self._remove_apart(rows)
        self.lists.remove(rows)
        self.codes.remove(rows)

    def vectors_of(self, rows: Rows) -> Vectors:
        """Return the vectors of rows, each off by at most ``TOLERANCE``. Shape: (n, dim).

        Zeros for a row that has none.
        """
        lists = self.lists.list_of[rows]
        vectors = self.codes.decode(self.codes.codes_of(rows), lists)
        vectors[lists < 0] = 0
        for at in np.flatnonzero(lists < 0).tolist() if self._apart_of else ():
            place = self._apart_of.get(int(rows[at]))
            if place is not None:
                vectors[at] = self._apart[place]
        return vectors

    def nearest(
        self, queries: Vectors, *, k: int, eligible: Mask | None, ids: Sequence[str]
    ) -> list[RowHits]:
        """Return the ``k`` nearest eligible rows for each query, ties in the order of their ids."""
        alive = len(self.lists) + self.apart_count
        if eligible is not None and np.count_nonzero(eligible) >= alive:
            # Removed rows are in no list; a filter that lets all others pass is none.
            eligible = None
        chosen = None if eligible is None else Filter(eligible, self.lists)
        answers = []
        for query in queries:
            listed = self._searcher.nearest(query, k, chosen)
            hits = self._with_apart(query, listed, k=k, eligible=eligible)
            answers.append(ranked(hits.rows, hits.similarities, k=k, ids=ids))
        return answers

    def _with_apart(
        self, query: Vectors, hits: RowHits, *, k: int, eligible: Mask | None
    ) -> RowHits:
        """Return hits, and those that lie apart and may be better than the last of ``k``."""
        rows, vectors = self.apart()
        if not len(rows):
            return hits
        near = cosines_of(query, vectors)
        enough = len(hits.rows) >= k
        last = kth_best(hits.similarities, k) if enough else -np.inf
        better = near >= last - _ROUNDING
        if eligible is not None:
            better &= eligible[rows]
        if not better.any():
            return hits
        exact = similarities_of(query, vectors[better])
        return RowHits(
            np.concatenate([hits.rows, rows[better]]), np.concatenate([hits.similarities, exact])
        )

    def _put_apart(self, row: int, vector: Vectors) -> None:
        place = len(self._apart_of)
        self._apart = grown(self._apart, place + 1)
        self._apart_rows = grown(self._apart_rows, place + 1)
        self._apart[place], self._apart_rows[place] = vector, row
        self._apart_of[row] = place

    def _remove_apart(self, rows: Rows) -> None:
        for row in rows.tolist() if self._apart_of else ():
            place = self._apart_of.pop(row, None)
            if place is None:
                continue
            last = len(self._apart_of)
            moved = int(self._apart_rows[last])
            self._apart[place], self._apart_rows[place] = self._apart[last], moved
            self._apart[last] = 0
            if moved != row:
                self._apart_of[moved] = place


class Filling:
    """Fills codes with many rows at once, so that each list takes the memory that it needs."""

    def __init__(self, vectors: QuantizedVectors, count: int) -> None:
        self._vectors = vectors
        self._rows: Rows = np.zeros(count, np.int64)
        self._lists: Rows = np.zeros(count, np.int64)
        self._sketches: Codes = np.zeros((count, vectors.lists.width), np.uint8)
        self._count = 0

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Encode the vectors of rows that are not there yet."""
        encoded = self._vectors.encode(vectors)
        close = encoded.errors <= TOLERANCE
        self._vectors.make_room(int(rows.max(initial=-1)) + 1)
        self._vectors.put_apart(rows[~close], vectors[~close])
        self._vectors.codes.put(rows[close], encoded.codes[close])
        at = slice(self._count, self._count + int(close.sum()))
        self._rows[at], self._lists[at] = rows[close], encoded.lists[close]
        self._sketches[at] = encoded.sketches[close]
        self._count = at.stop

    def finish(self) -> None:
        """Put what was added into the lists."""
        lists = self._lists[: self._count]
        order = np.argsort(lists, kind="stable")
        sizes = np.bincount(lists, minlength=len(self._vectors.lists.sizes))
        parts = np.split(order, np.cumsum(sizes)[:-1])
        blocks = np.concatenate([pack(self._sketches[part]) for part in parts])
        self._vectors.lists.fill(sizes, self._rows[order], blocks)

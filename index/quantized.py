"""Vectors in 8-bit codes: searched in the lists near the query, within a stated tolerance."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from index.kernel import Selector, cosines_of, similarities_of
from index.lists import Encoded, Lists
from index.planner import Passing, Plan, Way, further, passing, plan
from index.protocol import Mask, RowHits, Rows, Vectors
from index.rows import grown
from index.training import Training

# The longest error that a code may have; a vector whose code would be further off is kept as it
# is. So no similarity is off by more. Codes of texts' vectors are off by about 0.007, and their
# similarities by 0.0004.
TOLERANCE = 0.03
# Fetched beyond k, so that ties at the border rarely need a second scan.
_SLACK = 8
# Where so great a share of the nearest lists passes, more is fetched and what does not pass is
# dropped: so many times what is expected to be needed.
_MANY, _WIDER = 0.2, 2
# So many lists tell what passes around the query.
_SURROUNDINGS = 4
# A search that was planned by a sample goes on where so many times more may be missed than asked.
_GUARDED = 20
# More than sums in float32 can be off.
_ROUNDING = 1e-4


class Prepared(NamedTuple):
    """Vectors and their codes."""

    vectors: Vectors
    encoded: Encoded


class _Filter:
    """Which rows may be hits; what is to be known of them is worked out when it is asked for."""

    def __init__(self, eligible: Mask, lists: Lists) -> None:
        self.eligible = eligible
        self._lists = lists

    @cached_property
    def found(self) -> Passing:
        """How many may be hits, and where they lie."""
        list_of = self._lists.list_of[: len(self.eligible)]
        return passing(self.eligible, list_of, lists=len(self._lists.sizes))

    @cached_property
    def selector(self) -> Selector:
        """The same for FAISS."""
        return Selector(self.eligible)

    def share_in(self, numbers: Rows) -> float:
        """Return the share of some lists that may be hits."""
        rows = np.concatenate([self._lists.entries_of(number)[0] for number in numbers.tolist()])
        return float(np.mean(self.eligible[rows])) if len(rows) else 0.0


class QuantizedVectors:
    """The vectors of an index by row, in codes; not safe for threads by itself.

    What a code tells too badly, such as a vector unlike all that the codes were trained on, lies
    apart as it came and is compared exactly.
    """

    kind = "quantized"

    def __init__(self, training: Training) -> None:
        self.lists = Lists(training)
        self.training = training
        self._apart_rows: Rows = np.zeros(0, np.int64)
        self._apart: Vectors = np.zeros((0, training.centers.shape[1]), np.float32)
        self._apart_of: dict[int, int] = {}

    @property
    def apart_count(self) -> int:
        """How many vectors lie apart."""
        return len(self._apart_of)

    def prepared(self, vectors: Vectors) -> Prepared:
        """Do what can be done before a change is made, and takes longest: encode."""
        return Prepared(vectors, self.lists.encode(vectors))

    def put(self, rows: Rows, prepared: Prepared) -> None:
        """Keep the vectors of rows, in place of those they had."""
        self._remove_apart(rows)
        self.lists.make_room(int(rows.max(initial=-1)) + 1)
        close = prepared.encoded.errors <= TOLERANCE
        self.lists.remove(rows[~close])
        self.lists.put(rows[close], prepared.encoded.take(close))
        self.put_apart(rows[~close], prepared.vectors[~close])

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

    def vectors_of(self, rows: Rows) -> Vectors:
        """Return the vectors of rows, each off by at most ``TOLERANCE``. Shape: (n, dim)."""
        vectors = np.empty((len(rows), self._apart.shape[1]), np.float32)
        apart = np.array([row in self._apart_of for row in rows.tolist()], np.bool_)
        vectors[~apart] = self.lists.vectors_of(rows[~apart])
        vectors[apart] = self._apart[[self._apart_of[row] for row in rows[apart].tolist()]]
        return vectors

    def nearest(
        self, queries: Vectors, *, k: int, eligible: Mask | None, ids: Sequence[str]
    ) -> list[RowHits]:
        """Return the ``k`` nearest eligible rows for each query, ties in the order of their ids."""
        alive = len(self.lists) + self.apart_count
        if eligible is not None and np.count_nonzero(eligible) >= alive:
            # Removed rows are in no list; a filter that lets all others pass is none.
            eligible = None
        chosen = None if eligible is None else _Filter(eligible, self.lists)
        answers = []
        for query in queries:
            hits = self._with_apart(query, self._listed(query, k, chosen), k=k, eligible=eligible)
            answers.append(_best(hits, k=k, ids=ids))
        return answers

    def _listed(self, query: Vectors, k: int, chosen: _Filter | None) -> RowHits:
        """Return at least the ``k`` best of the lists that qualify, and all ties of the last."""
        cosines = cosines_of(query, self.training.centers)
        order = np.argsort(-cosines, kind="stable")
        if chosen is None:
            return self._planned(query, order, cosines, k, None)
        hits = self._dropped(query, order, cosines, k, chosen)
        return hits or self._planned(query, order, cosines, k, chosen)

    def _dropped(
        self, query: Vectors, order: Rows, cosines: Vectors, k: int, chosen: _Filter
    ) -> RowHits | None:
        """Return what passes of the nearest, where so many do that this is fastest; else none.

        Nothing is counted, and FAISS scans without asking a selector.
        """
        share = chosen.share_in(order[:_SURROUNDINGS])
        if share < _MANY:
            return None
        fetched = k + _SLACK
        wide = min(int(_WIDER * fetched / share), len(self.lists))
        lists = order[: self.training.reach.lists_for(wide, of=len(order))]
        hits = self.lists.scan(query, lists, cosines[lists], k=wide, selector=Selector(None))
        passes = chosen.eligible[hits.rows]
        hits = RowHits(hits.rows[passes], hits.similarities[passes])
        return hits if len(hits.rows) >= fetched and not _cut_through_ties(hits, k) else None

    def _planned(
        self, query: Vectors, order: Rows, cosines: Vectors, k: int, chosen: _Filter | None
    ) -> RowHits:
        """Return what the lists of a plan hold, and more lists where they hold too little."""
        found = chosen.found if chosen else None
        selector = chosen.selector if chosen else Selector(None)
        planned = plan(order, found, k=k, reach=self.training.reach, sizes=self.lists.sizes)
        most = min(found.total if found else len(self.lists), len(self.lists))
        fetched = min(k + _SLACK, most)
        if not fetched or not len(planned.lists):
            return RowHits(np.zeros(0, np.int64), np.zeros(0, np.float32))
        lists, whole = planned.lists, planned.way is Way.FEW
        while True:
            hits = self.lists.scan(query, lists, cosines[lists], k=fetched, selector=selector)
            if len(hits.rows) < fetched and not whole:
                # Fewer than asked for were met on the way: all who qualify are asked.
                lists, whole = order, True
            elif _cut_through_ties(hits, k) and fetched < most:
                fetched = min(4 * fetched, most)
            elif not whole and len(more := self._further(planned, found, cosines, hits, k)):
                lists, whole = np.concatenate([lists, more]), True
            else:
                return hits

    def _further(
        self, planned: Plan, found: Passing | None, cosines: Vectors, hits: RowHits, k: int
    ) -> Rows:
        """Return the lists where more may be better than the ``k`` best of those planned."""
        if found is None or len(hits.rows) < k:
            return np.zeros(0, np.int64)
        # Where the plan says how far to go, it is only guarded against a filter unlike its sample.
        missed = self.training.missed * k * (1 if planned.way is Way.FAR else _GUARDED)
        return further(
            cosines,
            found,
            planned.lists,
            worst=float(hits.similarities[k - 1]),
            scatter=self.training.scatter,
            missed=missed,
        )

    def _with_apart(
        self, query: Vectors, hits: RowHits, *, k: int, eligible: Mask | None
    ) -> RowHits:
        """Return hits, and those that lie apart and may be better than the last of ``k``."""
        rows, vectors = self.apart()
        if not len(rows):
            return hits
        near = cosines_of(query, vectors)
        last = hits.similarities[k - 1] if len(hits.rows) >= k else -np.inf
        better = near >= last - _ROUNDING
        if eligible is not None:
            better &= eligible[rows]
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
        dim = vectors.training.centers.shape[1]
        self._encoded = Encoded(
            np.zeros(count, np.int64), np.zeros((count, dim), np.uint8), np.zeros(count, np.float32)
        )
        self._count = 0

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Encode the vectors of rows that are not there yet."""
        prepared = self._vectors.prepared(vectors)
        close = prepared.encoded.errors <= TOLERANCE
        self._vectors.put_apart(rows[~close], vectors[~close])
        at = slice(self._count, self._count + int(close.sum()))
        self._rows[at] = rows[close]
        found = prepared.encoded.take(close)
        self._encoded.lists[at], self._encoded.codes[at] = found.lists, found.codes
        self._count = at.stop

    def finish(self) -> None:
        """Put what was added into the lists."""
        rows = self._rows[: self._count]
        self._vectors.lists.make_room(int(rows.max(initial=-1)) + 1)
        self._vectors.lists.put(rows, self._encoded.take(slice(0, self._count)))


def _cut_through_ties(hits: RowHits, k: int) -> bool:
    """Tell whether more rows may tie with the last of the ``k`` best."""
    return len(hits.rows) > k and bool(hits.similarities[-1] == hits.similarities[k - 1])


def _best(hits: RowHits, *, k: int, ids: Sequence[str]) -> RowHits:
    """Return the ``k`` best hits, ties in the order of their ids."""
    ranked = sorted(
        zip(hits.similarities.tolist(), hits.rows.tolist(), strict=True),
        key=lambda found: (-found[0], ids[found[1]]),
    )[:k]
    return RowHits(
        np.array([row for _, row in ranked], np.int64),
        np.array([similarity for similarity, _ in ranked], np.float32),
    )

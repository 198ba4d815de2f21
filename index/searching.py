"""One search of quantized vectors: sketches propose, 8-bit codes decide."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from index.codes import CodedVectors
from index.kernel import Selector, cosines_of, kth_best
from index.lists import Lists
from index.planner import Passing, Plan, Way, further, passing, plan
from index.protocol import Mask, RowHits, Rows, Vectors
from index.training import Training

# So many are proposed, and so many more for each of k; where a filter stands against the query, all
# that pass are about as far away, and so many times as many are. More are if these do not suffice.
_PROPOSED, _PROPOSED_PER_K, _FAR = 60, 4, 5
_MORE = 4
# Proposals suffice when the last of them seems to be farther away than the last of the k best, by
# so many times the blur of a sketch.
_CLEAR = 3.0
# Where so great a share of the nearest lists passes, more is proposed and what does not pass is
# dropped: so many times what is expected to be needed.
_MANY, _WIDER = 0.2, 1.5
_SLACK = 8
# So many lists tell what passes around the query.
_SURROUNDINGS = 2
# A search that was planned by a sample goes on where so many times more may be missed than asked.
_GUARDED = 20


class Filter:
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
        rows = np.concatenate([self._lists.rows_in(number) for number in numbers.tolist()])
        return np.count_nonzero(self.eligible[rows]) / max(1, len(rows))


class Question(NamedTuple):
    """What is asked of the lists.

    Shape: query (dim,); order (lists,), nearest first; cosines (lists,), of their centers.
    """

    query: Vectors
    k: int
    order: Rows
    cosines: Vectors
    chosen: Filter | None


class Searcher:
    """Searches the lists of one index for one query after the other."""

    def __init__(self, training: Training, lists: Lists, codes: CodedVectors) -> None:
        self._training = training
        self._lists = lists
        self._codes = codes

    def nearest(self, query: Vectors, k: int, chosen: Filter | None) -> RowHits:
        """Return at least the ``k`` best that qualify and all ties of the last, in no order."""
        cosines = cosines_of(query, self._training.centers)
        asked = Question(query, k, np.argsort(-cosines), cosines, chosen)
        if chosen is None:
            return self._planned(asked)
        return self._dropped(asked, chosen) or self._planned(asked)

    def _dropped(self, asked: Question, chosen: Filter) -> RowHits | None:
        """Return what passes of the nearest, where so many do that this is fastest; else none.

        Nothing is counted, and FAISS scans without asking a selector.
        """
        share = chosen.share_in(asked.order[:_SURROUNDINGS])
        if share < _MANY:
            return None
        enough = asked.k + _SLACK
        depth = int(_WIDER * enough / share) + 1
        lists = asked.order[: self._training.reach.lists_for(depth, of=len(asked.order))]
        proposed = min(int(_WIDER * _proposed(asked.k) / share), len(self._lists))
        met = self._scan(asked, lists, proposed, Selector(None))
        passes = chosen.eligible[met.rows]
        if np.count_nonzero(passes[:depth]) < enough:
            return None
        last = met.similarities[-1] if len(met.rows) == proposed else -np.inf
        met = _only(met, passes)
        hits = self._compared(asked, met.rows)
        return hits if last < self._floor(met, hits, asked.k) else None

    def _planned(self, asked: Question) -> RowHits:
        """Return what the lists of a plan hold, and more where that may be too little."""
        chosen, k = asked.chosen, asked.k
        found = chosen.found if chosen else None
        sizes = self._lists.sizes
        planned = plan(asked.order, found, k=k, reach=self._training.reach, sizes=sizes)
        most = min(found.total if found else len(self._lists), len(self._lists))
        if planned.way is Way.FEW or not most:
            return self._compared(asked, self._all(chosen))
        selector = chosen.selector if chosen else Selector(None)
        proposed = min(_proposed(k), most)
        lists, whole = planned.lists, False
        while True:
            met = self._scan(asked, lists, proposed, selector)
            hits = self._compared(asked, met.rows)
            full = len(met.rows) == proposed < most
            if len(met.rows) < min(k, most) and not whole:
                # Fewer than asked for were met on the way: all who qualify are asked.
                lists, whole = asked.order, True
            elif full and met.similarities[-1] >= self._floor(met, hits, k):
                proposed = min(_MORE * proposed, most)
            elif not whole and len(more := self._further(asked, planned, found, hits)):
                lists, whole = np.concatenate([lists, more]), True
                proposed = min(_FAR * proposed, most)
            else:
                return hits

    def _all(self, chosen: Filter | None) -> Rows:
        """Return all rows that qualify."""
        list_of = self._lists.list_of
        if chosen is None:
            return np.flatnonzero(list_of >= 0)
        rows = np.flatnonzero(chosen.eligible[: len(list_of)])
        held: Rows = rows[list_of[rows] >= 0]
        return held

    def _scan(self, asked: Question, lists: Rows, proposed: int, selector: Selector) -> RowHits:
        near = asked.cosines[lists]
        return self._lists.scan(asked.query, lists, near, k=proposed, selector=selector)

    def _compared(self, asked: Question, rows: Rows) -> RowHits:
        """Return rows with their similarities by 8-bit codes."""
        near = asked.cosines[self._lists.list_of[rows]]
        return RowHits(rows, self._codes.similarities(asked.query, rows, near))

    def _floor(self, met: RowHits, hits: RowHits, k: int) -> float:
        """Return how near a sketch must seem for its vector to be among the ``k`` best."""
        if len(hits.rows) < k:
            return -np.inf
        worst = _worst(hits, k)
        # Equal vectors have equal sketches: what ties with the last of the best is not missed.
        seeming = met.similarities[hits.similarities >= worst].min()
        return min(float(seeming), worst - _CLEAR * self._training.blur)

    def _further(
        self, asked: Question, planned: Plan, found: Passing | None, hits: RowHits
    ) -> Rows:
        """Return the lists where more may be better than the ``k`` best of those planned."""
        if found is None or len(hits.rows) < asked.k:
            return np.zeros(0, np.int64)
        # Where the plan says how far to go, it is only guarded against a filter unlike its sample.
        missed = self._training.missed * asked.k * (1 if planned.way is Way.FAR else _GUARDED)
        return further(
            asked.cosines,
            found,
            planned.lists,
            worst=_worst(hits, asked.k),
            scatter=self._training.scatter,
            missed=missed,
        )


def _proposed(k: int) -> int:
    return _PROPOSED + _PROPOSED_PER_K * k


def _only(hits: RowHits, which: Mask) -> RowHits:
    return RowHits(hits.rows[which], hits.similarities[which])


def _worst(hits: RowHits, k: int) -> float:
    """Return the similarity of the last of the ``k`` best."""
    return kth_best(hits.similarities, k)

"""Words in memory: which rows hold which terms, and how well a text's terms fit them (BM25)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.indexing.folders import ReadingFolder, WritingFolder
from service.matching.terms import terms_of

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]

# How soon a term that stands there often counts no more, and how much a long text is held
# against it: the values that Robertson and Zaragoza (2009) name as good in general.
SATURATION = 1.2
LENGTH_SHARE = 0.75
# Of a long query only so many terms are looked up, those that the fewest records hold. More of
# them cost time and find no more (docs/retrieval.md).
TELLING_TERMS = 32
# From so many changed rows on, they are sorted in with the others.
_MERGE_AT = 1024


class _Held(NamedTuple):
    """The terms of one row by number, each once, and how often it stands there."""

    terms: NDArray[np.int32]
    counts: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class _Segment:
    """Rows by term: term ``t`` stands in ``rows[starts[t]:starts[t + 1]]``, ``counts`` times."""

    starts: Rows
    rows: NDArray[np.int32]
    counts: NDArray[np.int32]

    @property
    def term_count(self) -> int:
        return len(self.starts) - 1

    def terms(self) -> NDArray[np.int32]:
        return np.repeat(np.arange(self.term_count, dtype=np.int32), np.diff(self.starts))

    def places_of(self, term: int) -> slice:
        if term >= self.term_count:
            return slice(0, 0)
        return slice(int(self.starts[term]), int(self.starts[term + 1]))

    def wipe(self, gone: NDArray[np.bool_]) -> Rows:
        """Empty all places of the rows that are gone, and return the terms that stood there.

        One pass over all places, whether one row is gone or a thousand.
        """
        places = np.flatnonzero(gone[self.rows] & (self.counts > 0))
        terms: Rows = np.searchsorted(self.starts, places, side="right") - 1
        self.rows[places] = 0
        self.counts[places] = 0
        return terms


def _segment(
    terms: NDArray[np.int32], rows: NDArray[np.int32], counts: NDArray[np.int32]
) -> _Segment:
    order = np.argsort(terms, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(terms))]).astype(np.int64)
    return _Segment(starts, rows[order], counts[order])


_NONE = np.empty(0, dtype=np.int32)


class Words:
    """The terms of one kind of record by row. Not safe for threads by itself.

    A score depends on what is there now alone, not on how it came to be there. Whatever is
    removed is wiped at once: a row's places, and the terms that no other row holds.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._free: list[int] = []
        # By term number: how many rows hold it, and how it is spelled.
        self._spelled: list[str] = []
        self._frequency: list[int] = []
        # By row: how many terms it has; 0 for a row that is gone.
        self._lengths = np.zeros(_MERGE_AT, dtype=np.int64)
        self._rows = 0
        self._merged = _segment(_NONE, _NONE, _NONE)
        self._fresh: dict[int, _Held] = {}
        self._fresh_segment: _Segment | None = None

    def __len__(self) -> int:
        """Return how many rows hold at least one term."""
        return int(np.count_nonzero(self._lengths))

    @property
    def terms(self) -> frozenset[str]:
        """All terms that some row holds."""
        return frozenset(self._numbers)

    def put(self, rows: Sequence[int], texts: Sequence[str]) -> None:
        """Let each row hold the terms of its text, and no others."""
        self.remove(rows)
        last = max(rows, default=-1)
        if last >= len(self._lengths):
            self._lengths = np.concatenate([self._lengths, np.zeros(last + 1, dtype=np.int64)])
        for row, text in zip(rows, texts, strict=True):
            counted = Counter(terms_of(text))
            if counted:
                self._lengths[row] = counted.total()
                self._fresh[row] = self._held(counted)
        self._fresh_segment = None

    def remove(self, rows: Sequence[int]) -> None:
        """Wipe rows; those that are not there are no error."""
        there = [row for row in rows if row < len(self._lengths) and self._lengths[row]]
        self._lengths[there] = 0
        merged = np.zeros(len(self._lengths), dtype=np.bool_)
        for row in there:
            held = self._fresh.pop(row, None)
            if held is None:
                merged[row] = True
            else:
                self._fresh_segment = None
                self._forget(held.terms.tolist())
        if merged.any():
            self._forget(self._merged.wipe(merged).tolist())

    def scores(self, text: str, *, count: int) -> Scores:
        """Return how well each row fits a text: float64 ``(count,)`` in [0, 1).

        BM25 over the sum that it could come to, were every telling term of the text there again
        and again; 0 where none is. At most ``TELLING_TERMS`` terms are looked up.
        """
        telling = self._telling(text)
        result = np.zeros(count, dtype=np.float64)
        if not telling:
            return result
        lengths = self._lengths
        rows_there = max(1, len(self))
        mean = lengths.sum() / rows_there
        norms = SATURATION * (1.0 - LENGTH_SHARE + LENGTH_SHARE * lengths[:count] / mean)
        for segment in self._segments():
            result[: len(norms)] += _gathered(segment, telling, norms)
        best = sum(weight for _, weight in telling)
        return result / best

    def save(self, folder: WritingFolder, rows: Rows, *, count: int) -> None:
        """Write the terms of these rows, numbered anew in their order; others hold none.

        Args:
            folder: where to.
            rows: ascending.
            count: more than the greatest row that was ever put.
        """
        self._merge()
        there = self._merged.counts > 0
        number_of = np.full(count, -1, dtype=np.int32)
        number_of[rows] = np.arange(len(rows), dtype=np.int32)
        segment = _segment(
            self._merged.terms()[there],
            number_of[self._merged.rows[there]],
            self._merged.counts[there],
        )
        lengths = np.zeros(max(count, len(self._lengths)), dtype=np.int64)
        lengths[: len(self._lengths)] = self._lengths
        folder.write_json("terms", self._spelled)
        folder.write_array("frequency", np.array(self._frequency, dtype=np.int64))
        folder.write_array("lengths", lengths[rows])
        for name in ("starts", "rows", "counts"):
            folder.write_array(name, getattr(segment, name))

    def load(self, folder: ReadingFolder) -> None:
        """Take up what was saved."""
        self._spelled = folder.read_json("terms")
        self._numbers = {term: place for place, term in enumerate(self._spelled) if term}
        self._free = [place for place, term in enumerate(self._spelled) if not term]
        self._frequency = folder.read_array("frequency").tolist()
        self._lengths = folder.read_array("lengths")
        self._merged = _Segment(*(folder.read_array(each) for each in ("starts", "rows", "counts")))
        self._fresh, self._fresh_segment = {}, None

    def _telling(self, text: str) -> list[tuple[int, float]]:
        """Return the numbers of the most telling terms of a text with their weights."""
        known = [term for term in set(terms_of(text)) if term in self._numbers]
        ranked = sorted(known, key=lambda term: (self._frequency[self._numbers[term]], term))
        numbers = [self._numbers[term] for term in ranked[:TELLING_TERMS]]
        held = np.array([self._frequency[number] for number in numbers], dtype=np.float64)
        weights = np.log1p((len(self) - held + 0.5) / (held + 0.5))
        return list(zip(numbers, weights.tolist(), strict=True))

    def _segments(self) -> Iterable[_Segment]:
        if len(self._fresh) >= _MERGE_AT:
            self._merge()
        if self._fresh_segment is None:
            self._fresh_segment = _segment(*self._fresh_places())
        return self._merged, self._fresh_segment

    def _fresh_places(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        held = list(self._fresh.values())
        lengths = [len(each.terms) for each in held]
        rows = np.array(list(self._fresh), dtype=np.int32)
        return (
            np.concatenate([_NONE, *(each.terms for each in held)]),
            np.repeat(rows, lengths),
            np.concatenate([_NONE, *(each.counts for each in held)]),
        )

    def _merge(self) -> None:
        old = self._merged
        there = old.counts > 0
        terms, rows, counts = self._fresh_places()
        self._merged = _segment(
            np.concatenate([old.terms()[there], terms]),
            np.concatenate([old.rows[there], rows]),
            np.concatenate([old.counts[there], counts]),
        )
        self._fresh = {}
        self._fresh_segment = None

    def _held(self, counted: Counter[str]) -> _Held:
        numbers = [self._number_of(term) for term in counted]
        for number in numbers:
            self._frequency[number] += 1
        counts = np.array(list(counted.values()), dtype=np.int32)
        return _Held(np.array(numbers, dtype=np.int32), counts)

    def _number_of(self, term: str) -> int:
        number = self._numbers.get(term)
        if number is None:
            if self._free:
                number = self._free.pop()
                self._spelled[number] = term
            else:
                number = len(self._spelled)
                self._spelled.append(term)
                self._frequency.append(0)
            self._numbers[term] = number
        return number

    def _forget(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._frequency[number] -= 1
            if not self._frequency[number]:
                # All its places are wiped, so that the number can serve another term.
                del self._numbers[self._spelled[number]]
                self._spelled[number] = ""
                self._free.append(number)


def _gathered(segment: _Segment, telling: list[tuple[int, float]], norms: Scores) -> Scores:
    """Return the sum over the terms by row: float64 of the shape of ``norms``."""
    places = [segment.places_of(number) for number, _ in telling]
    sizes = [place.stop - place.start for place in places]
    weights = np.repeat([weight for _, weight in telling], sizes)
    rows = np.concatenate([segment.rows[place] for place in places])
    counts = np.concatenate([segment.counts[place] for place in places])
    gains: Scores = weights * counts / (counts + norms[rows])
    return np.bincount(rows, weights=gains, minlength=len(norms)).astype(np.float64, copy=False)

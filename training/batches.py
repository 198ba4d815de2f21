"""Batches: pairs of one source at a time, no text twice in one batch, sources in a fair mix."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.research.pair import SETS, Source

Rows = NDArray[np.int64]
NO_TEXT = -1


class PairTable(NamedTuple):
    """Pairs as numbers: each text once, each pair by the rows of its texts.

    ``negative`` is ``NO_TEXT`` where no hard negative is known.
    """

    texts: list[str]
    anchor: Rows
    positive: Rows
    negative: Rows
    group: Rows
    weight: NDArray[np.float32]
    source: list[Source]

    @classmethod
    def of(cls, pairs: pl.DataFrame) -> Self:
        """Number the texts of a frame of pairs."""
        texts = pl.concat([pairs["anchor"], pairs["positive"], pairs["negative"].drop_nulls()])
        number = {text: row for row, text in enumerate(texts.unique(maintain_order=True))}
        groups = {name: row for row, name in enumerate(pairs["group"].unique(maintain_order=True))}
        return cls(
            texts=list(number),
            anchor=_numbers(pairs["anchor"], number),
            positive=_numbers(pairs["positive"], number),
            negative=_numbers(pairs["negative"], number),
            group=_numbers(pairs["group"], groups),
            weight=pairs["weight"].to_numpy().astype(np.float32),
            source=[Source(name) for name in pairs["source"]],
        )

    def known(self) -> Rows:
        """Return each known pair of texts, both ways, as one sorted number (see ``together``)."""
        codes = (
            self.anchor * len(self.texts) + self.positive,
            self.positive * len(self.texts) + self.anchor,
        )
        return np.unique(np.concatenate(codes))

    def together(self, known: Rows, first: Rows, second: Rows) -> NDArray[np.bool_]:
        """Tell which of ``first`` (n) and ``second`` (m) are a known pair. Shape: ``(n, m)``."""
        return self.known_among(known, first, np.broadcast_to(second, (len(first), len(second))))

    def known_among(self, known: Rows, first: Rows, second: Rows) -> NDArray[np.bool_]:
        """Tell which texts of each row of ``second`` (n, m) are a known pair with ``first`` (n)."""
        codes = first[:, None] * len(self.texts) + second
        at = np.minimum(np.searchsorted(known, codes), len(known) - 1)
        return np.asarray(known[at] == codes)


def _numbers(column: pl.Series, number: Mapping[str, int]) -> Rows:
    return np.array([number.get(value, NO_TEXT) for value in column], np.int64)


@dataclass
class _Stream:
    """The pairs of one source in an order that changes with every pass."""

    rows: Rows
    seed: tuple[int, int]
    passes: int = 0
    at: int = 0
    deferred: list[int] = field(default_factory=list)
    order: Rows = field(default_factory=lambda: np.empty(0, np.int64))

    def next(self) -> int:
        if not len(self.order) or self.at == len(self.order):
            self.passes += bool(len(self.order))
            self.at = 0
            self.order = self._shuffled()
        self.at += 1
        return int(self.order[self.at - 1])

    def _shuffled(self) -> Rows:
        return np.random.default_rng((*self.seed, self.passes)).permutation(self.rows)

    def state(self) -> dict[str, Any]:
        return {"passes": self.passes, "at": self.at, "deferred": list(self.deferred)}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.passes, self.at = state["passes"], state["at"]
        self.deferred, self.order = list(state["deferred"]), self._shuffled()


class Batches:
    """Draws batches; the same seed draws the same ones.

    A batch is of one source, drawn in proportion to ``len(source) ** power * weight``. A batch of
    pairs holds no text twice: what would be is deferred to the next batch. A batch of sets holds
    anchors with all their labels.
    """

    def __init__(
        self,
        table: PairTable,
        *,
        sizes: Mapping[Source, int],
        power: float,
        weights: Mapping[Source, float],
        seed: int,
    ) -> None:
        self._table, self._sizes, self._seed = table, sizes, seed
        self._labels: dict[int, Rows] = {}
        of_source = np.array([source.value for source in table.source])
        self._sources = [each for each in Source if np.any(of_source == each.value)]
        self._streams = [
            self._stream(np.flatnonzero(of_source == source.value), source, (seed, number))
            for number, source in enumerate(self._sources)
        ]
        chances = np.array(
            [
                np.count_nonzero(of_source == source.value) ** power * weights.get(source, 1.0)
                for source in self._sources
            ]
        )
        self._chances = chances / chances.sum()

    def _stream(self, rows: Rows, source: Source, seed: tuple[int, int]) -> _Stream:
        if source not in SETS:
            return _Stream(rows, seed)
        self._labels |= {
            int(anchor): rows[self._table.anchor[rows] == anchor]
            for anchor in np.unique(self._table.anchor[rows])
        }
        return _Stream(np.unique(self._table.anchor[rows]), seed)

    def shares(self) -> dict[Source, float]:
        """Return the probability that a batch is of a source."""
        return dict(zip(self._sources, self._chances.tolist(), strict=True))

    def draw(self, step: int) -> tuple[Source, Rows]:
        """Return the source and the rows of the batch of a step."""
        choice = np.random.default_rng((self._seed, step))
        number = int(choice.choice(len(self._sources), p=self._chances))
        source, stream = self._sources[number], self._streams[number]
        size = self._sizes[source]
        if source in SETS:
            anchors = {stream.next() for _ in range(min(size, len(stream.rows)))}
            return source, np.concatenate([self._labels[each] for each in sorted(anchors)])
        return source, self._fill(stream, size)

    def _fill(self, stream: _Stream, size: int) -> Rows:
        rows: list[int] = []
        used: set[int] = set()
        waiting, stream.deferred = stream.deferred, []
        tries = 0
        while len(rows) < size and tries < 8 * size:
            tries += 1
            row = waiting.pop(0) if waiting else stream.next()
            texts = {int(self._table.anchor[row]), int(self._table.positive[row])}
            if used & texts:
                stream.deferred.append(row)
                continue
            used |= texts
            rows.append(row)
        stream.deferred = (waiting + stream.deferred)[: 4 * size]
        return np.array(rows, np.int64)

    def replace(self, table: PairTable) -> None:
        """Go on with the same pairs and other negatives."""
        self._table = table

    def state(self) -> list[dict[str, Any]]:
        """Return what ``restore`` needs to go on where this is."""
        return [stream.state() for stream in self._streams]

    def restore(self, state: list[dict[str, Any]]) -> None:
        """Go on from a state."""
        for stream, each in zip(self._streams, state, strict=True):
            stream.restore(each)

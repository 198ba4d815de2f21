"""Vectors by row in 8-bit codes of their difference from a center."""

import numpy as np
from numpy.typing import NDArray

from index.blocks import Codes
from index.protocol import Rows, Vectors
from index.rows import grown
from index.training import Training

_LEVELS = 255
# So many are compared at once: what is worked on then stays in the processor's cache.
_AT_ONCE = 256

Numbers = NDArray[np.integer]


class CodedVectors:
    """Codes by row; not safe for threads by itself. Who calls knows the list of each row."""

    def __init__(self, training: Training) -> None:
        self._centers = training.centers
        self._width = training.width
        self._steps = training.width / np.float32(_LEVELS)
        self._low = training.low
        self._codes: Codes = np.zeros((0, len(training.low)), np.uint8)

    def encode(self, vectors: Vectors, lists: Numbers) -> Codes:
        """Round vectors to codes, without keeping them. Shape: (n, dim), lists (n,)."""
        beyond = vectors - self._centers[lists] - self._low
        shares = np.divide(beyond, self._width, out=np.zeros_like(beyond), where=self._width > 0)
        codes: Codes = (np.clip(shares, 0, 1) * _LEVELS).astype(np.uint8)
        return codes

    def decode(self, codes: Codes, lists: Numbers) -> Vectors:
        """Return what codes stand for: the middle of their step, beside the center."""
        steps = (codes + np.float32(0.5)) * self._steps
        vectors: Vectors = self._centers[lists] + self._low + steps
        return vectors

    def hold(self, codes: Codes) -> None:
        """Keep the codes of the rows from 0 on where they lie. Shape: (rows, dim)."""
        self._codes = codes

    def make_room(self, count: int) -> None:
        """Make room for so many rows. Others may read meanwhile."""
        self._codes = grown(self._codes, count)

    def put(self, rows: Rows, codes: Codes) -> None:
        """Keep the codes of rows, in place of those they had."""
        self._codes[rows] = codes

    def remove(self, rows: Rows) -> None:
        """Wipe the codes of rows."""
        self._codes[rows[rows < len(self._codes)]] = 0

    def codes_of(self, rows: Rows) -> Codes:
        """Return a copy of the codes of rows. Shape: (n, dim)."""
        codes: Codes = self._codes[rows]
        return codes

    def similarities(self, query: Vectors, rows: Rows, near: Vectors) -> Vectors:
        """Return the cosine of the vectors of rows with a query; the same for equal codes.

        Shape: query (dim,), ``near`` (rows,): the cosines of their centers with it.
        """
        found = np.empty(len(rows), np.float32)
        weights = query * self._steps
        for start in range(0, len(rows), _AT_ONCE):
            at = slice(start, start + _AT_ONCE)
            codes = self._codes[rows[at]].astype(np.float32)
            # Each row is added up by itself, whatever its neighbors are.
            np.einsum("nd,d->n", codes, weights, out=found[at])
        found += near + (query @ self._low + weights.sum() / 2)
        # A code may be a little longer than its vector; beyond 1 there are only ties.
        return np.clip(found, -1, 1, out=found)

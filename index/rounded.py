"""Vectors rounded to bytes: compared first, and off by no more than is known.

To read a vector of 384 float32 components takes longer than to multiply it. So bytes are compared
first, and only what may be among the best by them is compared as it is. A vector x is kept as whole
numbers c: x = m + s c + r, with middles m and steps s for each component, and a rest r. A query q
is multiplied with s and rounded, which leaves out d. Then q·x is q·m + (s q - d)·c, but for
q·r + d·c, and by Cauchy and Schwarz that is at most |q| |r| + |d| |c|. What seems to lie farther
than that below the last of the best can be left out without a look, and the answer stays exact.
"""

from collections.abc import Iterator
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.checks import UNIT_TOLERANCE
from index.kernel import Selector, cosines_of, kth_best, margin
from index.protocol import Mask, Rows, Vectors
from index.rows import grown

Codes = NDArray[np.uint8]

_LEVELS = 127
# What FAISS adds to a number between -128 and 127 to keep it in a byte.
_OFFSET = 128
# Steps reach a little farther than what they are made for, since more is to come. Components that
# are hardly used get a step all the same, of so much of what others have, or this.
_BEYOND, _LEAST, _LEAST_OF_ALL = 1.05, 0.05, 1e-6
# A vector that reaches out, and so is farther off than by half a step in each component, is rough:
# always compared as it is. With more than this share of such vectors, steps are to be made anew.
_TOO_ROUGH = 0.02
# So many proposals beyond k, or k again if that is more; so many times more if they do not do.
_SLACK = 32
_MORE = 4
# Beyond this share of the rows, all are compared as they are.
_MOST = 1 / 8
# Where so great a share of the rows qualifies, it takes less time to drop others than to ask at
# each, unless those near the query are the others.
_MANY = 0.25
# So many are rounded at once: what is worked on then stays in the processor's cache.
_AT_ONCE = 256
# Lengths are sums in float32 themselves.
_SAFETY = 1.001


class RoundedVectors:
    """Unit vectors in bytes by row; not safe for threads by itself.

    Args:
        vectors: of the rows from 0 on; steps are made for them. Shape: (rows, dim), rows > 0.
    """

    def __init__(self, vectors: Vectors) -> None:
        low, high = vectors.min(axis=0), vectors.max(axis=0)
        reach = _BEYOND * (high - low) / 2
        least = max(_LEAST * float(reach.mean()), _LEAST_OF_ALL)
        self._middle: Vectors = (low + high) / 2
        self._steps: Vectors = np.maximum(reach, least) / np.float32(_LEVELS)
        self._rough_from = _SAFETY * float(_lengths(self._steps[None] / 2)[0])
        # The longest rest of those that are not rough, and the longest code.
        self._rest = self._length = 0.0
        self._rough: Mask = np.zeros(0, np.bool_)
        # FAISS' types leave out what takes pointers.
        self._quantizer: Any = faiss.ScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_8bit_direct_signed
        )
        self._codes: Codes = np.zeros((0, vectors.shape[1]), np.uint8)
        self.put(np.arange(len(vectors)), vectors)

    def is_too_rough(self, count: int) -> bool:
        """Whether so many of the rows reach out that it is worth rounding all of them anew."""
        return int(np.count_nonzero(self._rough)) > _TOO_ROUGH * count

    def make_room(self, count: int) -> None:
        """Make room for so many rows. Others may read meanwhile."""
        self._codes = grown(self._codes, count)
        self._rough = grown(self._rough, count)

    def put(self, rows: Rows, vectors: Vectors) -> None:
        """Keep vectors for rows, in place of those they had. Shape: (n,) and (n, dim)."""
        self.make_room(int(rows.max(initial=-1)) + 1)
        for start in range(0, len(rows), _AT_ONCE):
            at = rows[start : start + _AT_ONCE]
            beside = vectors[start : start + _AT_ONCE] - self._middle
            levels = _whole(beside / self._steps)
            self._codes[at] = levels + _OFFSET
            rests = _lengths(beside - levels * self._steps)
            rough = rests > self._rough_from
            self._rough[at] = rough
            self._rest = max(self._rest, float(rests[~rough].max(initial=0)))
            self._length = max(self._length, float(_lengths(levels).max(initial=0)))

    def remove(self, rows: Rows) -> None:
        """Wipe what is kept of rows."""
        self._codes[rows] = _OFFSET
        self._rough[rows] = False

    def among_best(
        self, query: Vectors, vectors: Vectors, *, k: int, eligible: Mask | None, count: int
    ) -> Rows | None:
        """Return eligible rows among which the ``k`` best and all their ties are.

        None where rounding leaves too many of the rows to choose from.

        Shape: query (dim,), vectors (rows, dim), eligible (rows,), of which ``count`` are set.
        """
        weights = query * self._steps
        step = float(np.abs(weights).max()) / _LEVELS
        levels = _whole(weights / np.float32(step))
        off = float(_lengths((weights - levels * np.float32(step))[None])[0])
        error = _SAFETY * ((1 + UNIT_TOLERANCE) * self._rest + off * self._length) + margin(vectors)
        base = float(query @ self._middle)
        rough = self._rough[: len(vectors)]
        apart = np.flatnonzero(rough if eligible is None else rough & eligible)
        for proposed, selected in _tries(k, eligible, count, apart=len(apart)):
            selector = Selector(selected)
            least, rows = self._search(levels, rows=len(vectors), k=proposed, selector=selector)
            known = ~rough[rows]
            if eligible is not None:
                known &= eligible[rows]
            met = np.concatenate([rows[known], apart])
            cosines = cosines_of(query, vectors[met])
            floor = _kth(cosines, k) - margin(vectors)
            # Similarities are clipped to [-1, 1], so all below are ties.
            if floor > -1 and base + least * step + error < floor:
                return met[cosines >= floor]
        return None

    def _search(
        self, levels: Vectors, *, rows: int, k: int, selector: Selector
    ) -> tuple[float, Rows]:
        """Return the ``k`` of the first rows with the greatest products, and the least of these.

        What FAISS adds up are whole numbers, exact in float32 up to 1,040 components.
        """
        products = np.full(k, np.finfo(np.float32).min)
        found = np.full(k, -1, np.int64)
        scanner = self._quantizer.select_InvertedListScanner(
            faiss.METRIC_INNER_PRODUCT, None, True, selector.pointer, False
        )
        # What is found is named by its list and its place there; this is list 0.
        scanner.list_no = 0
        # Held here, as a writer may put larger ones in their place while FAISS reads these.
        codes = self._codes
        try:
            scanner.set_query(faiss.swig_ptr(levels))
            scanner.scan_codes(
                rows,
                faiss.swig_ptr(codes),
                None,
                faiss.swig_ptr(products),
                faiss.swig_ptr(found),
                k,
            )
        finally:
            # FAISS hands it over, and its wrapper does not know that; nor do its types.
            destroy = faiss.InvertedListScanner.__swig_destroy__  # type: ignore[attr-defined]
            destroy(scanner)
        return float(products.min()), found


def _tries(
    k: int, eligible: Mask | None, count: int, *, apart: int
) -> Iterator[tuple[int, Mask | None]]:
    """Yield how many to propose, and whom to propose from, until that is too many to be of use."""
    proposed, most = k + max(_SLACK, k), _MOST * count - apart
    if eligible is not None and count >= _MANY * len(eligible):
        more = proposed * len(eligible) // count
        if more < most:
            yield more, None
    while proposed < most:
        yield proposed, eligible
        proposed *= _MORE


def _whole(numbers: Vectors) -> Vectors:
    """Round to whole numbers between -127 and 127, in place."""
    rounded: Vectors = np.clip(np.rint(numbers, out=numbers), -_LEVELS, _LEVELS, out=numbers)
    return rounded


def _lengths(vectors: Vectors) -> Vectors:
    lengths: Vectors = np.sqrt(np.einsum("nd,nd->n", vectors, vectors))
    return lengths


def _kth(cosines: Vectors, k: int) -> float:
    """Return the ``k``-th highest, at most 1; minus infinity while there are fewer."""
    if len(cosines) < k:
        return -np.inf
    return min(kth_best(cosines, k), 1.0)

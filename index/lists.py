"""Vectors in 8-bit codes, in lists around their centers: FAISS scans them, we change them.

FAISS keeps the lists and scans them. Changes are written into its lists one entry at a time, which
its own ``remove_ids`` cannot do without reading them all: the last entry of a list takes the place
of the one that goes, and the bytes that get free are wiped. Who calls sees to it that nobody scans
while a change is made.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.kernel import Selector, use_one_thread
from index.protocol import Mask, RowHits, Rows, Vectors
from index.rows import grown
from index.training import Training, nearest_centers

Codes = NDArray[np.uint8]
_NOWHERE = -1
_LEVELS = 255
_FILLING_THREADS = 2


class Encoded(NamedTuple):
    """Vectors as the lists keep them. Shape: lists (n,), codes (n, dim), errors (n,).

    ``errors`` are the lengths of what rounding took away.
    """

    lists: Rows
    codes: Codes
    errors: Vectors

    def take(self, which: Mask | slice) -> Self:
        """Return some of them."""
        return type(self)(self.lists[which], self.codes[which], self.errors[which])


class Lists:
    """Codes of rows, each in the list of its nearest center; not safe for threads by itself."""

    def __init__(self, training: Training) -> None:
        self.training = training
        count, dim = training.centers.shape
        # Never searched: the caller says which lists to visit. FAISS takes the centers from it.
        self._quantizer = faiss.IndexFlatIP(dim)
        self._quantizer.add(training.centers)
        # FAISS' types leave out what takes pointers.
        self._index: Any = faiss.IndexIVFScalarQuantizer(
            self._quantizer,
            dim,
            count,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
            True,
        )
        trained = np.concatenate([training.low, training.width])
        faiss.copy_array_to_vector(trained, self._index.sq.trained)
        self._index.is_trained = True
        lists: Any = self._index.invlists
        self._entries: Any = faiss.downcast_InvertedLists(lists)
        self._list_of = np.zeros(0, np.int32)
        self._place_of = np.zeros(0, np.int32)
        self._sizes = np.zeros(count, np.int64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def sizes(self) -> Rows:
        """How many vectors each list holds. Shape: (lists,)."""
        return self._sizes

    @property
    def list_of(self) -> NDArray[np.int32]:
        """The list of each row; -1 for a row that is not here. Shape: at least (rows put,)."""
        return self._list_of

    def encode(self, vectors: Vectors) -> Encoded:
        """Round vectors to codes, without keeping them. Shape: (n, dim)."""
        vectors = np.ascontiguousarray(vectors)
        lists = nearest_centers(vectors, self.training.centers)
        codes = np.zeros(vectors.shape, np.uint8)
        if len(vectors):
            self._index.encode_vectors(
                len(vectors),
                faiss.swig_ptr(vectors),
                faiss.swig_ptr(lists),
                faiss.swig_ptr(codes),
                False,
            )
        lost = vectors - self._decode(lists, codes)
        return Encoded(lists, codes, np.sqrt(np.einsum("nd,nd->n", lost, lost)))

    def put(self, rows: Rows, encoded: Encoded) -> None:
        """Keep codes for rows, in place of those they had."""
        if not len(rows):
            return
        self.remove(rows)
        self.make_room(int(rows.max()) + 1)
        order = np.argsort(encoded.lists, kind="stable")
        numbers, starts = np.unique(encoded.lists[order], return_index=True)
        for number, places in zip(numbers.tolist(), np.split(order, starts[1:]), strict=True):
            self.append(number, rows[places], encoded.codes[places])

    def fill(self, sizes: Rows, rows: Rows, codes: Codes) -> None:
        """Put codes into empty lists, those of one list after those of the one before.

        Shape: sizes (lists,), rows (n,), codes (n, dim).
        """
        ends = np.cumsum(sizes)
        starts = ends - sizes
        filled = np.flatnonzero(sizes)
        # Most of the time goes to memory that is touched for the first time: two do it at once.
        with ThreadPoolExecutor(_FILLING_THREADS) as pool:
            parts = [slice(starts[number], ends[number]) for number in filled]
            list(
                pool.map(
                    self._add,
                    filled.tolist(),
                    (rows[at] for at in parts),
                    (codes[at] for at in parts),
                )
            )
        self.make_room(int(rows.max(initial=-1)) + 1)
        self._list_of[rows] = np.repeat(np.arange(len(sizes)), sizes)
        self._place_of[rows] = np.arange(len(rows)) - np.repeat(starts, sizes)
        self._sizes += sizes
        self._count += len(rows)
        self._index.ntotal = self._count

    def append(self, number: int, rows: Rows, codes: Codes) -> None:
        """Put codes behind those of one list. The rows must not be here yet."""
        self.make_room(int(rows.max()) + 1)
        before = self._entries.list_size(number)
        self._add(number, rows, codes)
        self._list_of[rows] = number
        self._place_of[rows] = np.arange(before, before + len(rows))
        self._sizes[number] += len(rows)
        self._count += len(rows)
        self._index.ntotal = self._count

    def remove(self, rows: Rows) -> None:
        """Take rows out and wipe their codes; those that are not here are no error."""
        for row in rows[rows < len(self._list_of)].tolist():
            if self._list_of[row] != _NOWHERE:
                self._remove(row)

    def vectors_of(self, rows: Rows) -> Vectors:
        """Return the vectors of rows as their codes have them. Shape: (n, dim)."""
        lists, places = self._list_of[rows].astype(np.int64), self._place_of[rows]
        codes = np.empty((len(rows), self.training.centers.shape[1]), np.uint8)
        if not len(rows):
            return self._decode(lists, codes)
        order = np.argsort(lists, kind="stable")
        numbers, starts = np.unique(lists[order], return_index=True)
        for number, at in zip(numbers.tolist(), np.split(order, starts[1:]), strict=True):
            codes[at] = self.entries_of(number)[1][places[at]]
        return self._decode(lists, codes)

    def entries_of(self, number: int) -> tuple[Rows, Codes]:
        """Return the rows and codes of one list where they lie, until it changes."""
        size, dim = self._entries.list_size(number), self.training.centers.shape[1]
        if not size:
            return np.zeros(0, np.int64), np.zeros((0, dim), np.uint8)
        rows: Rows = faiss.rev_swig_ptr(self._entries.get_ids(number), size)
        codes: Codes = faiss.rev_swig_ptr(self._entries.get_codes(number), size * dim)
        return rows, codes.reshape(size, dim)

    def scan(
        self, query: Vectors, lists: Rows, cosines: Vectors, *, k: int, selector: Selector
    ) -> RowHits:
        """Return the ``k`` best of some lists, best first, ties as they come.

        Shape: query (dim,), lists and their centers' cosines with the query both (n,).
        """
        similarities = np.empty(k, np.float32)
        rows = np.empty(k, np.int64)
        use_one_thread()
        self._index.search_preassigned_c(
            1,
            faiss.swig_ptr(np.ascontiguousarray(query)),
            k,
            faiss.swig_ptr(np.ascontiguousarray(lists, np.int64)),
            faiss.swig_ptr(np.ascontiguousarray(cosines, np.float32)),
            faiss.swig_ptr(similarities),
            faiss.swig_ptr(rows),
            False,
            _visiting(len(lists), selector),
        )
        # FAISS pads with row -1 when fewer than k are found.
        found = rows >= 0
        # A code may be a little longer than its vector; beyond 1 there are only ties.
        return RowHits(rows[found], np.clip(similarities[found], -1, 1))

    def _add(self, number: int, rows: Rows, codes: Codes) -> None:
        self._entries.add_entries(
            number,
            len(rows),
            faiss.swig_ptr(np.ascontiguousarray(rows)),
            faiss.swig_ptr(np.ascontiguousarray(codes)),
        )

    def _remove(self, row: int) -> None:
        number, place = int(self._list_of[row]), int(self._place_of[row])
        rows, codes = self.entries_of(number)
        last = len(rows) - 1
        moved = int(rows[last])
        rows[place], codes[place] = moved, codes[last]
        self._place_of[moved] = place
        codes[last] = 0
        self._entries.resize(number, last)
        self._list_of[row] = _NOWHERE
        self._sizes[number] -= 1
        self._count -= 1
        self._index.ntotal = self._count

    def make_room(self, row_count: int) -> None:
        """Make ``list_of`` reach over so many rows."""
        before = len(self._list_of)
        self._list_of = grown(self._list_of, row_count)
        self._list_of[before:] = _NOWHERE
        self._place_of = grown(self._place_of, row_count)

    def _decode(self, lists: Rows, codes: Codes) -> Vectors:
        """Return what codes stand for: the middle of their step, beside the center."""
        steps = (codes + np.float32(0.5)) * (self.training.width / np.float32(_LEVELS))
        vectors: Vectors = self.training.centers[lists] + self.training.low + steps
        return vectors


def _visiting(lists: int, selector: Selector) -> faiss.SearchParametersIVF:
    """Return the parameters of one call; nothing about the index itself is ever set."""
    parameters = faiss.SearchParametersIVF()
    parameters.nprobe = lists
    parameters.sel = selector.pointer
    return parameters

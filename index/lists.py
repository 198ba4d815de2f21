"""Sketches in lists around their centers: FAISS scans them, we change them.

FAISS keeps the lists and scans them. Changes are written into its lists one entry at a time, which
its own ``remove_ids`` cannot do without reading them all: the last entry of a list takes the place
of the one that goes, and the bits that get free are wiped. Who calls sees to it that nobody scans
while a change is made.
"""

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.blocks import BLOCK, Codes, block_count, read, write
from index.kernel import Selector, use_one_thread
from index.protocol import RowHits, Rows, Vectors
from index.rows import grown
from index.sketches import BITS, padded, width_of
from index.training import Training

_NOWHERE = -1


class Lists:
    """Sketches of rows, each in the list of its nearest center; not safe for threads by itself."""

    def __init__(self, training: Training) -> None:
        self.training = training
        count = len(training.centers)
        groups, _, together = training.points.shape
        # Never asked: the caller says which lists to visit, and how near their centers are.
        self._quantizer = faiss.IndexFlatIP(groups * together)
        # FAISS' types leave out what takes pointers.
        self._index: Any = faiss.IndexIVFPQFastScan(
            self._quantizer, groups * together, count, groups, BITS, faiss.METRIC_INNER_PRODUCT
        )
        self._index.by_residual = True
        faiss.copy_array_to_vector(training.points.ravel(), self._index.pq.centroids)
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

    @property
    def width(self) -> int:
        """The number of bytes of a sketch."""
        return width_of(len(self.training.points))

    def put(self, rows: Rows, lists: Rows, sketches: Codes) -> None:
        """Keep sketches for rows, in place of those they had. Shape: sketches (n, bytes)."""
        self.remove(rows)
        self.make_room(int(rows.max(initial=-1)) + 1)
        for row, number, sketch in zip(rows.tolist(), lists.tolist(), sketches, strict=True):
            self._append(row, number, sketch)
        self._count += len(rows)
        self._index.ntotal = self._count

    def fill(self, sizes: Rows, rows: Rows, blocks: Codes) -> None:
        """Put sketches into empty lists, those of one list after those of the one before.

        Shape: sizes (lists,), rows (n,), blocks (blocks, bytes, 32): each list begins a new one.
        """
        start = first = 0
        for number, size in enumerate(sizes.tolist()):
            self._entries.resize(number, size)
            self.rows_in(number)[:] = rows[start : start + size]
            there = self.blocks_of(number)
            there[:] = blocks[first : first + len(there)]
            start, first = start + size, first + len(there)
        self.make_room(int(rows.max(initial=-1)) + 1)
        self._list_of[rows] = np.repeat(np.arange(len(sizes)), sizes)
        self._place_of[rows] = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        self._sizes += sizes
        self._count += len(rows)
        self._index.ntotal = self._count

    def remove(self, rows: Rows) -> None:
        """Take rows out and wipe their sketches; those that are not here are no error."""
        for row in rows[rows < len(self._list_of)].tolist():
            if self._list_of[row] != _NOWHERE:
                self._remove(row)

    def rows_in(self, number: int) -> Rows:
        """Return the rows of one list where they lie, until it changes."""
        size = self._entries.list_size(number)
        if not size:
            return np.zeros(0, np.int64)
        rows: Rows = faiss.rev_swig_ptr(self._entries.get_ids(number), size)
        return rows

    def blocks_of(self, number: int) -> Codes:
        """Return the sketches of one list where they lie, until it changes."""
        count, width = block_count(self._entries.list_size(number)), self.width
        if not count:
            return np.zeros((0, width, BLOCK), np.uint8)
        blocks: Codes = faiss.rev_swig_ptr(self._entries.get_codes(number), count * width * BLOCK)
        return blocks.reshape(count, width, BLOCK)

    def scan(
        self, query: Vectors, lists: Rows, cosines: Vectors, *, k: int, selector: Selector
    ) -> RowHits:
        """Return the ``k`` of some lists that are nearest by their sketches, best first.

        Shape: query (dim,), lists and their centers' cosines with the query both (n,).
        """
        similarities = np.empty(k, np.float32)
        rows = np.empty(k, np.int64)
        use_one_thread()
        self._index.search_preassigned_c(
            1,
            faiss.swig_ptr(padded(query[None])),
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
        return RowHits(rows[found], similarities[found])

    def make_room(self, row_count: int) -> None:
        """Make ``list_of`` reach over so many rows."""
        before = len(self._list_of)
        self._list_of = grown(self._list_of, row_count)
        self._list_of[before:] = _NOWHERE
        self._place_of = grown(self._place_of, row_count)

    def _append(self, row: int, number: int, sketch: Codes) -> None:
        place = self._entries.list_size(number)
        # Its own ``add_entries`` takes blocks only, and one sketch is none.
        self._entries.resize(number, place + 1)
        self.rows_in(number)[place] = row
        write(self.blocks_of(number), place, sketch)
        self._list_of[row], self._place_of[row] = number, place
        self._sizes[number] += 1

    def _remove(self, row: int) -> None:
        number, place = int(self._list_of[row]), int(self._place_of[row])
        rows, blocks = self.rows_in(number), self.blocks_of(number)
        last = len(rows) - 1
        moved = int(rows[last])
        rows[place] = moved
        write(blocks, place, read(blocks, last))
        write(blocks, last, np.zeros(self.width, np.uint8))
        self._place_of[moved] = place
        self._entries.resize(number, last)
        self._list_of[row] = _NOWHERE
        self._sizes[number] -= 1
        self._count -= 1
        self._index.ntotal = self._count


def _visiting(lists: int, selector: Selector) -> faiss.SearchParametersIVF:
    """Return the parameters of one call; nothing about the index itself is ever set."""
    parameters = faiss.SearchParametersIVF()
    parameters.nprobe = lists
    parameters.sel = selector.pointer
    return parameters

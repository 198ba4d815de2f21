"""Exact search, whatever the number of vectors."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from index.checks import check_records
from index.flat import FlatVectors, raw_of, vectors_in
from index.protocol import Mask, Metadata, RowHits, Rows, Vectors
from index.reading import TableIndex
from index.snapshot import MANIFEST, Snapshot, read_snapshot, write_snapshot


class ExactIndex(TableIndex):
    """Compares a query with every vector, which finds the nearest ones without fail.

    The vectors lie in one array that FAISS searches where it is; methods are those of
    ``VectorIndex``. Good up to some 200,000 vectors. A removed id leaves a wiped row behind until
    the index is saved and loaded, or built anew.
    """

    def __init__(self, dim: int) -> None:
        super().__init__(dim)
        self._vectors = FlatVectors(np.zeros((0, dim), np.float32))

    @classmethod
    def build(cls, ids: Sequence[str], vectors: Vectors) -> Self:
        """Make an index of these ids; none with a (0, dim) array makes an empty one."""
        check_records(ids, vectors)
        index = cls(vectors.shape[1])
        index._put(ids, vectors)
        return index

    def add(self, ids: Sequence[str], vectors: Vectors) -> Rows:
        """Take up new ids and return their rows."""
        check_records(ids, vectors, dim=self._dim)
        with self._lock.writing():
            self._table.refuse_known(ids)
            return self._put(ids, vectors)

    def update(self, ids: Sequence[str], vectors: Vectors) -> Rows:
        """Replace the vectors of ids and return their rows."""
        check_records(ids, vectors, dim=self._dim)
        with self._lock.writing():
            self._table.rows_of(ids)
            return self._put(ids, vectors)

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> Rows:
        """Add the ids that are new, update the others, and return their rows."""
        check_records(ids, vectors, dim=self._dim)
        with self._lock.writing():
            return self._put(ids, vectors)

    def remove(self, ids: Collection[str]) -> None:
        """Take ids out and wipe their vectors from memory."""
        with self._lock.writing():
            self._table.rows_of(ids)
            self._vectors.remove(self._table.free(ids))

    def discard(self, ids: Collection[str]) -> None:
        """Take ids out; those that are not there are no error."""
        with self._lock.writing():
            self._vectors.remove(self._table.free(ids))

    def save(self, folder: Path, *, metadata: Metadata) -> None:
        """Keep the index in a folder; a crash on the way leaves the one saved before."""
        # Copied first, so that no writer, and behind it no reader, waits for the disk.
        with self._lock.reading():
            rows = self._table.alive_rows
            ids = self._table.ids_of(rows)
            raw = raw_of(self._vectors.vectors_of(rows))
        write_snapshot(folder, Snapshot(FlatVectors.kind, self._dim, ids, raw, metadata))

    @classmethod
    def load(cls, folder: Path) -> tuple[Self, Metadata]:
        """Return the index last saved in a folder, and what was noted with it."""
        saved = read_snapshot(folder, kinds=[FlatVectors.kind])
        vectors = vectors_in(saved, folder / MANIFEST)
        index = cls(saved.dim)
        index._table = saved.table
        index._vectors = FlatVectors(vectors)
        return index, saved.metadata

    def _put(self, ids: Sequence[str], vectors: Vectors) -> Rows:
        """Write vectors to the rows of ids, new rows for new ids."""
        # First what may run out of memory, so that a failure changes nothing.
        count = self._table.row_count + self._table.count_new(ids)
        prepared = self._vectors.prepared(vectors, row_count=count)
        rows = self._table.allot(ids)
        self._vectors.put(rows, prepared)
        if packed := self._table.packed():
            self._table.take_packed(packed)
        return rows

    def _at(self, rows: Rows) -> Vectors:
        return self._vectors.vectors_of(rows)

    def _nearest(self, queries: Vectors, k: int, eligible: Mask | None) -> list[RowHits]:
        return self._vectors.nearest(queries, k=k, eligible=eligible, ids=self._table.names)

    def _near_any(self, queries: Vectors, k: int, eligible: Mask | None) -> Rows:
        return self._vectors.near_any(queries, k=k, eligible=eligible, ids=self._table.names)

"""Exact search: the reference that every faster index is tested against."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from index.checks import check_k, check_records, check_vectors
from index.errors import DamagedIndex
from index.kernel import nearest
from index.locks import ReadWriteLock
from index.protocol import Hit, Mask, Metadata, RowHits, Rows, Vectors
from index.rows import RowTable, grown
from index.snapshot import MANIFEST, Snapshot, read_snapshot, table_of, write_snapshot

_KIND = "exact"
_SAVED_TYPE = np.dtype("<f4")


class ExactIndex:
    """Compares a query with every vector, which finds the nearest ones without fail.

    The vectors lie in one array that FAISS searches where it is; methods are those of
    ``VectorIndex``. Good up to some 200,000 vectors. A removed id leaves a wiped row behind until
    the index is saved and loaded, or built anew.
    """

    def __init__(self, dim: int) -> None:
        self._dim = dim
        self._lock = ReadWriteLock()
        self._table = RowTable()
        self._vectors: Vectors = np.zeros((0, dim), np.float32)

    @classmethod
    def build(cls, ids: Sequence[str], vectors: Vectors) -> Self:
        """Make an index of these ids; none with a (0, dim) array makes an empty one."""
        check_records(ids, vectors)
        index = cls(vectors.shape[1])
        index._put(ids, vectors)
        return index

    @property
    def dim(self) -> int:
        """The number of components of each vector."""
        return self._dim

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that the index holds, in the order of their rows."""
        with self._lock.reading():
            return tuple(self._table.ids_of(self._table.alive_rows))

    @property
    def row_count(self) -> int:
        """How many rows were handed out so far, those of removed ids included."""
        with self._lock.reading():
            return self._table.row_count

    def __len__(self) -> int:
        with self._lock.reading():
            return len(self._table)

    def __contains__(self, name: object) -> bool:
        with self._lock.reading():
            return name in self._table

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
            self._vectors[self._table.free(ids)] = 0

    def discard(self, ids: Collection[str]) -> None:
        """Take ids out; those that are not there are no error."""
        with self._lock.writing():
            self._vectors[self._table.free(ids)] = 0

    def search(
        self,
        queries: Vectors,
        *,
        k: int,
        allowed: Collection[str] | None = None,
        refused: Collection[str] | None = None,
    ) -> list[list[Hit]]:
        """Return up to ``k`` hits for each query, all of them allowed and none refused."""
        self._check_question(queries, k)
        with self._lock.reading():
            eligible = self._table.eligible(allowed=allowed, refused=refused)
            found = self._nearest(queries, k, eligible)
            return [self._named(hits) for hits in found]

    def search_rows(self, queries: Vectors, *, k: int, mask: Mask | None = None) -> list[RowHits]:
        """Return up to ``k`` rows for each query, for callers who keep columns by row."""
        self._check_question(queries, k)
        with self._lock.reading():
            return self._nearest(queries, k, self._table.eligible_rows(mask))

    def rows_of(self, ids: Sequence[str]) -> Rows:
        """Return the rows of ids."""
        with self._lock.reading():
            return self._table.rows_of(ids)

    def ids_of(self, rows: Rows) -> list[str]:
        """Return the ids of rows, also of those removed since they were found."""
        with self._lock.reading():
            return self._table.ids_of(rows)

    def vectors_of(self, ids: Sequence[str]) -> Vectors:
        """Return a copy of the vectors of ids, to compare them with the records."""
        with self._lock.reading():
            return self._vectors[self._table.rows_of(ids)]

    def save(self, folder: Path, *, metadata: Metadata) -> None:
        """Keep the index in a folder; a crash on the way leaves the one saved before."""
        # Copied first, so that no writer, and behind it no reader, waits for the disk.
        with self._lock.reading():
            rows = self._table.alive_rows
            ids = self._table.ids_of(rows)
            vectors = self._vectors[rows].astype(_SAVED_TYPE, copy=False)
        raw = vectors.reshape(-1).view(np.uint8).data
        write_snapshot(folder, Snapshot(_KIND, self._dim, ids, raw, metadata))

    @classmethod
    def load(cls, folder: Path) -> tuple[Self, Metadata]:
        """Return the index last saved in a folder, and what was noted with it."""
        saved = read_snapshot(folder, kinds=[_KIND])
        numbers = np.frombuffer(saved.vectors, _SAVED_TYPE).astype(np.float32, copy=False)
        if numbers.size != len(saved.ids) * saved.dim:
            reason = f"counts {len(saved.ids)} ids, but {numbers.size} numbers are there"
            raise DamagedIndex(path=folder / MANIFEST, reason=reason)
        index = cls(saved.dim)
        index._table = table_of(saved, folder)
        index._vectors = numbers.reshape(len(saved.ids), saved.dim)
        return index, saved.metadata

    def _put(self, ids: Sequence[str], vectors: Vectors) -> Rows:
        """Write vectors to the rows of ids, new rows for new ids."""
        fresh = sum(name not in self._table for name in ids)
        # First what may run out of memory, so that a failure changes nothing.
        self._vectors = grown(self._vectors, self._table.row_count + fresh)
        self._table.allot(ids)
        rows = self._table.rows_of(ids)
        self._vectors[rows] = vectors
        return rows

    def _check_question(self, queries: Vectors, k: int) -> None:
        check_k(k)
        check_vectors(queries, dim=self._dim)

    def _nearest(self, queries: Vectors, k: int, eligible: Mask | None) -> list[RowHits]:
        vectors = self._vectors[: self._table.row_count]
        return nearest(queries, vectors, k=k, eligible=eligible, ids=self._table.names)

    def _named(self, hits: RowHits) -> list[Hit]:
        ids = self._table.ids_of(hits.rows)
        return [Hit(*named) for named in zip(ids, hits.similarities.tolist(), strict=True)]

"""What every index answers in the same way, from its table of rows and under its lock."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence

import numpy as np

from index.checks import check_k, check_vectors
from index.kernel import similarities_of
from index.locks import ReadWriteLock
from index.protocol import Hit, Mask, RowHits, Rows, Vectors
from index.rows import RowTable


class TableIndex(ABC):
    """The reading half of ``VectorIndex``; how vectors are kept and compared is left open."""

    def __init__(self, dim: int) -> None:
        self._dim = dim
        self._lock = ReadWriteLock()
        self._table = RowTable()

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

    def rows_near(self, queries: Vectors, *, k: int, mask: Mask | None = None) -> Rows:
        """Return the rows of ``search_rows`` for any of the queries, each once and ascending."""
        self._check_question(queries, k)
        with self._lock.reading():
            return self._near_any(queries, k, self._table.eligible_rows(mask))

    def vectors_at(self, rows: Rows) -> Vectors:
        """Return a copy of the vectors of rows; wiped ones of those removed meanwhile."""
        with self._lock.reading():
            return self._at(rows)

    def similarities_at(self, query: Vectors, rows: Rows) -> Vectors:
        """Return the cosine of each of the rows with a query, as a search gives it. Shape: (n,)."""
        with self._lock.reading():
            return similarities_of(query, self._at(rows))

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
            return self._at(self._table.rows_of(ids))

    @abstractmethod
    def _at(self, rows: Rows) -> Vectors:
        """Return a copy of the vectors of rows; the lock is held."""

    @abstractmethod
    def _nearest(self, queries: Vectors, k: int, eligible: Mask | None) -> list[RowHits]:
        """Return up to ``k`` eligible rows for each query; the lock is held."""

    def _near_any(self, queries: Vectors, k: int, eligible: Mask | None) -> Rows:
        """Return the eligible rows among the ``k`` nearest of any query; the lock is held."""
        found = [hits.rows for hits in self._nearest(queries, k, eligible)]
        return np.unique(np.concatenate([np.empty(0, np.int64), *found]))

    def _check_question(self, queries: Vectors, k: int) -> None:
        check_k(k)
        check_vectors(queries, dim=self._dim)

    def _named(self, hits: RowHits) -> list[Hit]:
        ids = self._table.ids_of(hits.rows)
        return [Hit(*named) for named in zip(ids, hits.similarities.tolist(), strict=True)]

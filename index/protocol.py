"""What every index can do. Whoever implements it must pass ``tests/contracts``."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
Metadata: TypeAlias = Mapping[str, str | int]


class Hit(NamedTuple):
    """An id near a query. The similarity is a cosine in [-1, 1]; higher is nearer."""

    id: str
    similarity: float


class RowHits(NamedTuple):
    """Rows near one query, best first. Shape: both (hits,), int64 and float32."""

    rows: Rows
    similarities: Vectors


class VectorIndex(Protocol):
    """Finds the ids whose unit vectors are nearest to a query.

    Vectors and queries are float32, unit length, of shape (n, dim); anything else is refused with
    ``WrongVectorType``, ``WrongDimension``, ``NotFinite`` or ``NotUnitLength``. Hits come best
    first, ties in the order of their ids, so the same question always has the same answer. An index
    that is not exact says by how much a similarity may be off, and what share of the hits a search
    has to find; it still gives ``k`` whenever ``k`` qualify. A call that fails changes nothing. Any
    thread may call; each search sees a write whole or not at all.

    Every id lies in a row. An id keeps its row while its vector changes; a removed row is never
    given to another id. So a column of booleans that the caller keeps by row may lag behind and
    still never selects the wrong id. Row numbers live as long as the object: after ``load`` they
    are counted anew, in the order of ``ids``.
    """

    @classmethod
    def build(cls, ids: Sequence[str], vectors: Vectors) -> Self:
        """Make an index of these ids; none with a (0, dim) array makes an empty one."""
        ...

    @property
    def dim(self) -> int:
        """The number of components of each vector."""
        ...

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that the index holds, in the order of their rows."""
        ...

    @property
    def row_count(self) -> int:
        """How many rows were handed out so far, those of removed ids included."""
        ...

    def __len__(self) -> int: ...

    def __contains__(self, name: object) -> bool: ...

    def add(self, ids: Sequence[str], vectors: Vectors) -> Rows:
        """Take up new ids and return their rows.

        Raises:
            DuplicateIds: if an id is there already or comes twice.
        """
        ...

    def update(self, ids: Sequence[str], vectors: Vectors) -> Rows:
        """Replace the vectors of ids and return their rows.

        Raises:
            UnknownIds: if an id is not there.
        """
        ...

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> Rows:
        """Add the ids that are new, update the others, and return their rows."""
        ...

    def remove(self, ids: Collection[str]) -> None:
        """Take ids out and wipe their vectors from memory.

        Raises:
            UnknownIds: if an id is not there.
        """
        ...

    def discard(self, ids: Collection[str]) -> None:
        """Take ids out; those that are not there are no error."""
        ...

    def search(
        self,
        queries: Vectors,
        *,
        k: int,
        allowed: Collection[str] | None = None,
        refused: Collection[str] | None = None,
    ) -> list[list[Hit]]:
        """Return up to ``k`` hits for each query, all of them allowed and none refused.

        Ids that the index does not hold may be named and have no effect. A ``k`` beyond what
        qualifies gives what there is.

        Raises:
            InvalidK: if ``k`` is not positive.
        """
        ...

    def search_rows(self, queries: Vectors, *, k: int, mask: Mask | None = None) -> list[RowHits]:
        """Return up to ``k`` rows for each query, for callers who keep columns by row.

        ``mask`` says which rows qualify; rows beyond its end do not, nor do removed ones.

        Raises:
            InvalidK: if ``k`` is not positive.
            InvalidMask: if the mask is not boolean or longer than ``row_count``.
        """
        ...

    def rows_near(self, queries: Vectors, *, k: int, mask: Mask | None = None) -> Rows:
        """Return the rows that ``search_rows`` finds for any query, each once and ascending.

        Raises:
            InvalidK: if ``k`` is not positive.
            InvalidMask: if the mask is not boolean or longer than ``row_count``.
        """
        ...

    def vectors_at(self, rows: Rows) -> Vectors:
        """Return a copy of the vectors of rows; zeros or what was there for a removed one.

        Shape: (rows, dim).
        """
        ...

    def rows_of(self, ids: Sequence[str]) -> Rows:
        """Return the rows of ids.

        Raises:
            UnknownIds: if an id is not there.
        """
        ...

    def ids_of(self, rows: Rows) -> list[str]:
        """Return the ids of rows, also of those removed since they were found.

        Raises:
            UnknownRows: if a row was never handed out.
        """
        ...

    def vectors_of(self, ids: Sequence[str]) -> Vectors:
        """Return a copy of the vectors of ids, to compare them with the records.

        Raises:
            UnknownIds: if an id is not there.
        """
        ...

    def save(self, folder: Path, *, metadata: Metadata) -> None:
        """Keep the index in a folder of its own; a crash on the way leaves the one saved before.

        One process saves to a folder at a time. What was saved before is deleted once the new
        one is safe, so that removed vectors do not stay on the disk.
        """
        ...

    @classmethod
    def load(cls, folder: Path) -> tuple[Self, Metadata]:
        """Return the index last saved in a folder, and what was noted with it.

        Raises:
            DamagedIndex: if there is none, or any byte of it is not what was saved.
        """
        ...

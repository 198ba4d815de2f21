"""Which id lies in which row. A row is never given twice."""

from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.checks import check_mask
from index.errors import DuplicateIds, UnknownIds, UnknownRows
from index.protocol import Mask, Rows

Scalar = TypeVar("Scalar", bound=np.generic)


class RowTable:
    """Ids and rows of one index; not safe for threads by itself."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        # Removed rows keep their id: who holds hits from before can still name them.
        self._ids: list[str] = list(ids)
        self._rows: dict[str, int] = dict(zip(self._ids, range(len(self._ids)), strict=True))
        self._alive: Mask = np.ones(len(self._ids), np.bool_)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, name: object) -> bool:
        return name in self._rows

    @property
    def row_count(self) -> int:
        """How many rows were handed out."""
        return len(self._ids)

    @property
    def names(self) -> Sequence[str]:
        """The id of each row, removed ones included."""
        return self._ids

    @property
    def alive_rows(self) -> Rows:
        """The rows that hold an id, ascending."""
        return np.flatnonzero(self._alive[: self.row_count])

    def rows_of(self, ids: Collection[str]) -> Rows:
        """Return the rows of ids.

        Raises:
            UnknownIds: if an id has none.
        """
        rows = [*map(self._rows.get, ids)]
        if None in rows:
            raise UnknownIds([name for name in ids if name not in self._rows])
        return np.array(rows, np.int64)

    def ids_of(self, rows: Rows) -> list[str]:
        """Return the ids of rows.

        Raises:
            UnknownRows: if a row was never handed out.
        """
        places, count = rows.tolist(), self.row_count
        if places and (min(places) < 0 or max(places) >= count):
            outside = [row for row in places if not 0 <= row < count]
            raise UnknownRows(rows=outside, row_count=count)
        return [*map(self._ids.__getitem__, places)]

    def holds(self, rows: Rows) -> Mask:
        """Return which of the rows hold an id. Shape: (rows,)."""
        held: Mask = self._alive[rows]
        return held

    def refuse_known(self, ids: Iterable[str]) -> None:
        """Raise ``DuplicateIds`` if an id has a row already."""
        if known := [name for name in ids if name in self._rows]:
            raise DuplicateIds(known)

    def allot(self, ids: Iterable[str]) -> None:
        """Give a new row to each id that has none."""
        fresh = [name for name in ids if name not in self._rows]
        self._alive = grown(self._alive, self.row_count + len(fresh))
        for name in fresh:
            self._rows[name] = len(self._ids)
            self._alive[len(self._ids)] = True
            self._ids.append(name)

    def free(self, ids: Iterable[str]) -> Rows:
        """Take ids out of their rows and return those; unknown ids have none."""
        rows = self._known_rows(dict.fromkeys(ids))
        self._alive[rows] = False
        for row in rows:
            del self._rows[self._ids[row]]
        return rows

    def eligible(
        self, *, allowed: Collection[str] | None, refused: Collection[str] | None
    ) -> Mask | None:
        """Return which rows may be hits; None when all of them may."""
        if allowed is None and not refused:
            return self.eligible_rows(None)
        mask = np.full(self.row_count, allowed is None)
        mask[self._known_rows(allowed or ())] = True
        mask[self._known_rows(refused or ())] = False
        return self.eligible_rows(mask)

    def eligible_rows(self, mask: Mask | None) -> Mask | None:
        """Return which rows of a mask hold an id; None when all rows do and there is no mask.

        Raises:
            InvalidMask: if the mask does not fit.
        """
        alive = self._alive[: self.row_count]
        if mask is None:
            return None if len(self) == self.row_count else alive
        check_mask(mask, row_count=self.row_count)
        eligible = np.zeros(self.row_count, np.bool_)
        np.logical_and(mask, alive[: len(mask)], out=eligible[: len(mask)])
        return eligible

    def _known_rows(self, ids: Iterable[str]) -> Rows:
        rows = (self._rows.get(name) for name in ids)
        return np.array([row for row in rows if row is not None], np.int64)


def grown(array: NDArray[Scalar], length: int) -> NDArray[Scalar]:
    """Return the array with room for ``length`` rows, doubled when it must move.

    Doubling makes n additions copy at most 2n rows; the empty half takes no memory until it is
    written.
    """
    if length <= len(array):
        return array
    larger = np.zeros((max(length, 2 * len(array)), *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger

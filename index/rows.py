"""Which id lies in which row. A row is never given twice."""

from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.checks import check_mask
from index.errors import DuplicateIds, UnknownIds, UnknownRows
from index.packed import NOWHERE, Hashed, Names, PackedIds
from index.protocol import Mask, Rows

Scalar = TypeVar("Scalar", bound=np.generic)

# So many ids may lie in a dictionary, or this share of those that are packed, until they are
# packed with these: a share, so that each is packed only a few times however many there come.
_LOOSE, _LOOSE_SHARE = 16_384, 0.125


class RowTable:
    """Ids and rows of one index; not safe for threads by itself."""

    def __init__(self, ids: Sequence[str] = (), *, hashed: Hashed = hash) -> None:
        """Give a row to each id.

        Raises:
            DuplicateIds: if one comes twice.
        """
        # Removed rows keep their id: who holds hits from before can still name them.
        self._packed = PackedIds.of(ids, hashed=hashed)
        self._later: list[str] = []
        self._later_rows: dict[str, int] = {}
        self._alive: Mask = np.ones(len(ids), np.bool_)
        self._count = len(ids)

    def __len__(self) -> int:
        return self._count

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self._places([name])[0] != NOWHERE)

    @property
    def row_count(self) -> int:
        """How many rows were handed out."""
        return len(self._packed) + len(self._later)

    @property
    def names(self) -> Names:
        """The id of each row, removed ones included."""
        return Names(self._packed, self._later)

    @property
    def alive_rows(self) -> Rows:
        """The rows that hold an id, ascending."""
        return np.flatnonzero(self._alive[: self.row_count])

    def rows_of(self, ids: Collection[str]) -> Rows:
        """Return the rows of ids.

        Raises:
            UnknownIds: if an id has none.
        """
        ids = _listed(ids)
        rows = self._places(ids)
        if (rows == NOWHERE).any():
            raise UnknownIds(_some(ids, rows == NOWHERE))
        return rows

    def ids_of(self, rows: Rows) -> list[str]:
        """Return the ids of rows.

        Raises:
            UnknownRows: if a row was never handed out.
        """
        count = self.row_count
        outside: Rows = rows[(rows < 0) | (rows >= count)]
        if len(outside):
            raise UnknownRows(rows=outside.tolist(), row_count=count)
        return self.names.at(rows)

    def holds(self, rows: Rows) -> Mask:
        """Return which of the rows hold an id. Shape: (rows,)."""
        held: Mask = self._alive[rows]
        return held

    def refuse_known(self, ids: Sequence[str]) -> None:
        """Raise ``DuplicateIds`` if an id has a row already."""
        if known := _some(ids, self._places(ids) != NOWHERE):
            raise DuplicateIds(known)

    def count_new(self, ids: Sequence[str]) -> int:
        """Return how many of the ids have no row."""
        return int((self._places(ids) == NOWHERE).sum())

    def allot(self, ids: Sequence[str]) -> Rows:
        """Give a new row to each id that has none, and return the rows of all."""
        rows = self._places(ids)
        fresh = _some(ids, rows == NOWHERE)
        before = self.row_count
        after = before + len(fresh)
        self._alive = grown(self._alive, after)
        rows[rows == NOWHERE] = np.arange(before, after)
        self._alive[before:after] = True
        self._later.extend(fresh)
        self._later_rows.update(zip(fresh, range(before, after), strict=True))
        self._count += len(fresh)
        return rows

    def free(self, ids: Iterable[str]) -> Rows:
        """Take ids out of their rows and return those; unknown ids have none."""
        named = list(dict.fromkeys(ids))
        rows = self._places(named)
        for name in named if self._later_rows else ():
            self._later_rows.pop(name, None)
        freed: Rows = rows[rows != NOWHERE]
        self._alive[freed] = False
        self._count -= len(freed)
        return freed

    def packed(self) -> PackedIds | None:
        """Return all ids packed, for ``take_packed``; none while it is not worth it.

        Changes nothing, so others may read meanwhile.
        """
        if len(self._later) <= max(_LOOSE, _LOOSE_SHARE * len(self._packed)):
            return None
        return self._packed.extended(self._later, among=self._alive)

    def take_packed(self, packed: PackedIds) -> None:
        """Use ids as they were packed; nothing may have changed since."""
        self._packed, self._later, self._later_rows = packed, [], {}

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

    def _known_rows(self, ids: Collection[str]) -> Rows:
        rows = self._places(_listed(ids))
        known: Rows = rows[rows != NOWHERE]
        return known

    def _places(self, ids: Sequence[str]) -> Rows:
        """Return the row of each id, -1 for one that has none."""
        rows = self._packed.find(ids, among=self._alive)
        if self._later_rows:
            later = [*map(self._later_rows.get, ids)]
            here = np.array([row is not None for row in later], np.bool_)
            rows[here] = [row for row in later if row is not None]
        return rows


def _listed(ids: Collection[str]) -> Sequence[str]:
    return ids if isinstance(ids, list) else list(ids)


def _some(ids: Sequence[str], which: Mask) -> list[str]:
    return [ids[at] for at in np.flatnonzero(which).tolist()]


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

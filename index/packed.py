"""Many ids in little memory: one run of text, and their hashes in order to find them by.

A dictionary of strings takes some 140 bytes for each id; this takes its characters and 16 to 20.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.errors import DuplicateIds
from index.protocol import Mask, Rows

# The row of an id that has none.
NOWHERE = -1

# So few are found one by one: an operation on arrays takes as long as one of them.
_ONE_BY_ONE = 8

# Text to a number of 64 bits. Different ids with the same one cost time and nothing else.
Hashed = Callable[[str], int]
_Numbers = NDArray[np.unsignedinteger[Any]]


class PackedIds:
    """The ids of rows from 0 on, never changed once made.

    Python's own hash finds an id, and its text decides. A secret of the process goes into that
    hash, so nobody can choose ids that collide; and it is never saved.
    """

    def __init__(self, *, hashed: Hashed = hash) -> None:
        self._hashed = hashed
        # Python keeps a text of ASCII in one byte a character.
        self._text = ""
        self._bounds: _Numbers = np.zeros(1, np.uint8)
        self._hashes: NDArray[np.int64] = np.zeros(0, np.int64)
        self._rows: _Numbers = np.zeros(0, np.uint8)

    @classmethod
    def of(cls, ids: Sequence[str], *, hashed: Hashed = hash) -> Self:
        """Pack ids.

        Raises:
            DuplicateIds: if one comes twice.
        """
        packed = cls(hashed=hashed).extended(ids, among=np.ones(len(ids), np.bool_))
        if repeated := packed._repeated():
            raise DuplicateIds(repeated)
        return packed

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, row: int) -> str:
        return self._text[self._bounds[row] : self._bounds[row + 1]]

    def at(self, rows: Rows) -> list[str]:
        """Return the ids of rows."""
        text, starts, ends = self._text, self._bounds[rows], self._bounds[rows + 1]
        bounds = zip(starts.tolist(), ends.tolist(), strict=True)
        return [text[start:end] for start, end in bounds]

    def find(self, ids: Sequence[str], *, among: Mask) -> Rows:
        """Return the rows of ids; -1 for an id that has none among those that count.

        Shape: among (at least as many as there are rows).
        """
        if len(ids) <= _ONE_BY_ONE:
            return np.array([self._find_one(name, among) for name in ids], np.int64)
        rows = np.full(len(ids), NOWHERE, np.int64)
        hashes = self._hashes_of(ids)
        places = np.searchsorted(self._hashes, hashes)
        asked = np.arange(len(ids))
        while True:
            asked = asked[places[asked] < len(self._hashes)]
            asked = asked[self._hashes[places[asked]] == hashes[asked]]
            if not len(asked):
                return rows
            met = self._rows[places[asked]].astype(np.int64)
            pairs = zip(self.at(met), map(ids.__getitem__, asked.tolist()), strict=True)
            same = among[met] & np.array([one == other for one, other in pairs])
            rows[asked[same]] = met[same]
            asked = asked[~same]
            places[asked] += 1

    def extended(self, ids: Sequence[str], *, among: Mask) -> Self:
        """Return these ids and more, of which those of the rows that count can be found.

        All can be named. Of those that count, no two may be the same.

        Shape: among (at least as many as there will be rows).
        """
        longer = type(self)(hashed=self._hashed)
        longer._text = "".join([self._text, *ids])
        ends = len(self._text) + np.cumsum(np.fromiter(map(len, ids), np.int64, len(ids)))
        longer._bounds = _narrow(np.concatenate([self._bounds, ends]), len(longer._text))
        hashes = self._hashes_of(ids)
        order = np.argsort(hashes)
        hashes = np.concatenate([self._hashes, hashes[order]])
        rows = np.concatenate([self._rows, order + len(self)])
        count = among[rows]
        hashes, rows = hashes[count], rows[count]
        # Two runs, each in order: a stable sort merges them.
        order = np.argsort(hashes, kind="stable")
        longer._hashes, longer._rows = hashes[order], _narrow(rows[order], len(longer))
        return longer

    def _find_one(self, name: str, among: Mask) -> int:
        wanted = self._hashed(name)
        place = int(self._hashes.searchsorted(wanted))
        while place < len(self._hashes) and self._hashes[place] == wanted:
            row = int(self._rows[place])
            if among[row] and self[row] == name:
                return row
            place += 1
        return NOWHERE

    def _hashes_of(self, ids: Sequence[str]) -> NDArray[np.int64]:
        return np.fromiter(map(self._hashed, ids), np.int64, len(ids))

    def _repeated(self) -> list[str]:
        """Return the ids that are there more than once."""
        alike = self._hashes[1:] == self._hashes[:-1]
        if not alike.any():
            return []
        doubtful = np.flatnonzero(np.append(alike, False) | np.append(False, alike))
        names = sorted(self.at(self._rows[doubtful].astype(np.int64)))
        return [one for one, other in pairwise(names) if one == other]


class Names(Sequence[str]):
    """The id of each row: those that are packed, and those that came since."""

    def __init__(self, packed: PackedIds, later: list[str]) -> None:
        self._packed = packed
        self._later = later

    def __len__(self) -> int:
        return len(self._packed) + len(self._later)

    def __getitem__(self, row: int) -> str:  # type: ignore[override]  # rows only, no slices
        before = len(self._packed)
        return self._packed[row] if row < before else self._later[row - before]

    def at(self, rows: Rows) -> list[str]:
        """Return the ids of rows."""
        packed: Mask = rows < len(self._packed)
        if packed.all():
            return self._packed.at(rows)
        before = iter(self._packed.at(rows[packed]))
        after = iter((rows[~packed] - len(self._packed)).tolist())
        return [next(before) if each else self._later[next(after)] for each in packed.tolist()]


def _narrow(numbers: NDArray[Any], most: int) -> _Numbers:
    """Return numbers up to ``most`` in as few bytes as they need."""
    narrow: _Numbers = numbers.astype(np.min_scalar_type(most))
    return narrow

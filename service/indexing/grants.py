"""Grants: what learners agreed to, as arrays, so that a search looks only at who may be seen."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.domain.consent import ANY_EMPLOYER, Asking, Consents, Grant, Purpose, grants_of
from service.domain.ids import EmployerId
from service.indexing.growing import with_room

Mask = NDArray[np.bool_]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_FOREVER: Final = np.iinfo(np.int64).max


class Grants:
    """The grants of all rows, one place for each. Not for several threads at once.

    A place that is free lasts no time at all, so that it never lets anybody see anything.
    """

    def __init__(self) -> None:
        self._rows = np.zeros(0, dtype=np.int64)
        self._scopes = np.zeros(0, dtype=np.int64)
        self._starts = np.zeros(0, dtype=np.int64)
        self._ends = np.zeros(0, dtype=np.int64)
        self._count = 0
        self._free: list[int] = []
        self._places: dict[str, list[int]] = {}
        self._numbers: dict[tuple[EmployerId, Purpose], int] = {}

    def put(self, learner: str, row: int, consents: Consents) -> None:
        """Keep what a learner agreed to, in place of all before."""
        self.remove(learner)
        for grant in grants_of(consents):
            place = self._place()
            self._rows[place] = row
            self._scopes[place] = self._number(grant)
            self._starts[place] = _number_of(grant.start)
            self._ends[place] = _FOREVER if grant.end is None else _number_of(grant.end)
            self._places.setdefault(learner, []).append(place)

    def remove(self, learner: str) -> None:
        """Forget what a learner agreed to; an unknown one is no error."""
        for place in self._places.pop(learner, ()):
            self._starts[place] = self._ends[place] = 0
            self._free.append(place)

    def seen_by(self, asking: Asking, *, count: int) -> Mask:
        """Return for each of so many rows whether the one who asks may see it."""
        at = _number_of(asking.at)
        here = slice(0, self._count)
        holds = np.zeros(self._count, dtype=np.bool_)
        for number in self._scopes_of(asking):
            holds |= self._scopes[here] == number
        holds &= (self._starts[here] <= at) & (at < self._ends[here])
        seen = np.zeros(count, dtype=np.bool_)
        seen[self._rows[here][holds]] = True
        return seen

    def _scopes_of(self, asking: Asking) -> Iterable[int]:
        for party in {asking.party, ANY_EMPLOYER}:
            number = self._numbers.get((party, asking.purpose))
            if number is not None:
                yield number

    def _number(self, grant: Grant) -> int:
        return self._numbers.setdefault((grant.party, grant.purpose), len(self._numbers))

    def _place(self) -> int:
        if self._free:
            return self._free.pop()
        self._count += 1
        self._rows = with_room(self._rows, self._count)
        self._scopes = with_room(self._scopes, self._count)
        self._starts = with_room(self._starts, self._count)
        self._ends = with_room(self._ends, self._count)
        return self._count - 1


def _number_of(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND

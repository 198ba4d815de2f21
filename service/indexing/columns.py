"""Columns: what constraints look at, one row for each credential, as boolean masks."""

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.condition import (
    NUMERIC_FIELDS,
    Condition,
    ConditionField,
    admits,
    numeric_value,
    values,
)
from service.domain.credential import Credential
from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.growing import with_room

Mask = NDArray[np.bool_]

_NUMERIC = tuple(sorted(NUMERIC_FIELDS))
_VALUED = tuple(sorted(set(ConditionField) - NUMERIC_FIELDS))
# The number of no set: the row has no credential.
_GONE = 0
_WANTED_MAX = 1000


class Attributes(NamedTuple):
    """What conditions may ask of one credential.

    ``numbers`` stand in the order of the numeric fields, NaN for unknown; ``values`` in that of
    the others, empty for unknown.
    """

    numbers: tuple[float, ...]
    currency: str | None
    values: tuple[tuple[str, ...], ...]


def attributes_of(credential: Credential) -> Attributes:
    """Return what conditions may ask of a credential."""
    numbers = (numeric_value(credential, field) for field in _NUMERIC)
    return Attributes(
        numbers=tuple(float("nan") if number is None else number for number in numbers),
        currency=credential.cost.currency if credential.cost else None,
        values=tuple(values(credential, field) for field in _VALUED),
    )


class Columns:
    """The attributes of all rows. Any thread may judge while one writes.

    A row's values stand as one number for each field: credentials by the million have some
    hundred different sets of regions or languages among them, and a condition is judged once for
    each set.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._count = 0
        self._numbers = np.full((0, len(_NUMERIC)), np.nan)
        self._currency = np.zeros(0, dtype="U3")
        self._codes = np.zeros((0, len(_VALUED)), dtype=np.int32)
        self._sets = [_Sets() for _ in _VALUED]

    def put(self, rows: Sequence[int], attributes: Sequence[Attributes | None]) -> None:
        """Keep the attributes of rows; none for a row whose credential is gone."""
        with self._lock:
            self._grow(max(rows, default=-1) + 1)
            for row, each in zip(rows, attributes, strict=True):
                self._numbers[row] = each.numbers if each else np.nan
                self._currency[row] = (each.currency or "") if each else ""
                for place, sets in enumerate(self._sets):
                    self._codes[row, place] = sets.code_of(each.values[place]) if each else _GONE

    def judge(self, conditions: tuple[Condition, ...], *, count: int) -> tuple[Mask, Mask]:
        """Return two masks by row: all conditions satisfied; none violated but one unknown.

        Args:
            conditions: what is asked.
            count: of how many rows; those without attributes yet neither satisfy nor violate.
        """
        with self._lock:
            self._grow(count)
            satisfied = np.ones(count, dtype=np.bool_)
            possible = np.ones(count, dtype=np.bool_)
            for condition in conditions:
                yes, unknown = self._judge(condition, count)
                satisfied &= yes
                possible &= yes | unknown
        return satisfied, possible & ~satisfied

    def save(self, folder: WritingFolder, rows: NDArray[np.int64]) -> None:
        """Write the attributes of these rows, in their order."""
        with self._lock:
            self._grow(int(rows.max(initial=-1)) + 1)
            folder.write_array("numbers", self._numbers[rows])
            folder.write_array("currency", self._currency[rows])
            folder.write_array("codes", self._codes[rows])
            folder.write_json("sets", [sets.known for sets in self._sets])

    def load(self, folder: ReadingFolder) -> None:
        """Take up what was saved."""
        with self._lock:
            self._numbers = folder.read_array("numbers")
            self._currency = folder.read_array("currency")
            self._codes = folder.read_array("codes")
            self._count = len(self._codes)
            self._sets = [_Sets(map(tuple, known)) for known in folder.read_json("sets")]

    def _grow(self, count: int) -> None:
        if count <= self._count:
            return
        room = len(self._codes)
        self._numbers = with_room(self._numbers, count)
        self._numbers[room:] = np.nan
        self._currency = with_room(self._currency, count)
        self._codes = with_room(self._codes, count)
        self._count = count

    def _judge(self, condition: Condition, count: int) -> tuple[Mask, Mask]:
        if condition.at_most is not None:
            numbers = self._numbers[:count, _NUMERIC.index(condition.field)]
            unknown = np.isnan(numbers)
            if condition.field is ConditionField.COST:
                unknown |= self._currency[:count] != condition.currency
            return ~unknown & (numbers <= condition.at_most), unknown
        place = _VALUED.index(condition.field)
        sets, codes = self._sets[place], self._codes[:count, place]
        yes = np.zeros(sets.code_count, dtype=np.bool_)
        for wanted in condition.any_of:
            yes |= sets.serving(condition.field, wanted)
        return yes[codes], sets.unknown()[codes]


class _Sets:
    """The different sets of values that a field has, by number."""

    def __init__(self, known: Iterable[tuple[str, ...]] = ()) -> None:
        self.known = list(known)
        self._code_of = {values: code for code, values in enumerate(self.known, start=1)}
        self._serving: dict[str, list[bool]] = {}

    @property
    def code_count(self) -> int:
        return len(self.known) + 1

    def code_of(self, values: tuple[str, ...]) -> int:
        code = self._code_of.get(values)
        if code is None:
            self.known.append(values)
            code = self._code_of[values] = len(self.known)
        return code

    def serving(self, field: ConditionField, wanted: str) -> Mask:
        """Return for each number whether its set serves a wanted value."""
        # What is wanted comes from outside: not every word that was ever asked for is kept.
        if wanted not in self._serving and len(self._serving) >= _WANTED_MAX:
            self._serving.clear()
        judged = self._serving.setdefault(wanted, [False])
        judged.extend(
            any(admits(field, wanted=wanted, has=value) for value in values)
            for values in self.known[len(judged) - 1 :]
        )
        return np.array(judged, dtype=np.bool_)

    def unknown(self) -> Mask:
        return np.array([False, *(not values for values in self.known)], dtype=np.bool_)

"""Columns: what constraints look at, one row for each credential, as boolean masks."""

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

Mask = NDArray[np.bool_]

_NUMERIC = tuple(sorted(NUMERIC_FIELDS))
_VALUED = tuple(sorted(set(ConditionField) - NUMERIC_FIELDS))


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
    """The attributes of all rows, immutable; masks are made once for each condition.

    Attributes:
        rows: the attributes by row; none for a row whose credential is gone.
    """

    def __init__(self, rows: list[Attributes | None]) -> None:
        self._rows = rows
        nothing = (float("nan"),) * len(_NUMERIC)
        self._numbers = np.array(
            [row.numbers if row else nothing for row in rows], dtype=np.float64
        ).reshape(len(rows), len(_NUMERIC))
        self._currency = np.array([row.currency or "" if row else "" for row in rows], dtype="U3")
        self._known: dict[tuple[ConditionField, str], Mask] = {}

    def judge(self, conditions: tuple[Condition, ...]) -> tuple[Mask, Mask]:
        """Return two masks by row: all conditions satisfied; none violated but one unknown."""
        satisfied = np.ones(len(self._rows), dtype=np.bool_)
        possible = np.ones(len(self._rows), dtype=np.bool_)
        for condition in conditions:
            yes, unknown = self._judge(condition)
            satisfied &= yes
            possible &= yes | unknown
        return satisfied, possible & ~satisfied

    def _judge(self, condition: Condition) -> tuple[Mask, Mask]:
        if condition.at_most is not None:
            numbers = self._numbers[:, _NUMERIC.index(condition.field)]
            unknown = np.isnan(numbers)
            if condition.field is ConditionField.COST:
                unknown |= self._currency != condition.currency
            return ~unknown & (numbers <= condition.at_most), unknown
        yes = np.zeros(len(self._rows), dtype=np.bool_)
        for wanted in condition.any_of:
            yes |= self._having(condition.field, wanted)
        return yes, self._having(condition.field, None)

    def _having(self, field: ConditionField, wanted: str | None) -> Mask:
        """Return the rows that serve a wanted value; those of unknown value for ``None``."""
        key = (field, "" if wanted is None else wanted)
        if key not in self._known:
            place = _VALUED.index(field)
            self._known[key] = np.fromiter(
                (
                    row is not None and _serves(field, row.values[place], wanted)
                    for row in self._rows
                ),
                dtype=np.bool_,
                count=len(self._rows),
            )
        return self._known[key]


def _serves(field: ConditionField, has: tuple[str, ...], wanted: str | None) -> bool:
    if wanted is None:
        return not has
    return any(admits(field, wanted=wanted, has=value) for value in has)

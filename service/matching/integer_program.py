"""Integer programs: what a solver is given and gives back. It knows nothing of credentials."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class Row(NamedTuple):
    """One linear constraint: the sum of ``values`` times the columns ``at`` is ``at_most``."""

    at: tuple[int, ...]
    values: tuple[float, ...]
    at_most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegerProgram:
    """Columns in [0, 1], the first of them whole numbers, under rows.

    Attributes:
        columns: how many there are.
        whole: how many of them, from the first on, are 0 or 1.
    """

    columns: int
    whole: int
    rows: tuple[Row, ...]


class Stage(NamedTuple):
    """How far one objective came: the value found, and the bound that none can pass."""

    value: float
    bound: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solved:
    """The best values found, and a stage for each objective that was begun.

    Attributes:
        values: float64 ``(columns,)``.
        stages: in the order of the objectives; all but the last are proven.
    """

    values: Numbers
    stages: tuple[Stage, ...]


class Solver(Protocol):
    """Finds the best values of an integer program."""

    def maximize(
        self,
        program: IntegerProgram,
        objectives: Sequence[Numbers],
        *,
        seconds: float,
        start: Numbers,
    ) -> Solved | None:
        """Maximize the first objective; among the best the second; and so on.

        Same input, same output, unless the time ends it.

        Args:
            program: columns and rows.
            objectives: float64 ``(columns,)`` each.
            seconds: the time for all objectives together.
            start: values that keep to the rows, from which the search begins.

        Returns:
            The best values that were found, or ``None`` if the time was not enough for any.
        """
        ...

"""Filters of known selectivity, that have nothing to do with the query, or stand by or against it.

A filter is what a catalog's would be: some fields of work, and a number below a limit. Standing by
the query are the fields nearest to it; against it, those that are left without the nearest tenth.
"""

from enum import StrEnum
from typing import NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.index.made import FIELDS
from index import Vectors

SELECTIVITIES = (0.5, 0.1, 0.01, 0.001, 0.0001)
# The number of each row is drawn below this.
NUMBERS = 100_000
# Of the fields, so many nearest ones do not pass a filter that stands against the query.
_AGAINST = FIELDS // 10
_SEED = 77


class Stand(StrEnum):
    """How a filter stands to the query."""

    APART = "uncorrelated"
    BY = "correlated"
    AGAINST = "anticorrelated"


class Filter(NamedTuple):
    """Rows of one of the fields (any, if none are named) whose number is below the limit."""

    fields: NDArray[np.int32] | None
    below: int


class Columns(NamedTuple):
    """What filters look at. Shape: (rows,) each."""

    fields: NDArray[np.int32]
    numbers: NDArray[np.int32]

    def mask(self, chosen: Filter) -> NDArray[np.bool_]:
        """Return which rows pass."""
        passes = self.numbers < chosen.below
        if chosen.fields is not None:
            wanted = np.zeros(FIELDS, np.bool_)
            wanted[chosen.fields] = True
            passes &= wanted[self.fields]
        return passes


def columns_of(fields: NDArray[np.int32]) -> Columns:
    """Return the columns of rows of these fields."""
    drawn = np.random.default_rng(_SEED).integers(0, NUMBERS, len(fields)).astype(np.int32)
    return Columns(fields, drawn)


def filter_for(
    query: Vectors, stand: Stand, selectivity: float, *, centers: Vectors, columns: Columns
) -> Filter:
    """Return a filter that lets about such a share of the rows pass."""
    if stand is Stand.APART:
        return Filter(None, round(selectivity * NUMBERS))
    order = np.argsort(-(centers @ query), kind="stable")
    if stand is Stand.AGAINST:
        order = order[_AGAINST:]
    shares = np.bincount(columns.fields, minlength=FIELDS) / len(columns.fields)
    reached = np.cumsum(shares[order])
    count = min(len(order), int(np.searchsorted(reached, selectivity)) + 1)
    below = min(NUMBERS, round(selectivity / reached[count - 1] * NUMBERS))
    return Filter(np.sort(order[:count]).astype(np.int32), max(1, below))


def exact(queries: Vectors, vectors: Vectors, k: int) -> NDArray[np.int64]:
    """Return the rows nearest to each query, by float32. Shape: (queries, k)."""
    rows: NDArray[np.int64] = faiss.knn(queries, vectors, k, faiss.METRIC_INNER_PRODUCT)[1]
    return rows

"""The vectors to search, with the right answers beside them, kept under ``build/``."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.index.filters import (
    SELECTIVITIES,
    Columns,
    Filter,
    Stand,
    columns_of,
    filter_for,
)
from index import Vectors

K = 10
QUERIES = 1_000
# Of the queries, so many are asked with each filter.
FILTERED = 150
DONE = "facts.json"


class Cell(NamedTuple):
    """One kind of filter: how it stands to the query, and the share that passes."""

    stand: Stand
    selectivity: float

    def __str__(self) -> str:
        """Return the name of the cell: ``correlated 1 %``."""
        return f"{self.stand} {self.selectivity * 100:g} %"


CELLS = tuple(Cell(stand, share) for stand in Stand for share in SELECTIVITIES)


class Data(NamedTuple):
    """Vectors, queries and right answers.

    Shape: vectors (n, dim), queries (QUERIES, dim), centers of the fields (fields, dim), nearest
    (QUERIES, K); ``passing`` has for each cell (FILTERED, K), -1 where fewer than K pass.
    """

    vectors: Vectors
    queries: Vectors
    columns: Columns
    centers: Vectors
    nearest: NDArray[np.int64]
    passing: dict[str, NDArray[np.int64]]
    facts: dict[str, float]

    def filter(self, cell: Cell, query: int) -> Filter:
        """Return the filter of a cell for one of the queries."""
        return filter_for(
            self.queries[query],
            cell.stand,
            cell.selectivity,
            centers=self.centers,
            columns=self.columns,
        )


def load(folder: Path) -> Data:
    """Return what was made in a folder; the vectors stay on the disk until they are read."""
    passing = np.load(folder / "passing.npz")
    return Data(
        np.load(folder / "vectors.npy", mmap_mode="r"),
        np.load(folder / "queries.npy"),
        columns_of(np.load(folder / "fields.npy")),
        np.load(folder / "centers.npy"),
        np.load(folder / "nearest.npy"),
        {name: passing[name] for name in passing.files},
        json.loads((folder / DONE).read_text()),
    )


def recall(found: NDArray[np.int64], right: NDArray[np.int64]) -> float:
    """Return the share of the right rows that were found; 1 where there are none."""
    wanted = set(right[right >= 0].tolist())
    return len(wanted & set(found.tolist())) / len(wanted) if wanted else 1.0

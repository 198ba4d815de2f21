"""The vectors to search, with the right answers beside them, kept under ``build/``."""

import json
from collections.abc import Callable
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
    exact,
    filter_for,
)
from benchmarks.index.made import AT, Maker, nearest_cosine
from benchmarks.index.real import Vectors, real_vectors

K = 10
QUERIES = 1_000
# Of the queries, so many are asked with each filter.
FILTERED = 150
_DONE = "facts.json"

Tell = Callable[[str], None]


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
        json.loads((folder / _DONE).read_text()),
    )


def prepare(source: Path, cache: Path, count: int, *, tell: Tell) -> Path:
    """Make vectors, queries and answers unless they are there; return their folder."""
    folder = cache / f"made-{count}"
    if (folder / _DONE).exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    real = real_vectors(source, cache, tell=tell)
    maker = Maker(real)
    tell("fitting the noise")
    target = nearest_cosine(real)
    noise = maker.fitted_noise(target)
    tell(f"making {count:,} vectors")
    made, asked = (
        maker.make(many, noise=noise, seed=seed) for many, seed in ((count, 1), (QUERIES, 2))
    )
    facts = {
        "real_texts": len(real),
        "real_cosine": target,
        "made_cosine": nearest_cosine(made.vectors[:AT]),
        "noise": noise,
    }
    arrays = {
        "vectors": made.vectors,
        "queries": asked.vectors,
        "fields": made.fields,
        "centers": maker.centers,
        "nearest": exact(asked.vectors, made.vectors, K),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    np.savez(folder / "passing.npz")
    (folder / _DONE).write_text(json.dumps(facts))
    passing = _passing(load(folder), made.vectors, tell)
    np.savez(folder / "passing.npz", **passing)
    return folder


def _passing(data: Data, vectors: Vectors, tell: Tell) -> dict[str, NDArray[np.int64]]:
    found = {str(cell): np.full((FILTERED, K), -1, np.int64) for cell in CELLS}
    for query in range(FILTERED):
        if query % 10 == 0:
            tell(f"right answers under filters: {query} of {FILTERED} queries")
        cosines = vectors @ data.queries[query]
        for cell in CELLS:
            rows = np.flatnonzero(data.columns.mask(data.filter(cell, query)))
            kept = min(K, len(rows))
            best = rows[np.argpartition(-cosines[rows], kept - 1)[:kept]] if kept else rows
            found[str(cell)][query, :kept] = best
    return found


def recall(found: NDArray[np.int64], right: NDArray[np.int64]) -> float:
    """Return the share of the right rows that were found; 1 where there are none."""
    wanted = set(right[right >= 0].tolist())
    return len(wanted & set(found.tolist())) / len(wanted) if wanted else 1.0

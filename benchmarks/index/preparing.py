"""Makes the vectors and the right answers, once; later runs find them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.index.data import CELLS, DONE, FILTERED, QUERIES, Data, K, load
from benchmarks.index.filters import exact
from benchmarks.index.made import AT, Maker, nearest_cosine
from benchmarks.index.real import real_vectors
from index import Vectors

Tell = Callable[[str], None]


def prepare(source: Path, cache: Path, count: int, *, tell: Tell) -> Path:
    """Make vectors, queries and answers unless they are there; return their folder."""
    folder = cache / f"made-{count}"
    if (folder / DONE).exists():
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
    arrays: dict[str, NDArray[Any]] = {
        "vectors": made.vectors,
        "queries": asked.vectors,
        "fields": made.fields,
        "centers": maker.centers,
        "nearest": exact(asked.vectors, made.vectors, K),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    np.savez(folder / "passing.npz")
    (folder / DONE).write_text(json.dumps(facts))
    passing = _passing(load(folder), made.vectors, tell)
    np.savez(folder / "passing.npz", **passing)
    return folder


def _passing(data: Data, vectors: Vectors, tell: Tell) -> dict[str, Any]:
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

"""Our search beside the raw FAISS call on the same vectors: ``python -m benchmarks.index.raw``."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np

from benchmarks.index.data import K, load
from index import GrowingIndex, Vectors

_ROUNDS = 3


def measure(folder: Path) -> dict[str, float]:
    """Return how many times the time of the raw call ours takes, unfiltered; asked in turn."""
    data = load(folder)
    vectors = np.ascontiguousarray(data.vectors)
    index = GrowingIndex.build([str(row) for row in range(len(vectors))], vectors)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    faiss.omp_set_num_threads(1)
    raw = faiss.IndexFlatIP(vectors.shape[1])
    raw.add(vectors)
    ours, theirs = [], []
    for query in np.tile(data.queries[:100], (_ROUNDS, 1)):
        ours.append(_seconds(lambda asked: index.search_rows(asked, k=K), query[None]))
        theirs.append(_seconds(lambda asked: raw.search(asked, K), query[None]))
    return {
        "ours_ms": float(np.median(ours) * 1000),
        "raw_ms": float(np.median(theirs) * 1000),
        "raw_ratio": float(np.median(ours) / np.median(theirs)),
    }


def _seconds(call: Callable[[Vectors], object], asked: Vectors) -> float:
    began = time.perf_counter()
    call(asked)
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))

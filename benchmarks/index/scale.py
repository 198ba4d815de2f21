"""One process that measures the index at scale: ``python -m benchmarks.index.scale build|search``.

It prints its figures as JSON. Searching is pinned to one core; building may use two.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.index.data import CELLS, FILTERED, Data, K, load, recall
from index import ExactIndex, GrowingIndex, Growth

# Of a search, so many are not counted: the first ones meet cold caches.
_WARM_UP = 50
_WRITES = 500
# So many ready vectors are upserted, half of them new, so many at once.
_UPSERTS, _AT_ONCE = 4_000, 100
_MB = 2**20


def build(folder: Path, snapshot: Path) -> dict[str, Any]:
    """Build the index of all vectors, and save it."""
    data = load(folder)
    vectors = np.ascontiguousarray(data.vectors)
    ids = [f"made:{row:07}" for row in range(len(vectors))]
    began = time.perf_counter()
    index = GrowingIndex.build(ids, vectors, growth=_growth(len(ids)))
    index.settle()
    built = time.perf_counter()
    index.save(snapshot, metadata={})
    return {"build_s": built - began, "save_s": time.perf_counter() - built, "kind": index.kind}


def search(folder: Path, snapshot: Path) -> dict[str, Any]:
    """Load the index and search it, with and without filters; then change it."""
    data = load(folder)
    before = psutil.Process().memory_info().rss
    began = time.perf_counter()
    index, _ = GrowingIndex.load(snapshot)
    loaded = time.perf_counter()
    held = psutil.Process().memory_info().rss - before
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return {
        "load_s": loaded - began,
        "index_mb": held / _MB,
        "mb_on_disk": sum(path.stat().st_size for path in snapshot.iterdir()) / _MB,
        **_unfiltered(index, data),
        "cells": {str(cell): _filtered(index, data, cell) for cell in CELLS},
        **_writes(index, data),
    }


def _growth(count: int) -> Growth:
    usual = Growth()
    return usual if count > usual.exact_up_to else Growth(exact_up_to=count // 2)


def _unfiltered(index: GrowingIndex | ExactIndex, data: Data) -> dict[str, float]:
    took, found = [], []
    for query in data.queries:
        began = time.perf_counter()
        (hits,) = index.search_rows(query[None], k=K)
        took.append(time.perf_counter() - began)
        found.append(hits.rows)
    recalls = [recall(*each) for each in zip(found, data.nearest, strict=True)]
    return {
        "search_p50_ms": _ms(took[_WARM_UP:], 50),
        "search_p99_ms": _ms(took[_WARM_UP:], 99),
        "recall10": float(np.mean(recalls)),
    }


def _filtered(index: GrowingIndex | ExactIndex, data: Data, cell: Any) -> dict[str, float]:
    took, recalls, short = [], [], 0
    for query in range(FILTERED):
        mask = data.columns.mask(data.filter(cell, query))
        right = data.passing[str(cell)][query]
        asked = data.queries[query : query + 1]
        began = time.perf_counter()
        (hits,) = index.search_rows(asked, k=K, mask=mask)
        took.append(time.perf_counter() - began)
        recalls.append(recall(hits.rows, right))
        short += len(hits.rows) < int((right >= 0).sum())
    return {
        "p50_ms": _ms(took, 50),
        "p99_ms": _ms(took, 99),
        "recall10": float(np.mean(recalls)),
        "too_few": short,
    }


def _writes(index: GrowingIndex, data: Data) -> dict[str, float]:
    rows = np.random.default_rng(3).choice(len(index), 2 * _WRITES, replace=False)
    ids = index.ids_of(rows)
    changed, gone = ids[:_WRITES], ids[_WRITES:]
    return {
        "upserts_per_s": _upserts_per_s(index, data),
        "update_p50_ms": _each(
            lambda at: index.update([changed[at]], data.queries[at : at + 1]), _WRITES
        ),
        "delete_p50_ms": _each(lambda at: index.remove([gone[at]]), _WRITES),
    }


def _upserts_per_s(index: GrowingIndex, data: Data) -> float:
    rows = np.random.default_rng(4).choice(len(data.vectors), _UPSERTS, replace=False)
    held = index.ids_of(rows)
    ids = [f"new-{at}" if at % 2 else held[at] for at in range(_UPSERTS)]
    vectors = np.ascontiguousarray(data.vectors[np.sort(rows)])
    began = time.perf_counter()
    for start in range(0, _UPSERTS, _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        index.upsert(ids[some], vectors[some])
    return _UPSERTS / (time.perf_counter() - began)


def _each(call: Callable[[int], object], count: int) -> float:
    took = []
    for at in range(count):
        began = time.perf_counter()
        call(at)
        took.append(time.perf_counter() - began)
    return _ms(took, 50)


def _ms(took: list[float], percentile: float) -> float:
    return float(np.percentile(took, percentile) * 1000)


if __name__ == "__main__":
    _what, _folder, _snapshot = sys.argv[1:]
    _measure = {"build": build, "search": search}[_what]
    print(json.dumps(_measure(Path(_folder), Path(_snapshot))))

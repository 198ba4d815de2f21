"""Ten million learners on one core: ``python -m benchmarks.index.large``.

The vectors are made as those of ``benchmarks.index`` are, in parts that go straight into the index,
and the right answers are found exactly on the way: at ten million, float32 alone would be 15 GB.
The index is filled, saved, and then loaded and searched in a process of its own.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
from numpy.typing import NDArray

from benchmarks.bounds import write_json
from benchmarks.index.data import recall
from benchmarks.index.made import Maker
from benchmarks.index.preparing import Tell, prepare
from benchmarks.index.real import real_vectors
from index import GrowingIndex, Growth, Vectors

ROOT: Final = Path(__file__).parents[2]
CACHE: Final = ROOT / "build" / "bench-index"
OUT: Final = ROOT / "build" / "bench-index-large.json"
RESULT: Final = ROOT / "benchmarks" / "results" / "index-large.md"
MANY, K, QUERIES, WARM_UP = 10_000_000, 200, 300, 50
_PART: Final = 100_000
_HELD: Final = Growth().held_up_to
_GB: Final = 1e9


class Truth:
    """The nearest of all vectors that were seen, for each query. Shape: (q, dim) queries."""

    def __init__(self, queries: Vectors) -> None:
        self._queries = queries
        self.rows = np.full((len(queries), K), -1, np.int64)
        self._cosines = np.full((len(queries), K), -np.inf, np.float32)

    def see(self, first: int, vectors: Vectors) -> None:
        """Take up vectors whose rows begin at ``first``."""
        cosines = np.hstack([self._cosines, self._queries @ vectors.T])
        of_part = np.broadcast_to(np.arange(first, first + len(vectors)), (len(cosines), _PART))
        rows = np.hstack([self.rows, of_part])
        best = np.argpartition(-cosines, K - 1, axis=1)[:, :K]
        self._cosines = np.take_along_axis(cosines, best, axis=1)
        self.rows = np.take_along_axis(rows, best, axis=1)


def fill(source: Path, folder: Path, count: int, *, tell: Tell) -> dict[str, Any]:
    """Fill an index of so many made vectors, and save it with the queries and right answers."""
    facts = json.loads((prepare(source, CACHE, 100_000, tell=tell) / "facts.json").read_text())
    real = real_vectors(source, CACHE, tell=tell)
    maker = Maker(real)
    noise = facts["noise"]
    queries = maker.make(QUERIES, noise=noise, seed=2).vectors
    truth, index = Truth(queries), GrowingIndex(real.shape[1])
    filling = 0.0
    with index.growth_held():
        for first in range(0, count, _PART):
            vectors = maker.make(_PART, noise=noise, seed=1_000 + first // _PART).vectors
            truth.see(first, vectors)
            began = time.perf_counter()
            index.upsert([f"L{row:08}" for row in range(first, first + _PART)], vectors)
            if len(index) > _HELD:
                # Who fills an index waits for its codes, or exact vectors pile up meanwhile.
                index.settle()
            filling += time.perf_counter() - began
            tell(f"{first + _PART:,} of {count:,} learners, {index.kind}, {_resident():.1f} GB")
    began = time.perf_counter()
    index.settle()
    filling += time.perf_counter() - began
    tell("saving")
    began = time.perf_counter()
    index.save(folder / "snapshot", metadata={})
    np.savez(folder / "asked.npz", queries=queries, nearest=truth.rows)
    saved = time.perf_counter() - began
    return {"count": count, "kind": index.kind, "fill_s": filling, "save_s": saved, **facts}


def search(folder: Path) -> dict[str, Any]:
    """Load the index and search it on one core."""
    asked = np.load(folder / "asked.npz")
    before, began = _resident(), time.perf_counter()
    index, _ = GrowingIndex.load(folder / "snapshot")
    load_s, held = time.perf_counter() - began, _resident() - before
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    took, recalls = [], []
    for query, right in zip(asked["queries"], asked["nearest"], strict=True):
        began = time.perf_counter()
        (hits,) = index.search_rows(query[None], k=K)
        took.append((time.perf_counter() - began) * 1000)
        recalls.append(_recall(index, hits.rows, right))
    p50, p99 = np.percentile(took[WARM_UP:], [50, 99]).tolist()
    return {
        "load_s": load_s,
        "index_gb": held,
        "search_p50_ms": p50,
        "search_p99_ms": p99,
        "recall200": float(np.mean(recalls)),
        "gb_on_disk": sum(path.stat().st_size for path in (folder / "snapshot").iterdir()) / _GB,
    }


def page(figures: dict[str, Any]) -> str:
    """Return the report."""
    low, high = figures["machine_load"]
    return "\n".join(
        [
            "# Ten million learners in one index",
            "",
            "Written by `make bench-index-large`, once; vectors as those of `make bench-index`.",
            f"The machine's load average was {low:.0f} to {high:.0f} on {os.cpu_count()} cores.",
            "",
            "| figure | seen | bound |",
            "|---|---|---|",
            f"| vectors of {figures['dim']} components | {figures['count']:,} | 10,000,000 |",
            f"| resident memory of the loaded index | {figures['index_gb']:.2f} GB | 5 GB |",
            f"| search of the {K} nearest on one core, p50 | {figures['search_p50_ms']:.1f} ms | |",
            f"| the same, p99 | {figures['search_p99_ms']:.1f} ms | 60 ms |",
            f"| recall@{K} against exact float32 | {figures['recall200']:.4f} | 0.95 |",
            f"| load | {figures['load_s']:.1f} s | |",
            f"| on the disk | {figures['gb_on_disk']:.2f} GB | |",
            f"| filling, training and training anew included | {figures['fill_s']:,.0f} s | |",
            "",
        ]
    )


def _recall(index: GrowingIndex, rows: NDArray[np.int64], right: NDArray[np.int64]) -> float:
    # A snapshot may number rows anew; the ids say which they were.
    found = np.array([int(each[1:]) for each in index.ids_of(rows)], np.int64)
    return recall(found, right)


def _resident() -> float:
    return float(psutil.Process().memory_info().rss) / _GB


def main() -> int:
    """Measure, and write the figures and the page; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--count", type=int, default=MANY, help=f"a multiple of {_PART:,}")
    parser.add_argument("--search", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.search:
        print(json.dumps(search(chosen.search)))
        return 0
    began, load = time.monotonic(), [os.getloadavg()[0]]

    def tell(what: str) -> None:
        load.append(os.getloadavg()[0])
        print(f"{time.monotonic() - began:6.0f} s  {what}", file=sys.stderr, flush=True)

    folder = CACHE / f"large-{chosen.count}"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "filled.json"
    if not kept.exists():
        write_json(kept, fill(chosen.data, folder, chosen.count, tell=tell))
    tell("loading and searching it in a process of its own")
    words = ["-m", "benchmarks.index.large", "--search", str(folder)]
    told = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, *words], cwd=ROOT, check=True, capture_output=True, text=True
    )
    filled, found = json.loads(kept.read_text()), json.loads(told.stdout.splitlines()[-1])
    figures = {"dim": 384, **filled, **found, "machine_load": [min(load), max(load)]}
    write_json(OUT, figures)
    if chosen.count == MANY:
        RESULT.write_text(page(figures), encoding="utf-8")
    tell(f"written to {OUT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

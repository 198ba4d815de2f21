"""Scoring systems on tasks: one row per task, query, metric and system, and comparing two runs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.bootstrap import paired
from training.encoders import Encode
from training.metrics import Metric, Scores, score_queries
from training.tasks import Task

Rank = Callable[[Sequence[str], Sequence[str]], NDArray[np.float32]]
KEYS: Final = ("task", "query", "metric")


class System(StrEnum):
    """What ranks the targets of a query.

    ``FLOAT`` is the model before its quantization.
    """

    MODEL = "model"
    BASE = "base"
    TFIDF = "tfidf"
    BM25 = "bm25"
    FLOAT = "float"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How the first run differs from the second on one task and metric."""

    task: str
    metric: str
    queries: int
    first: float
    second: float
    difference: float
    low: float
    high: float
    p_value: float


def by_vectors(encode: Encode) -> Rank:
    """Return the ranking by the similarity of an encoder's vectors."""
    return lambda queries, targets: encode(queries) @ encode(targets).T


def score_task(task: Task, systems: Mapping[System, Rank]) -> Iterator[pl.DataFrame]:
    """Yield the scores of each system: task, query (its number), metric, model, score."""
    for system, rank in systems.items():
        similarities = rank(task.queries, task.targets)
        found = score_queries(similarities, task.relevant, task.metrics)
        for metric, scores in found.items():
            yield pl.DataFrame(
                {
                    "task": [task.name] * len(scores),
                    "query": np.arange(len(scores), dtype=np.int32),
                    "metric": [metric.value] * len(scores),
                    "model": [system.value] * len(scores),
                    "score": scores,
                }
            )


def scores_of(frame: pl.DataFrame, task: str, metric: Metric, system: System) -> Scores:
    """Return the scores of a system in the order of the queries; empty if it has none."""
    found = frame.filter(task=task, metric=metric.value, model=system.value).sort("query")
    return found["score"].to_numpy()


def compare(first: Path, second: Path) -> pl.DataFrame:
    """Compare the model of two score files on all queries that both have: task by metric.

    A difference above 0 is in favor of the first.
    """
    both = _of_model(first).join(_of_model(second), on=KEYS, suffix="_second").sort(KEYS)
    groups = both.group_by("task", "metric", maintain_order=True)
    rows = [asdict(_comparison(str(task), str(metric), group)) for (task, metric), group in groups]
    return pl.DataFrame(rows)


def _of_model(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path).filter(model=System.MODEL.value).select(*KEYS, "score")


def _comparison(task: str, metric: str, rows: pl.DataFrame) -> Comparison:
    first, second = rows["score"].to_numpy(), rows["score_second"].to_numpy()
    difference = paired(first, second)
    return Comparison(
        task=task,
        metric=metric,
        queries=len(first),
        first=float(first.mean()),
        second=float(second.mean()),
        difference=difference.value,
        low=difference.low,
        high=difference.high,
        p_value=difference.p_value,
    )

"""Metrics of ranking as WorkRB defines them (https://github.com/techwolf-ai/workrb)."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ranks = NDArray[np.int64]
Scores = NDArray[np.float64]


class Metric(StrEnum):
    """How good a ranking of all targets is for one query, in [0, 1]; higher is better."""

    MAP = "map"
    MRR = "mrr"
    RP_AT_5 = "rp@5"
    RP_AT_10 = "rp@10"
    RECALL_AT_10 = "recall@10"
    RECALL_AT_100 = "recall@100"
    NDCG_AT_10 = "ndcg@10"


def score_queries(
    similarities: NDArray[np.floating],
    relevant: Sequence[frozenset[int]],
    metrics: Sequence[Metric],
) -> dict[Metric, Scores]:
    """Return the scores of each query that has a relevant target; the others are skipped.

    Targets of equal similarity rank in their order. Shape of ``similarities``: ``(queries,
    targets)``; of each result: ``(queries with a relevant target,)``.
    """
    ranks = [
        ranks_of(row, sorted(targets))
        for row, targets in zip(similarities, relevant, strict=True)
        if targets
    ]
    return {
        metric: np.array([_OF_RANKS[metric](each) for each in ranks], np.float64)
        for metric in metrics
    }


def ranks_of(similarities: NDArray[np.floating], targets: Sequence[int]) -> Ranks:
    """Return the ranks that some targets of one query have among all, the best first, from 1.

    Only they are counted: to sort values is many times faster than to sort rows by values.
    """
    rows = np.asarray(targets, np.int64)
    values, ordered = similarities[rows], np.sort(similarities)
    not_above = np.searchsorted(ordered, values, side="right")
    equal = not_above - np.searchsorted(ordered, values, side="left")
    ranks = len(ordered) - not_above + 1
    for at in np.flatnonzero(equal > 1):
        ranks[at] += np.count_nonzero(similarities[: rows[at]] == values[at])
    ranks.sort()
    return ranks


def average_precision(ranks: Ranks) -> float:
    """Return the mean, over relevant targets, of the precision at the rank of each."""
    return float(np.mean(np.arange(1, len(ranks) + 1) / ranks))


def reciprocal_rank(ranks: Ranks) -> float:
    """Return one divided by the rank of the first relevant target."""
    return float(1.0 / ranks[0])


def r_precision(ranks: Ranks, k: int) -> float:
    """Return the hits in the top ``k`` as a share of those that can be there."""
    return _hits(ranks, k) / min(k, len(ranks))


def recall(ranks: Ranks, k: int) -> float:
    """Return the share of the relevant targets that are in the top ``k``."""
    return _hits(ranks, k) / len(ranks)


def ndcg(ranks: Ranks, k: int) -> float:
    """Return the discounted gain of the top ``k`` as a share of the best possible one."""
    best = np.arange(1, min(k, len(ranks)) + 1)
    return float(_gain(ranks[ranks <= k]) / _gain(best))


def _hits(ranks: Ranks, k: int) -> int:
    return int(np.count_nonzero(ranks <= k))


def _gain(ranks: Ranks) -> float:
    return float(np.sum(1.0 / np.log2(ranks + 1.0)))


_OF_RANKS: Final[Mapping[Metric, Callable[[Ranks], float]]] = MappingProxyType(
    {
        Metric.MAP: average_precision,
        Metric.MRR: reciprocal_rank,
        Metric.RP_AT_5: lambda ranks: r_precision(ranks, 5),
        Metric.RP_AT_10: lambda ranks: r_precision(ranks, 10),
        Metric.RECALL_AT_10: lambda ranks: recall(ranks, 10),
        Metric.RECALL_AT_100: lambda ranks: recall(ranks, 100),
        Metric.NDCG_AT_10: lambda ranks: ndcg(ranks, 10),
    }
)

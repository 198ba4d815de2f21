"""What words find that vectors do not: both alone and fused, on the tasks of job ads."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.word_peers import SEARCHERS, Searcher
from embeddings import load_encoder
from service.indexing.holders import VECTORS_FOR_A_WORD
from service.indexing.words import Words
from training.metrics import Metric, score_queries
from training.tasks.jobs import job_tasks
from training.tasks.task import Task

# Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009), with their constant.
RRF = 60
FOUND = 20
_FEW = 16
Scores = NDArray[np.float64]


class Quality(NamedTuple):
    """How well one way ranks: nDCG@10, and the share of what is right among the first 20."""

    task: str
    system: str
    ndcg: float
    found: float


def quality(data: Path) -> Iterator[Quality]:
    """Yield how well each way ranks, alone and fused with our vectors."""
    encoder = load_encoder()
    for task in job_tasks(data):
        vectors = encoder.encode(list(task.queries)) @ encoder.encode(list(task.targets)).T
        vector = np.asarray(vectors, dtype=np.float64)
        yield _judged(task, "vector", vector)
        for name, make in SEARCHERS.items():
            try:
                words = _by_rank(make(task.targets), task.queries, len(task.targets))
            except ModuleNotFoundError:
                continue
            yield _judged(task, name, words)
        ours = _scores(task.targets, task.queries)
        yield _judged(task, "RRF", _rrf(vector) + _rrf(ours))
        for share in (0.3, 0.5):
            both = (1 - share) * _from_0_to_1(vector) + share * _from_0_to_1(ours)
            yield _judged(task, f"sum, {share} of words", both)
        yield _judged(task, "16 by vector + 4 by word", _united(vector, ours))


def _judged(task: Task, system: str, scores: Scores) -> Quality:
    ndcg = score_queries(scores, task.relevant, [Metric.NDCG_AT_10])[Metric.NDCG_AT_10]
    first = np.argsort(-scores, axis=1, kind="stable")[:, :FOUND].tolist()
    found = [
        len(right & set(rows)) / len(right)
        for right, rows in zip(task.relevant, first, strict=True)
    ]
    return Quality(task.name, system, float(ndcg.mean()), float(np.mean(found)))


def _united(vector: Scores, words: Scores) -> Scores:
    """Return the order in which retrieval takes: the best by vector, then the best by word."""
    by_vector, by_word = (_ranks(scores) for scores in (vector, words))
    taken = (by_vector <= _FEW) | (by_word <= _FEW // VECTORS_FOR_A_WORD)
    return np.where(taken, 1.0 / by_vector, 0.0)


def _by_rank(searcher: Searcher, queries: Sequence[str], count: int) -> Scores:
    """Return scores that fall with the rank, 0 for what was not found."""
    result = np.zeros((len(queries), count))
    for row, query in enumerate(queries):
        found = searcher.search(query, k=count)
        result[row, found] = 1.0 / np.arange(1, len(found) + 1)
    return result


def _scores(texts: Sequence[str], queries: Sequence[str]) -> Scores:
    words = Words()
    words.put(range(len(texts)), texts)
    return np.stack([words.scores(query, count=len(texts)) for query in queries])


def _ranks(scores: Scores) -> NDArray[np.int64]:
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks: NDArray[np.int64] = np.argsort(order, axis=1) + 1
    return ranks


def _rrf(scores: Scores) -> Scores:
    return 1.0 / (RRF + _ranks(scores))


def _from_0_to_1(scores: Scores) -> Scores:
    least = scores.min(axis=1, keepdims=True)
    result: Scores = (scores - least) / (np.ptp(scores, axis=1, keepdims=True) + 1e-9)
    return result

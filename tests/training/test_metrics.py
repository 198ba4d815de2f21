"""Metrics of ranking: values by hand, and the same as a plain reading of their definitions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from training.metrics import Metric, ranks_of, score_queries

TARGETS = 12


def scored(similarities: list[float], relevant: set[int], metric: Metric) -> float:
    row = np.array([similarities], np.float32)
    return float(score_queries(row, [frozenset(relevant)], [metric])[metric][0])


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        # Of six targets ranked 0, 1, 2, 3, 4, 5, those at ranks 2, 3 and 6 are relevant.
        (Metric.MAP, (1 / 2 + 2 / 3 + 3 / 6) / 3),
        (Metric.MRR, 1 / 2),
        (Metric.RP_AT_5, 2 / 3),
        (Metric.RP_AT_10, 1.0),
        (Metric.RECALL_AT_10, 1.0),
        (
            Metric.NDCG_AT_10,
            (1 / math.log2(3) + 1 / math.log2(4) + 1 / math.log2(7))
            / (1 + 1 / math.log2(3) + 1 / math.log2(4)),
        ),
    ],
)
def test_each_metric_has_the_value_of_its_definition(metric: Metric, expected: float) -> None:
    value = scored([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], {1, 2, 5}, metric)

    assert value == pytest.approx(expected)


def test_the_precision_at_five_can_be_perfect_with_more_relevant_targets_than_five() -> None:
    falling = [1 - row / TARGETS for row in range(TARGETS)]

    assert scored(falling, set(range(8)), Metric.RP_AT_5) == 1.0
    assert scored(falling, set(range(2, 10)), Metric.RP_AT_5) == pytest.approx(3 / 5)
    assert scored(falling, set(range(11)), Metric.RECALL_AT_10) == pytest.approx(10 / 11)


def test_a_query_without_a_relevant_target_is_skipped() -> None:
    similarities = np.array([[0.1, 0.2], [0.3, 0.1], [0.2, 0.4]], np.float32)

    found = score_queries(similarities, [frozenset({0}), frozenset(), frozenset({1})], [Metric.MRR])

    assert found[Metric.MRR].tolist() == [0.5, 1.0]


def test_targets_of_equal_similarity_rank_in_their_order() -> None:
    similarities = np.array([0.5, 0.0, 0.5, 0.5, 0.9], np.float32)

    assert ranks_of(similarities, [3]).tolist() == [4]
    assert ranks_of(similarities, [0, 2]).tolist() == [2, 3]


@given(
    values=st.lists(st.integers(0, 4), min_size=TARGETS, max_size=TARGETS),
    targets=st.sets(st.integers(0, TARGETS - 1), min_size=1),
)
def test_ranks_are_those_of_a_stable_sort(values: list[int], targets: set[int]) -> None:
    similarities: NDArray[np.float32] = np.array(values, np.float32)
    order = np.argsort(-similarities, kind="stable")

    ranks = ranks_of(similarities, sorted(targets))

    assert ranks.tolist() == [rank for rank, row in enumerate(order, start=1) if row in targets]

"""Similar: the formulas of both strategies, by value."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from service.errors import InvalidQuestion
from service.matching.ports import Vectors
from service.matching.similar import Strategy, average_vector, rank_similar

NONE = np.empty((0, 2), dtype=np.float32)


def at(*degrees: float) -> Vectors:
    turned = np.radians(degrees)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def things(queries: Vectors) -> Sequence[Mapping[str, float]]:
    """Answer with the cosines of things that stand at angles on a circle."""
    vectors = at(0, 20, 50, 90, 180)
    names = ("east", "near-east", "between", "north", "west")
    return [dict(zip(names, (vectors @ query).tolist(), strict=True)) for query in queries]


def cosine(degrees: float) -> object:
    return pytest.approx(np.cos(np.radians(degrees)), abs=1e-6)


def test_the_average_is_twice_the_mean_of_the_ones_minus_the_mean_of_the_others() -> None:
    found = average_vector(at(0, 90), at(0))

    assert found.tolist() == pytest.approx([0.0, 1.0], abs=1e-6)
    assert average_vector(at(0, 90), NONE).tolist() == pytest.approx([0.5**0.5] * 2, abs=1e-6)


def test_by_average_what_is_nearest_to_the_middle_comes_first() -> None:
    ranked = rank_similar(at(0, 90), NONE, Strategy.AVERAGE_VECTOR, things)

    assert [name for name, _ in ranked] == ["between", "near-east", "east", "north", "west"]
    assert dict(ranked)["between"] == cosine(5)


def test_by_best_score_one_near_example_is_enough() -> None:
    ranked = rank_similar(at(0, 90), NONE, Strategy.BEST_SCORE, things)

    assert [name for name, _ in ranked] == ["east", "north", "near-east", "between", "west"]
    assert dict(ranked)["between"] == cosine(40)


def test_by_best_score_what_is_nearer_to_a_negative_comes_last_least_like_it_first() -> None:
    ranked = rank_similar(at(90), at(0), Strategy.BEST_SCORE, things)

    assert [name for name, _ in ranked] == ["north", "between", "west", "near-east", "east"]
    assert dict(ranked)["east"] == cosine(90)


def test_examples_that_cancel_each_other_out_are_refused() -> None:
    with pytest.raises(InvalidQuestion, match="cancel each other out") as refused:
        rank_similar(at(0, 180), NONE, Strategy.AVERAGE_VECTOR, things)

    assert refused.value.field == "positive"

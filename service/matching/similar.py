"""Similar: what is like some examples, and unlike others."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import numpy as np

from service.errors import InvalidQuestion
from service.matching.ports import Vectors

Cosines = Callable[[Vectors], Sequence[Mapping[str, float]]]

_NOTHING = 1e-6


class Strategy(StrEnum):
    """How several examples become one order; as Qdrant's recommendations define them."""

    AVERAGE_VECTOR = "average_vector"
    BEST_SCORE = "best_score"


def rank_similar(
    positive: Vectors, negative: Vectors, strategy: Strategy, cosines: Cosines
) -> list[tuple[str, float]]:
    """Return ids with their similarity, a cosine in [-1, 1], most alike first, ties by id.

    Args:
        positive: float32 ``(n, dim)``, what it should be like; at least one.
        negative: float32 ``(m, dim)``, what it should not be like; may be empty.
        strategy: ``average_vector``: by the cosine with ``2 mean(positive) - mean(negative)``
            (``mean(positive)`` without a negative), normalized. ``best_score``: by the cosine
            with the nearest positive; those that are no nearer to it than to the nearest
            negative come after all others, the least like that negative first.
        cosines: gives for each row of vectors the cosine of every id.

    Raises:
        InvalidQuestion: if the examples cancel each other out.
    """
    if strategy is Strategy.AVERAGE_VECTOR:
        [found] = cosines(average_vector(positive, negative)[None, :])
        return sorted(found.items(), key=lambda item: (-round(item[1], 6), item[0]))
    found_all = cosines(np.concatenate([positive, negative]))
    return _by_best(found_all[: len(positive)], found_all[len(positive) :])


def average_vector(positive: Vectors, negative: Vectors) -> Vectors:
    """Return float32 ``(dim,)``, unit length: twice the mean of the ones minus the others'.

    Raises:
        InvalidQuestion: if nothing is left of it.
    """
    mean = positive.mean(axis=0, dtype=np.float64)
    wanted = 2 * mean - negative.mean(axis=0, dtype=np.float64) if len(negative) else mean
    length = float(np.linalg.norm(wanted))
    if length < _NOTHING:
        raise InvalidQuestion(
            "The examples cancel each other out; name others, or take `best_score`.",
            field="positive",
        )
    result: Vectors = (wanted / length).astype(np.float32)
    return result


def _by_best(
    positive: Sequence[Mapping[str, float]], negative: Sequence[Mapping[str, float]]
) -> list[tuple[str, float]]:
    best = {each: max(near[each] for near in positive) for each in positive[0]}
    worst = {each: max((near[each] for near in negative), default=-2.0) for each in best}

    def order(each: str) -> tuple[bool, float, str]:
        wanted = best[each] > worst[each]
        return not wanted, round(-best[each] if wanted else worst[each], 6), each

    return [(each, best[each]) for each in sorted(best, key=order)]

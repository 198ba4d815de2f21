"""What stands beside Onramp in the gap protocol: lists that need no skills."""

from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from benchmarks.matching.catalog import Tagged
from benchmarks.matching.gap_cases import GapCase
from benchmarks.matching.gap_metrics import K
from training.baselines import tfidf
from training.encoders import Encode

SEED = 7
HELD_SHARE = 0.5

Score = Callable[[GapCase], NDArray[np.floating]]
Lists = list[list[int]]


class System(StrEnum):
    """What lists credentials for a learner."""

    ONRAMP = "onramp"
    NEAREST = "nearest"
    NEAREST_BASE = "nearest_base"
    NEAREST_MINUS_HELD = "nearest_minus_held"
    TFIDF = "tfidf"
    POPULARITY = "popularity"
    RANDOM = "random"
    TAGS_KNOWN = "tags_known"


def baselines(
    catalog: Sequence[Tagged], cases: Sequence[GapCase], *, ours: Encode, base: Encode
) -> dict[System, Lists]:
    """Return the lists of every system but Onramp, ten rows for each case.

    ``TAGS_KNOWN`` is no baseline but the ceiling: by marginal gain, with all tags known.
    """
    titles = [each.seen.name for each in catalog]
    near, near_base, letters = (
        _pairwise(ours(titles)),
        _pairwise(base(titles)),
        tfidf(titles, titles),
    )
    reviews = np.array([each.reviews for each in catalog])
    chance = np.random.default_rng(SEED)

    def minus_held(case: GapCase) -> NDArray[np.floating]:
        left: NDArray[np.floating] = near[case.target] - HELD_SHARE * near[list(case.held)].mean(
            axis=0
        )
        return left

    scores: dict[System, Score] = {
        System.NEAREST: lambda case: near[case.target],
        System.NEAREST_BASE: lambda case: near_base[case.target],
        System.NEAREST_MINUS_HELD: minus_held,
        System.TFIDF: lambda case: letters[case.target],
        System.POPULARITY: lambda _: reviews,
        System.RANDOM: lambda _: chance.random(len(catalog)),
    }
    lists = {name: [best(score(case), case) for case in cases] for name, score in scores.items()}
    return {**lists, System.TAGS_KNOWN: [known(case) for case in cases]}


def best(scores: NDArray[np.floating], case: GapCase) -> list[int]:
    """Return the ten allowed rows with the highest scores, ties by row."""
    allowed = np.where(case.allowed, scores, -np.inf)
    return [int(row) for row in np.argsort(-allowed, kind="stable")[:K]]


def known(case: GapCase) -> list[int]:
    """Return ten rows, each the one that covers most of what is left of the gap, then most."""
    left, ranked = np.ones(case.covers.shape[1], dtype=np.bool_), list[int]()
    for _ in range(K):
        marginal = (case.covers & left).sum(axis=1) + case.gains / 2
        marginal[[*ranked, case.target, *case.held]] = -1
        row = int(marginal.argmax())
        ranked.append(row)
        left &= ~case.covers[row]
    return ranked


def _pairwise(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    similarities: NDArray[np.float32] = vectors @ vectors.T
    return similarities

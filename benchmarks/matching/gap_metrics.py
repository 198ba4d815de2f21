"""How good a list of credentials is for a gap."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.matching.gap_cases import Floats, GapCase

K = 10
FIRST = 3


class GapScores(NamedTuple):
    """The scores of one system, each ``(cases,)`` in [0, 1]; redundancy is better lower."""

    ndcg10: Floats
    cover3: Floats
    redundancy10: Floats


def score_lists(cases: Sequence[GapCase], lists: Sequence[Sequence[int]]) -> GapScores:
    """Return the scores of a list of rows, best first, for each case."""
    pairs = list(zip(cases, lists, strict=True))
    return GapScores(
        np.array([ndcg(case.gains, ranked) for case, ranked in pairs]),
        np.array([cover(case, ranked) for case, ranked in pairs]),
        np.array([redundancy(case.gains, ranked) for case, ranked in pairs]),
    )


def ndcg(gains: Floats, ranked: Sequence[int], *, k: int = K) -> float:
    """Return the discounted gain of the first ``k`` as a share of the best possible one.

    Graded, with linear gains (Järvelin and Kekäläinen, 2002).
    """
    discounts = 1.0 / np.log2(np.arange(k) + 2.0)
    found = gains[np.asarray(ranked[:k], dtype=np.int64)]
    best = np.sort(gains)[::-1][:k]
    ideal = float(best @ discounts[: len(best)])
    return float(found @ discounts[: len(found)]) / ideal if ideal else 0.0


def cover(case: GapCase, ranked: Sequence[int]) -> float:
    """Return the share of the gap that the first three cover together."""
    return float(case.covers[list(ranked[:FIRST])].any(axis=0).mean())


def redundancy(gains: Floats, ranked: Sequence[int]) -> float:
    """Return the share of the first ten places that cover nothing; empty places do not either."""
    return 1.0 - float(np.count_nonzero(gains[list(ranked[:K])] > 0)) / K

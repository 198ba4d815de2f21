"""Which lists a search visits, by what the filter lets pass and where that lies."""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.protocol import Mask, Rows, Vectors
from index.training import Reach

# So many are always compared one by one: under 2 ms on one core, and nothing is missed.
FEW = 4_000
# Where a filter keeps the surroundings of the query out, so many that pass, or so many times k, are
# compared to know how near the nearest of them are; then all lists where nearer ones may lie.
_FIRST, _FIRST_PER_K = 1_000, 20
# Residuals reach so many times as far as if they were normally distributed, because vectors come in
# groups. Measured: docs/index.md.
_TAIL = 1.35
# So many times k have to be expected to pass where a search ends, because a sample tells it.
_SURE = 1.5
# A filter stands against the query when its surroundings hold less than this of the share that
# passes elsewhere. Then what passes in a list is what lies far from the query in it.
_AGAINST = 0.5
# Up to so many that pass are counted in their lists; of more, a sample tells where they are.
_COUNTED = 30_000
_SAMPLE = 32_768
# The golden ratio is the number that fractions approach worst, so no regular pattern shares it.
# Ascending, because memory is read much faster that way.
_STEPS = np.sort(np.arange(_SAMPLE) * ((np.sqrt(5) - 1) / 2) % 1)


class Way(StrEnum):
    """How a filtered answer is found."""

    FEW = "few"
    NEAR = "near"
    FAR = "far"


class Plan(NamedTuple):
    """The lists to visit, nearest first, and why these. Shape: lists (n,)."""

    way: Way
    lists: Rows


class Passing(NamedTuple):
    """What a filter lets pass: how many in all, and how many in each list, about.

    Shape: ``by_list`` (lists,).
    """

    total: int
    by_list: NDArray[np.float64]


def passing(eligible: Mask, list_of: NDArray[np.int32], *, lists: int) -> Passing:
    """Count what a filter lets pass.

    Shape: eligible (rows,); list_of at most as many, -1 for a row in no list.
    """
    count = int(np.count_nonzero(eligible))
    if count <= _COUNTED:
        rows, stands_for = np.flatnonzero(eligible), 1.0
    else:
        asked = _sampled(len(eligible))
        rows, stands_for = asked[eligible[asked]], len(eligible) / len(asked)
    # Counted from 1 on: rows that are in no list have -1, or are newer than all that are.
    where = np.zeros(len(rows), dtype=np.int64)
    known = rows < len(list_of)
    where[known] = list_of[rows[known]] + 1
    met = np.bincount(where, minlength=lists + 1)[1:].astype(np.float64)
    return Passing(count, met * stands_for)


def plan(order: Rows, found: Passing | None, *, k: int, reach: Reach, sizes: Rows) -> Plan:
    """Choose the lists for one query.

    Args:
        order: the lists, nearest first.
        found: what the filter lets pass; none without a filter.
        k: how many are asked for.
        reach: how many lists hold the nearest neighbors.
        sizes: how many vectors each list holds.
    """
    size = max(1, int(sizes.sum()))
    if found is None:
        if size <= FEW:
            return Plan(Way.FEW, order)
        return Plan(Way.NEAR, order[: reach.lists_for(k, of=len(order))])
    by_list = found.by_list[order]
    if found.total <= FEW:
        return Plan(Way.FEW, order[by_list > 0])
    # Of so many nearest neighbors so many pass, by where they lie and what passes there.
    expected = reach.depths * (reach.spread @ (by_list / np.maximum(sizes[order], 1)))
    against = expected[:1] < _AGAINST * found.total / size * reach.depths[:1]
    deep = np.flatnonzero(expected >= _SURE * k)
    if len(deep) and not against:
        return Plan(Way.NEAR, order[: int(reach.lists[deep[0]])])
    first = max(_FIRST, _FIRST_PER_K * k)
    return Plan(Way.FAR, order[: int(np.searchsorted(np.cumsum(by_list), first)) + 1])


def further(
    cosines: Vectors, found: Passing, visited: Rows, *, worst: float, scatter: float, missed: float
) -> Rows:
    """Choose the lists where more may be better than the worst of the best so far.

    Seen along the query, vectors lie around their center as if normally distributed; the bound
    exp(-z²/2) / 2 on what lies beyond z standard deviations (Chernoff) then tells how many better
    ones a list may hold.

    Args:
        cosines: of the query with each center. Shape: (lists,).
        found: what the filter lets pass.
        visited: the lists that were scanned.
        worst: the similarity that a vector has to exceed.
        scatter: how far vectors lie from their center, seen along a query.
        missed: so many better ones may be left, about.
    """
    away = np.maximum((worst - cosines) / (_TAIL * scatter), 0)
    better = found.by_list * np.exp(-(away**2) / 2) / 2
    better[visited] = 0
    order = np.argsort(-better, kind="stable")
    left = np.cumsum(better[order][::-1])[::-1]
    chosen: Rows = order[: int(np.count_nonzero(left > missed))]
    return chosen


def _sampled(count: int) -> Rows:
    """Return rows that are spread evenly."""
    rows: Rows = (_STEPS * count).astype(np.int64)
    return rows

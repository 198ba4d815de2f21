"""Which lists a search visits, by what the filter lets pass and where that lies."""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.protocol import Mask, Rows
from index.training import Reach

# So many are always compared one by one: under 2 ms on one core, and nothing is missed.
FEW = 4_000
# Where a filter keeps the surroundings of the query out, so many that pass are compared before
# a search ends. Measured: docs/index.md.
FAR = 40_000
# So many times k have to be expected to pass where a search ends, because a sample tells it;
# and where the surroundings of the query hold less than this of the share that passes elsewhere,
# so many times: then what passes in a list is what lies far from the query in it. Measured:
# docs/index.md.
_SURE, _AGAINST, _SURE_AGAINST = 1.5, 0.5, 50
# Where what passes lies is counted in a sample of the rows.
_SAMPLE = 16_384
# The golden ratio is the number that fractions approach worst, so no regular pattern shares it.
_STEPS = np.arange(_SAMPLE) * ((np.sqrt(5) - 1) / 2) % 1


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
    """What a filter lets pass: how many, in which lists, and the share of each list.

    Shape: ``holding`` (lists,) which lists hold any, known when ``count`` is at most ``FEW``;
    ``passing`` and ``seen`` (lists,): of how many sampled rows how many pass.
    """

    count: int
    holding: Mask | None
    passing: NDArray[np.int64]
    seen: NDArray[np.int64]


def passing(eligible: Mask, list_of: NDArray[np.int32], *, lists: int) -> Passing:
    """Count what a filter lets pass. Shape: eligible and list_of (rows,), list -1 for none."""
    count = int(np.count_nonzero(eligible))
    nothing = np.zeros(0, np.int64)
    if count <= FEW:
        where = list_of[np.flatnonzero(eligible)]
        holding = np.bincount(where[where >= 0], minlength=lists) > 0
        return Passing(count, holding, nothing, nothing)
    rows = _sampled(len(eligible))
    # Counted from 1 on, because rows that are in no list have -1.
    where = list_of[rows] + 1
    seen = np.bincount(where, minlength=lists + 1)[1:]
    return Passing(count, None, np.bincount(where[eligible[rows]], minlength=lists + 1)[1:], seen)


def plan(order: Rows, found: Passing | None, *, k: int, reach: Reach, size: int) -> Plan:
    """Choose the lists for one query.

    Args:
        order: the lists, nearest first.
        found: what the filter lets pass; none without a filter.
        k: how many are asked for.
        reach: how many lists hold the nearest neighbors.
        size: how many vectors the lists hold.
    """
    if found is None:
        if size <= FEW:
            return Plan(Way.FEW, order)
        return Plan(Way.NEAR, order[: reach.lists_for(k, of=len(order))])
    if found.holding is not None:
        return Plan(Way.FEW, order[found.holding[order]])
    passing, seen = found.passing[order], found.seen[order]
    share = found.count / size
    shares = np.where(seen > 0, passing / np.maximum(seen, 1), share)
    # Of so many nearest neighbors so many pass, by where they lie and what passes there.
    expected = reach.depths * (reach.spread @ shares)
    sure = _SURE if expected[:1] >= _AGAINST * share * reach.depths[:1] else _SURE_AGAINST
    deep = np.flatnonzero(expected >= sure * k)
    if len(deep):
        return Plan(Way.NEAR, order[: int(reach.lists[deep[0]])])
    wanted = FAR * passing.sum() / found.count
    return Plan(Way.FAR, order[: int(np.searchsorted(np.cumsum(passing), wanted)) + 1])


def _sampled(count: int) -> Rows:
    """Return rows that are spread evenly."""
    if count <= _SAMPLE:
        return np.arange(count)
    rows: Rows = (_STEPS * count).astype(np.int64)
    return rows

"""Marginal gain: a list chosen item by item, each valued by what it still adds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.matching.scoring import Floats
from service.matching.shortlist import Shares

# Sums in another order differ by less than this; what differs by no more is a tie, and goes by id.
_TIE_DIGITS = 9


class Pick(NamedTuple):
    """A row of the shortlist, with the share of the need that it added when it was chosen."""

    row: int
    marginal_gain: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Menu:
    """What a list is chosen from; rows stand by ascending id.

    Attributes:
        taught: float64 ``(n, r)`` in [0, 1].
        need: float32 ``(r,)``.
        rest: float64 ``(n,)``: what a row is worth whatever else is on the list.
        gap_weight: how much the share that it adds counts beside that.
        gap_exponent: to which power the share counts.
        groups: a group for each row, of which a list has ``max_per_group`` rows at the most;
            none where that is not limited.
        tiers: int64 ``(n,)``: rows of a lower tier are chosen first; those below 0 never.
    """

    taught: Shares
    need: Floats
    rest: Shares
    gap_weight: float
    gap_exponent: float
    groups: Sequence[str]
    max_per_group: int | None
    tiers: NDArray[np.int64]


def pick(menu: Menu, *, first: Sequence[int], limit: int) -> list[Pick]:
    """Return a list of rows, ``first`` ones in their order, then by marginal gain.

    A requirement that items before have taught counts with what they have left open, the
    product of ``1 - taught`` (noisy-or). Greedy choice comes within ``1 - 1/e`` of the best
    list of that length (Nemhauser, Wolsey and Fisher 1978).
    """
    open_need = _shares_of(menu.need)
    counts: Counter[str] = Counter()
    left = menu.tiers >= 0
    left[list(first)] = False
    picks: list[Pick] = []

    def take(row: int) -> None:
        nonlocal open_need
        picks.append(Pick(row, float(menu.taught[row] @ open_need)))
        open_need = left_after(open_need, menu.taught[row])
        left[row] = False
        if menu.groups:
            counts[menu.groups[row]] += 1

    for row in first:
        take(row)
    while len(picks) < limit:
        best = _best(menu, open_need, _allowed(menu, left, counts))
        if best is None:
            break
        take(best)
    return picks


def left_after(need: Shares, taught: Shares) -> Shares:
    """Return what is left of a need once an item that teaches so much of it is on the list."""
    return np.asarray(need * (1.0 - taught), dtype=np.float64)


def covered_by(menu: Menu, rows: Sequence[int]) -> float:
    """Return the weighted share of the need that the rows cover together, in [0, 1]."""
    still_open = np.prod(1.0 - menu.taught[list(rows)], axis=0)
    return float(_shares_of(menu.need) @ (1.0 - still_open))


def _shares_of(need: Floats) -> Shares:
    total = float(need.sum(dtype=np.float64))
    return need.astype(np.float64) / total if total else np.zeros(len(need), dtype=np.float64)


def _allowed(menu: Menu, left: NDArray[np.bool_], counts: Counter[str]) -> NDArray[np.bool_]:
    if menu.max_per_group is None:
        return left
    full = {group for group, count in counts.items() if count >= menu.max_per_group}
    return left & np.array([group not in full for group in menu.groups], dtype=np.bool_)


def _best(menu: Menu, open_need: Shares, allowed: NDArray[np.bool_]) -> int | None:
    rows = np.flatnonzero(allowed)
    if not len(rows):
        return None
    tiers = menu.tiers[rows]
    rows = rows[tiers == tiers.min()]
    # All rows' gains at once: to take out the few that are not allowed would copy the rest.
    value = _values(menu, menu.taught @ open_need)[rows]
    # The first of equals, which is the one with the lowest id.
    return int(rows[value.argmax()])


def _values(menu: Menu, shares: Shares) -> Shares:
    gain = np.clip(shares, 0.0, 1.0) ** menu.gap_exponent
    return np.asarray((menu.rest + menu.gap_weight * gain).round(_TIE_DIGITS), dtype=np.float64)

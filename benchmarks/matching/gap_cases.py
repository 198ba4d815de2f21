"""The gap protocol: learners who hold two credentials and want what a third one teaches."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from benchmarks.matching.catalog import Tagged

LEAST_TAGS = 8
LEAST_SHARED = 2
PAIRS_OF_EACH = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GapCase:
    """One learner: rows of the catalog, and what the target's tags leave open.

    Attributes:
        covers: bool ``(credentials, gap tags)``: which tags of the gap each credential has.
        allowed: bool ``(credentials,)``: all but the target and what is held.
    """

    target: int
    held: tuple[int, int]
    covers: NDArray[np.bool_]
    allowed: NDArray[np.bool_]

    @property
    def gains(self) -> Floats:
        """The share of the gap that each credential covers; 0 for those that are not allowed."""
        shares: Floats = self.covers.mean(axis=1)
        return np.where(self.allowed, shares, 0.0)


def gap_cases(catalog: Sequence[Tagged], *, pairs: int = PAIRS_OF_EACH) -> list[GapCase]:
    """Return the cases of every credential with at least eight tags.

    The learner holds two others; together they share two of the target's tags up to half of
    them. Of the pairs that do, those with the smallest hash are taken. A case of which no
    candidate covers anything is left out.
    """
    cases = [
        _case(catalog, target, held)
        for target, each in enumerate(catalog)
        if len(each.tags) >= LEAST_TAGS
        for held in islice(_pairs(catalog, target), pairs)
    ]
    return [case for case in cases if case.gains.any()]


def _pairs(catalog: Sequence[Tagged], target: int) -> Iterator[tuple[int, int]]:
    wanted = catalog[target].tags
    sharing = [
        row for row, each in enumerate(catalog) if row != target and len(each.tags & wanted) > 0
    ]
    pairs = [(one, two) for at, one in enumerate(sharing) for two in sharing[at + 1 :]]
    for one, two in sorted(pairs, key=lambda pair: _hash(catalog, target, pair)):
        shared = len(wanted & (catalog[one].tags | catalog[two].tags))
        if LEAST_SHARED <= shared <= len(wanted) / 2:
            yield one, two


def _hash(catalog: Sequence[Tagged], target: int, pair: tuple[int, int]) -> bytes:
    key = "/".join(catalog[row].seen.id for row in (target, *pair))
    return hashlib.sha256(key.encode()).digest()


def _case(catalog: Sequence[Tagged], target: int, held: tuple[int, int]) -> GapCase:
    gap = sorted(catalog[target].tags - catalog[held[0]].tags - catalog[held[1]].tags)
    covers = np.array([[tag in each.tags for tag in gap] for each in catalog], dtype=np.bool_)
    allowed = np.ones(len(catalog), dtype=np.bool_)
    allowed[[target, *held]] = False
    return GapCase(target=target, held=held, covers=covers, allowed=allowed)

"""How sure a mean over queries is, by drawing the queries again and again (Efron, 1979)."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

RESAMPLES: Final = 10_000
SEED: Final = 20_261_125
PERCENT: Final = (2.5, 97.5)
_AT_ONCE: Final = 500


class Interval(NamedTuple):
    """A 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How much more the first scores than the second, on average over the same queries.

    ``p_value`` is two-sided: how often so large a difference arises where there is none.
    """

    value: float
    low: float
    high: float
    p_value: float


def interval(scores: Scores, *, seed: int = SEED) -> Interval:
    """Return the percentile interval of the mean. Shape: ``(queries,)``."""
    low, high = np.percentile(resampled_means(scores, seed=seed), PERCENT)
    return Interval(float(low), float(high))


def paired(first: Scores, second: Scores, *, seed: int = SEED) -> Difference:
    """Compare two systems on the same queries. Shape of both: ``(queries,)``."""
    if first.shape != second.shape:
        raise ValueError("both must have scored the same queries")
    differences = first - second
    means = resampled_means(differences, seed=seed)
    low, high = np.percentile(means, PERCENT)
    tail = min(np.count_nonzero(means <= 0), np.count_nonzero(means >= 0))
    # The sample itself counts as one more resample, so that chance is never said to be nothing
    # (Davison and Hinkley, 1997, Bootstrap Methods and their Application, equation 4.11).
    p_value = min(1.0, 2 * (tail + 1) / (RESAMPLES + 1))
    return Difference(
        value=float(differences.mean()), low=float(low), high=float(high), p_value=p_value
    )


def resampled_means(scores: Scores, *, seed: int = SEED) -> Scores:
    """Return the mean of each resample: as many queries, drawn with replacement."""
    chance = np.random.default_rng(seed)
    queries = len(scores)
    parts = [
        scores[chance.integers(queries, size=(_AT_ONCE, queries))].mean(axis=1)
        for _ in range(RESAMPLES // _AT_ONCE)
    ]
    return np.concatenate(parts)

"""How far probabilities are from what comes true."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.calibration_neighbors import Neighbors, Numbers

BINS: Final = 10
DRAWS: Final = 200
SEED: Final = 20_261_125
# Half of a 95 % interval, in standard errors.
_HALF_WIDTH: Final = 1.96


class Bin(NamedTuple):
    """Rows of nearly the same probability: what is said of them, and what share is right.

    ``error`` is half the width of the share's 95 % interval.
    """

    size: int
    weight: float
    said: float
    right: float
    error: float


class Score(NamedTuple):
    """Expected calibration error and Brier score, both in [0, 1]; lower is better."""

    ece: float
    brier: float


def score(probabilities: Numbers, neighbors: Neighbors) -> Score:
    """Return how far probabilities are off."""
    off = (probabilities - neighbors.right) ** 2
    brier = float(np.average(off, weights=neighbors.weights))
    return Score(ece(bins_of(probabilities, neighbors)), brier)


def bins_of(probabilities: Numbers, neighbors: Neighbors) -> list[Bin]:
    """Sort the rows by probability into ten bins of equal count; fewer if there are fewer rows."""
    parts = np.array_split(np.argsort(probabilities, kind="stable"), BINS)
    return [_bin(probabilities, neighbors, rows) for rows in parts if len(rows)]


def _bin(probabilities: Numbers, neighbors: Neighbors, rows: NDArray[np.int64]) -> Bin:
    weights = neighbors.weights[rows]
    right = float(np.average(neighbors.right[rows], weights=weights))
    # Rows of different weights say as much as so many of the same (Kish, 1965).
    effective = weights.sum() ** 2 / (weights**2).sum()
    return Bin(
        size=len(rows),
        weight=float(weights.sum()),
        said=float(np.average(probabilities[rows], weights=weights)),
        right=right,
        error=float(_HALF_WIDTH * np.sqrt(right * (1 - right) / effective)),
    )


def ece(bins: list[Bin]) -> float:
    """Return the mean distance of what is said from what is right (Naeini et al., 2015)."""
    off = [abs(each.said - each.right) for each in bins]
    return float(np.average(off, weights=[each.weight for each in bins]))


def ece_by_chance(probabilities: Numbers, neighbors: Neighbors) -> float:
    """Return the error that probabilities without any would show on so few rows, on average."""
    chance = np.random.default_rng(SEED)
    order = np.argsort(probabilities, kind="stable")
    said, weights = probabilities[order], neighbors.weights[order]
    starts = [part[0] for part in np.array_split(np.arange(len(said)), BINS) if len(part)]
    errors = []
    for _ in range(DRAWS):
        drawn = chance.random(len(said)) < said
        off = np.add.reduceat(weights * (said - drawn), starts)
        errors.append(np.abs(off).sum() / weights.sum())
    return float(np.mean(errors))

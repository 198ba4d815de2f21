"""Fitting what a score means: a rising line from raw scores to what came true."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.matching.learners import by_hash
from service.matching.score_calibration import ScoreCurve

BINS: Final = 12
TOP: Final = 100.0
# So much of the raw score stays in the line, so that it rises where the measured share does not.
RAW_SHARE: Final = 0.02
FOLDS: Final = 2

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcomes:
    """Items that were listed.

    Attributes:
        raws: float64 ``(n,)``: their raw scores in [0, 100].
        right: float64 ``(n,)``: whether each was right, 0 or 1.
        groups: what each item's question was about; a question is never in two folds.
    """

    raws: Floats
    right: Floats
    groups: Sequence[str]


class Row(NamedTuple):
    """Items of nearly the same score: how many, what was said of them, and what came true."""

    size: int
    said: float
    right: float


class Reliability(NamedTuple):
    """How far scores are from what comes true; ``ece`` in [0, 1], lower is better."""

    rows: tuple[Row, ...]
    ece: float


def fit(outcomes: Outcomes, basis: str) -> ScoreCurve:
    """Return the line: isotonic regression (Ayer et al., 1955) on twelve bins of equal count.

    It goes from nothing at 0 to the last bin's share at 100.
    """
    order = np.argsort(outcomes.raws, kind="stable")
    parts = [part for part in np.array_split(order, BINS) if len(part)]
    at = [float(outcomes.raws[part].mean()) for part in parts]
    shares = _rising([float(outcomes.right[part].mean()) for part in parts])
    points = {0.0: 0.0, TOP: shares[-1]}
    points |= {raw: share for raw, share in zip(at, shares, strict=True) if 0 < raw < TOP}
    raws = tuple(sorted(points))
    return ScoreCurve(
        raws=raws,
        scores=tuple((1 - RAW_SHARE) * TOP * points[raw] + RAW_SHARE * raw for raw in raws),
        basis=basis,
    )


def cross_fitted(outcomes: Outcomes) -> Reliability:
    """Return how reliable scores are of questions that their line was not fitted on."""
    folds = np.array([by_hash(group)[0] % FOLDS for group in outcomes.groups])
    said = np.zeros(len(folds))
    for fold in range(FOLDS):
        curve = fit(_part(outcomes, folds != fold), "")
        rows = np.flatnonzero(folds == fold)
        said[rows] = [curve.score(raw) / TOP for raw in outcomes.raws[rows].tolist()]
    return reliability(said, outcomes.right)


def reliability(said: Floats, right: Floats) -> Reliability:
    """Return ten bins of equal width, and the expected calibration error (Naeini et al., 2015)."""
    bins = np.minimum((said * 10).astype(np.int64), 9)
    rows = [
        Row(int(here.sum()), float(said[here].mean()), float(right[here].mean()))
        for here in (bins == each for each in range(10))
        if here.any()
    ]
    off = sum(row.size * abs(row.said - row.right) for row in rows)
    return Reliability(tuple(rows), off / len(said))


def _part(outcomes: Outcomes, where: NDArray[np.bool_]) -> Outcomes:
    rows = np.flatnonzero(where)
    return Outcomes(
        raws=outcomes.raws[rows],
        right=outcomes.right[rows],
        groups=[outcomes.groups[row] for row in rows.tolist()],
    )


def _rising(shares: Sequence[float]) -> list[float]:
    """Pool neighbors until none is above the next; all bins count the same."""
    blocks: list[list[float]] = []
    for share in shares:
        blocks.append([share])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    return [float(np.mean(block)) for block in blocks for _ in block]

"""Score calibration: what a raw score is worth, said as how many of ten such items are right.

``score_calibration.json`` is made by ``make eval``; ``docs/matching.md`` says what a score means.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FILE = "score_calibration.json"
NOT_CALIBRATED = "not calibrated"
OWN_WEIGHTS = "not calibrated, since the weights are your own"
_TOP = 100.0


class ScoreKind(StrEnum):
    """What a score is of: a credential for a learner, or a learner and a job for each other."""

    RECOMMENDATION = "recommendation"
    MATCH = "match"


_RAW = {
    ScoreKind.RECOMMENDATION: (
        "100 times the sum of the components, each times its weight, divided by the sum of the "
        "weights where that is more than 1"
    ),
    ScoreKind.MATCH: (
        "the weighted share of the requirements that the evidence covers (fit.forward), and then "
        "by fit.overall"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCurve:
    """A strictly rising line through points, so that no order ever changes.

    Attributes:
        raws: raw scores in [0, 100], rising, from 0 to 100.
        scores: the scores that they stand for, in [0, 100], rising.
        basis: what was measured to draw it, in words.
    """

    raws: tuple[float, ...]
    scores: tuple[float, ...]
    basis: str

    def __post_init__(self) -> None:
        ends = (self.raws[0], self.raws[-1]) if self.raws else ()
        if len(self.raws) != len(self.scores) or ends != (0.0, _TOP):
            raise ValueError("a curve has as many scores as raw ones, and these go from 0 to 100")
        steps = (*pairwise(self.raws), *pairwise(self.scores))
        if any(low >= high for low, high in steps):
            raise ValueError("a curve has to rise, or it would change the order")

    def score(self, raw: float) -> float:
        """Return the score of a raw one, both in [0, 100]; what is outside counts as the end."""
        return float(np.interp(raw, self.raws, self.scores))

    def scores_of(self, raws: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the score of each raw one; see ``score``."""
        return np.asarray(np.interp(raws, self.raws, self.scores), dtype=np.float64)

    def raw(self, score: float) -> float:
        """Return the raw score that a score stands for, both in [0, 100]."""
        return float(np.interp(score, self.scores, self.raws))


IDENTITY = ScoreCurve(raws=(0.0, _TOP), scores=(0.0, _TOP), basis=NOT_CALIBRATED)


def calibrated(raws: NDArray[np.float64], kind: ScoreKind) -> NDArray[np.float64]:
    """Return the scores to show for raw ones, both in [0, 100], with one decimal.

    Sort by the raw score: rounding may make two scores equal, and never turns them around.
    """
    return shipped_curves()[kind].scores_of(raws).round(1)


def score_meaning(kind: ScoreKind, *, is_shown_raw: bool = False) -> str:
    """Return what a score of this kind says, in words.

    Args:
        kind: what it is a score of.
        is_shown_raw: whether the raw score is shown, as it is for weights of somebody's own.
    """
    if is_shown_raw:
        return f"{_RAW[kind]}; {OWN_WEIGHTS}."
    basis = shipped_curves()[kind].basis
    return f"{basis}. The order is by {_RAW[kind]}."


@cache
def shipped_curves() -> Mapping[ScoreKind, ScoreCurve]:
    """Return the curves that ship; the identity, which says so, for a kind that has none."""
    file = resources.files(__package__) / FILE
    text = file.read_text(encoding="utf-8") if file.is_file() else "{}"
    return curves_of(text)


def curves_of(text: str) -> Mapping[ScoreKind, ScoreCurve]:
    """Return the curves in the text of a ``score_calibration.json``.

    Raises:
        ValueError: if it is no such text, or a curve does not rise from 0 to 100.
    """
    found = json.loads(text)
    return {
        kind: ScoreCurve(
            raws=tuple(map(float, found[kind]["raws"])),
            scores=tuple(map(float, found[kind]["scores"])),
            basis=str(found[kind]["basis"]),
        )
        if kind in found
        else IDENTITY
        for kind in ScoreKind
    }


def curves_as_text(curves: Mapping[ScoreKind, ScoreCurve]) -> str:
    """Return what ``curves_of`` reads."""
    document = {
        kind.value: {
            "basis": curve.basis,
            "raws": [round(raw, 3) for raw in curve.raws],
            "scores": [round(score, 3) for score in curve.scores],
        }
        for kind, curve in curves.items()
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"

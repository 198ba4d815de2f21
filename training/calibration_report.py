"""What is known of the calibration of a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from embeddings.model_files import Logistic
from training.calibration_error import Bin, Score
from training.calibration_fit import Fit


class Part(NamedTuple):
    """Some of the neighbors: what the curve says of them on average, and what share is right."""

    neighbors: int
    said: float
    right: float
    ece: float
    by_chance: float


class Kept(NamedTuple):
    """What is left if only neighbors of a probability of at least ``least`` are kept.

    Attributes:
        similarity: the cosine that belongs to the probability.
        of_text: neighbors that are kept of a text, on average.
        some: the share of the texts that keep one.
        right: the share of what is kept that is right; None if nothing is.
    """

    least: float
    similarity: float
    of_text: float
    some: float
    right: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveReport:
    """A curve that ships, and what it was measured to be worth on texts that it was not fitted on.

    Attributes:
        right: the share of the neighbors that is right.
        by_chance: the calibration error that a perfect curve would show on so few neighbors.
        scores: of each way to make a curve; the logistic one ships.
        bins: ten of equal count, by the probability that is said.
        counts: how many neighbors have which probability, in steps of 0.05.
        parts: by data set.
        kept: what a least probability leaves.
    """

    curve: Logistic
    texts: int
    neighbors: int
    right: float
    by_chance: float
    scores: Mapping[Fit, Score]
    bins: tuple[Bin, ...]
    counts: tuple[int, ...]
    parts: Mapping[str, Part]
    kept: tuple[Kept, ...]

    @property
    def ece(self) -> float:
        """The expected calibration error of the curve that ships."""
        return self.scores[Fit.LOGISTIC].ece

    @property
    def half_at(self) -> float:
        """The cosine at which the probability is one half."""
        return -self.curve.intercept / self.curve.slope


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationReport:
    """Both curves of a model."""

    skill_link: CurveReport
    bridge: CurveReport

    @property
    def curves(self) -> Mapping[str, CurveReport]:
        """The curves by the names that they have in ``calibration.json``."""
        return {"skill_link": self.skill_link, "bridge": self.bridge}

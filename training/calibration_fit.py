"""Curves from similarities to probabilities, and what they say of texts that they have not seen."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression  # type: ignore[import-untyped]  # it ships none
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # same

from training.calibration_neighbors import Neighbors, Numbers
from training.errors import TrainingError

Predict = Callable[[Neighbors], Numbers]

FOLDS: Final = 10
SEED: Final = 20_261_125
# So weak a penalty is far below the error of a fit; without any there is no curve where
# similarities tell right from wrong without a slip.
_INVERSE_PENALTY: Final = 1e4
_TOLERANCE: Final = 1e-8


class Fit(StrEnum):
    """A way to make a curve (logistic: Platt, 1999; isotonic: Zadrozny and Elkan, 2002)."""

    LOGISTIC = "logistic"
    ISOTONIC = "isotonic"
    MARGIN = "logistic, with the margin to the next skill"
    RANK = "logistic, with the rank"


class Line(NamedTuple):
    """The slope and intercept of a logistic curve."""

    slope: float
    intercept: float


class SimilaritiesTellNothing(TrainingError):
    """What is more similar is not right more often, so that no curve can be fitted."""

    def __init__(self, slope: float) -> None:
        super().__init__(
            "What this model finds more similar is not right more often "
            f"(slope {slope:.2f}), so its similarities cannot become probabilities."
        )
        self.slope = slope


def line_of(neighbors: Neighbors) -> Line:
    """Fit the logistic curve.

    Raises:
        SimilaritiesTellNothing: if the curve does not rise.
    """
    model = _logistic(neighbors, _features(Fit.LOGISTIC, neighbors))
    line = Line(float(model.coef_[0, 0]), float(model.intercept_[0]))
    if line.slope <= 0:
        raise SimilaritiesTellNothing(line.slope)
    return line


def fitted(fit: Fit, neighbors: Neighbors) -> Predict:
    """Fit a curve, and return what it makes of other rows."""
    if fit is Fit.ISOTONIC:
        curve = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
        curve.fit(neighbors.similarities, neighbors.right, sample_weight=neighbors.weights)
        return lambda rows: np.asarray(curve.predict(rows.similarities))
    model = _logistic(neighbors, _features(fit, neighbors))
    return lambda rows: np.asarray(model.predict_proba(_features(fit, rows))[:, 1])


def _logistic(neighbors: Neighbors, features: Numbers) -> LogisticRegression:
    model = LogisticRegression(C=_INVERSE_PENALTY, solver="newton-cholesky", tol=_TOLERANCE)
    return model.fit(features, neighbors.right, sample_weight=neighbors.weights)


def _features(fit: Fit, neighbors: Neighbors) -> Numbers:
    second = {Fit.MARGIN: neighbors.margins, Fit.RANK: np.log1p(neighbors.ranks)}
    columns = [neighbors.similarities, *([second[fit]] if fit in second else [])]
    return np.stack(columns, axis=1)


def out_of_sample(fit: Fit, neighbors: Neighbors) -> Numbers:
    """Return the probability of each row by a curve fitted on the texts of the other folds."""
    folds = folds_of(neighbors.texts)
    found = np.empty(len(neighbors))
    for fold in np.unique(folds):
        held = folds == fold
        found[held] = fitted(fit, neighbors.only(~held))(neighbors.only(held))
    return found


def folds_of(texts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Deal the texts to ten folds; all rows of a text are in the same one."""
    different, rows = np.unique(texts, return_inverse=True)
    dealt = np.arange(len(different)) % FOLDS
    return np.random.default_rng(SEED).permutation(dealt)[rows]

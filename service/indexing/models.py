"""Models: what encodes, what its cosines are worth, and which one a store's vectors are of."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from service.matching.linking import Calibration
from service.matching.ports import Encoder
from service.matching.topics import Topics


class Curves(NamedTuple):
    """What a cosine is worth: between a text and a skill, and between two skills."""

    link: Calibration
    bridge: Calibration


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A model with all that stands on it.

    Attributes:
        topics: what titles are about; none with a model that they were not learned from.
    """

    encoder: Encoder
    curves: Curves
    topics: Topics | None = None

    def of(self, _model_hash: str | None) -> "Model":
        """Return this model, where there is no other."""
        return self


class Models(Protocol):
    """Where models are found."""

    def of(self, _model_hash: str | None, /) -> Model:
        """Return the model of this hash; the one that is configured for none.

        Raises:
            StoreFromAnotherModel: if it is not to be had.
        """
        ...

"""What the JSON files of a model folder say: configuration, calibration and golden vectors."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import InvalidModelFile
from embeddings.model_folder import ModelFile, VerifiedFolder, read_json

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig:
    """What the model is called and how texts must be given to it.

    ``max_tokens`` counts the tokens of one run with both special ones; ``overlap`` those that two
    neighboring windows of a long text share. ``least_golden_similarity`` is in [-1, 1].
    """

    name: str
    version: str
    base_model: str
    quantization: str
    dim: int
    max_tokens: int
    overlap: int
    least_golden_similarity: float

    def __post_init__(self) -> None:
        if self.dim < 1:
            raise ValueError("dim must be at least 1")
        if not 0 <= self.overlap < self.max_tokens - 2:
            raise ValueError("overlap must be in [0, max_tokens - 2)")
        if not -1 <= self.least_golden_similarity <= 1:
            raise ValueError("least_golden_similarity must be in [-1, 1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """A curve from a similarity to the probability that a person would agree.

    ``basis`` says what the numbers rest on.
    """

    slope: float
    intercept: float
    basis: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.slope) and self.slope > 0 and math.isfinite(self.intercept)):
            raise ValueError("slope must be above 0 and both numbers finite")

    def probability(self, similarity: float) -> float:
        """Return 1 / (1 + exp(-(slope * similarity + intercept))), in [0, 1]."""
        return 0.5 * (1.0 + math.tanh(0.5 * (self.slope * similarity + self.intercept)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The curves that turn this model's similarities into confidences.

    Attributes:
        skill_link: of a text and a skill: that the text shows the skill.
        bridge: of two skills: that they are related.
    """

    skill_link: Logistic
    bridge: Logistic


class GoldenVector(NamedTuple):
    """A text and the vector that it must have. Shape: ``(dim,)``, unit length."""

    text: str
    vector: NDArray[np.float32]


def read_config(folder: VerifiedFolder) -> ModelConfig:
    """Read the configuration; raise ``InvalidModelFile`` if it is not one."""
    return _read(folder, ModelFile.CONFIG, lambda document: ModelConfig(**document))


def read_calibration(folder: VerifiedFolder) -> Calibration:
    """Read the calibration; raise ``InvalidModelFile`` if it is not one."""
    return _read(folder, ModelFile.CALIBRATION, _calibration)


def read_golden(folder: VerifiedFolder) -> list[GoldenVector]:
    """Read the golden vectors; raise ``InvalidModelFile`` if there are none."""
    return _read(folder, ModelFile.GOLDEN, _golden)


def _read(
    folder: VerifiedFolder, file: ModelFile, make: Callable[[dict[str, Any]], Content]
) -> Content:
    path = folder.path / file
    try:
        return make(read_json(folder.content[file], path))
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidModelFile(path, reason=f"{type(error).__name__}: {error}") from None


def _calibration(document: dict[str, Any]) -> Calibration:
    return Calibration(
        skill_link=Logistic(**document["skill_link"]), bridge=Logistic(**document["bridge"])
    )


def _golden(document: dict[str, Any]) -> list[GoldenVector]:
    golden = [
        GoldenVector(row["text"], np.array(row["vector"], dtype=np.float32))
        for row in document["golden"]
    ]
    if not golden:
        raise ValueError("there must be at least one golden vector")
    return golden

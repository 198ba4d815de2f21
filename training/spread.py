"""How an encoder spreads texts that have nothing to do with each other."""

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.research.tables import read_table
from training.sentences import SENTENCES

UNRELATED: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far apart unrelated texts stand.

    Attributes:
        uniformity: log mean of exp(-2 d²) over pairs; lower is more even (Wang and Isola, 2020,
            Understanding Contrastive Representation Learning, https://arxiv.org/abs/2005.10242).
        mean_similarity: of the pairs.
        high_similarity: that one pair of twenty exceeds.
    """

    uniformity: float
    mean_similarity: float
    high_similarity: float


def unrelated_texts(data: Path) -> list[str]:
    """Return the project's sentences, and labels of ESCO skills that are chosen by hash."""
    skills = read_table(data / "esco/skills_en_assembled.tsv.gz")
    labels = {row["preferredLabel"].strip() for row in skills}
    by_hash = sorted(labels, key=lambda label: hashlib.sha256(label.encode()).digest())
    return [*SENTENCES, *by_hash[: UNRELATED - len(SENTENCES)]]


def spread(vectors: NDArray[np.float32]) -> Spread:
    """Measure unit vectors of unrelated texts. Shape: ``(texts, dim)``."""
    cosines = (vectors @ vectors.T)[np.triu_indices(len(vectors), k=1)].astype(np.float64)
    # The squared distance of unit vectors is 2 - 2 cos.
    return Spread(
        uniformity=math.log(float(np.exp(4 * cosines - 4).mean())),
        mean_similarity=float(cosines.mean()),
        high_similarity=float(np.percentile(cosines, 95)),
    )

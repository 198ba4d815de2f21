"""How near the exported encoder is to the model it comes from."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]


class Fidelity(NamedTuple):
    """Likeness of two sets of vectors of the same texts; 1 is the same.

    ``overlap_at_10`` is the mean share of a text's ten nearest neighbors that both sets agree on.
    """

    mean_similarity: float
    min_similarity: float
    overlap_at_10: float


def reference_vectors(base: Path, texts: Sequence[str]) -> Vectors:
    """Encode with the base model itself, in full precision. Shape: ``(len(texts), dim)``."""
    model = SentenceTransformer(str(base), device="cpu")
    vectors: Vectors = model.encode(
        list(texts), batch_size=32, show_progress_bar=False, normalize_embeddings=True
    )
    return vectors


def fidelity(vectors: Vectors, reference: Vectors) -> Fidelity:
    """Compare vectors with those of the reference, row by row and by their neighbors."""
    similarities = (vectors * reference).sum(axis=1)
    pairs = zip(_neighbors(vectors), _neighbors(reference), strict=True)
    overlaps = [len(found & expected) / len(expected) for found, expected in pairs]
    return Fidelity(
        mean_similarity=float(similarities.mean()),
        min_similarity=float(similarities.min()),
        overlap_at_10=float(np.mean(overlaps)),
    )


def _neighbors(vectors: Vectors, k: int = 10) -> list[set[int]]:
    similarities = vectors @ vectors.T
    np.fill_diagonal(similarities, -np.inf)
    return [set(row[:k].tolist()) for row in np.argsort(-similarities, axis=1, kind="stable")]

"""Unit vectors, and the search that every index is measured against."""

from collections.abc import Mapping

import numpy as np

from index import Hit, Vectors


def unit(*rows: list[float]) -> Vectors:
    """Scale rows to unit length."""
    vectors = np.array(rows, np.float64)
    scaled: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def unit_vectors(count: int, *, dim: int = 16, seed: int = 0) -> Vectors:
    """Draw directions that differ from each other."""
    drawn = np.random.default_rng(seed).standard_normal((count, dim))
    return unit(*drawn.tolist()) if count else np.empty((0, dim), np.float32)


def numbered(count: int) -> list[str]:
    """Name ids whose order as text is not the order of their rows."""
    return [f"item-{number}" for number in range(count)]


def brute_force(records: Mapping[str, Vectors], query: Vectors, *, k: int) -> list[Hit]:
    """Compare a query with every record in float64 and sort them all."""
    if not records:
        return []
    vectors = np.array(list(records.values()), np.float64)
    cosines = vectors @ query.astype(np.float64)
    similarities = np.clip(cosines.astype(np.float32), -1, 1).tolist()
    hits = [Hit(*named) for named in zip(records, similarities, strict=True)]
    return sorted(hits, key=lambda hit: (-hit.similarity, hit.id))[:k]

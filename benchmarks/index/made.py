"""Made credentials: the sum of two real vectors of one field, and noise that is fitted."""

from collections.abc import Iterator
from typing import NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from index import Vectors

# Sums of any two real vectors lie far apart (0.65 to the nearest, real ones 0.81); those of two
# from one of so many fields of work lie a little nearer than real ones, and noise makes up for it.
FIELDS = 200
_SEED = 20_241
_CHUNK = 50_000
# At so many vectors the nearest neighbors are compared, by so many of them.
AT = 100_000
_ASKED = 1_000
_STEPS = 6
_MOST_NOISE = 0.6


class Made(NamedTuple):
    """Vectors, and the field of each. Shape: (n, dim) and (n,)."""

    vectors: Vectors
    fields: NDArray[np.int32]


class Maker:
    """Makes vectors from real ones; the same seed makes the same."""

    def __init__(self, real: Vectors) -> None:
        self._real = real
        kmeans = faiss.Kmeans(
            real.shape[1], FIELDS, niter=6, seed=_SEED, spherical=True, max_points_per_centroid=100
        )
        kmeans.train(real)
        self.centers: Vectors = np.asarray(kmeans.centroids, dtype=np.float32)
        self._field = kmeans.index.search(real, 1)[1][:, 0].astype(np.int32)
        self._by_field = np.argsort(self._field, kind="stable")
        self._starts = np.searchsorted(self._field[self._by_field], np.arange(FIELDS + 1))

    def make(self, count: int, *, noise: float, seed: int) -> Made:
        """Make so many vectors; noise is its length beside the sum of two unit vectors."""
        chance = np.random.default_rng([_SEED, seed])
        parts = list(self._parts(count, noise, chance))
        return Made(*(np.concatenate(each) for each in zip(*parts, strict=True)))

    def _parts(self, count: int, noise: float, chance: np.random.Generator) -> Iterator[Made]:
        dim = self._real.shape[1]
        for start in range(0, count, _CHUNK):
            some = min(_CHUNK, count - start)
            first = chance.integers(0, len(self._real), some)
            field = self._field[first]
            room = self._starts[field + 1] - self._starts[field]
            second = self._by_field[self._starts[field] + (chance.random(some) * room).astype(int)]
            drawn = chance.standard_normal((some, dim), dtype=np.float32)
            sums = self._real[first] + self._real[second] + drawn * np.float32(noise / dim**0.5)
            yield Made(sums / np.linalg.norm(sums, axis=1, keepdims=True), field)

    def fitted_noise(self, target: float) -> float:
        """Return the noise that gives neighbors as near as the target, at ``AT`` vectors."""
        low, high = 0.0, _MOST_NOISE
        for _ in range(_STEPS):
            middle = (low + high) / 2
            nearer = nearest_cosine(self.make(AT, noise=middle, seed=0).vectors) > target
            low, high = (middle, high) if nearer else (low, middle)
        return (low + high) / 2


def nearest_cosine(vectors: Vectors) -> float:
    """Return the mean cosine of some vectors with their nearest other one."""
    asked = vectors[:: max(1, len(vectors) // _ASKED)][:_ASKED]
    near, _ = faiss.knn(asked, vectors, 2, faiss.METRIC_INNER_PRODUCT)
    return float(near[:, 1].mean())

"""Vectors in 4 bits for three components: told badly, and compared 15 times as fast as codes.

Three components of the difference from a center go into 4 bits: the nearest of 16 points that were
learned for these three (product quantization: Jégou, Douze and Schmid 2011; scanned with tables in
registers: André, Kermarrec and Le Scouarnec 2015).
"""

from typing import Any

import faiss
import numpy as np

from index.blocks import Codes
from index.kernel import use_one_thread
from index.protocol import Vectors

BITS = 4
# So many components are told by one of so many points.
TOGETHER, POINTS = 3, 2**BITS
_ITERATIONS = 8
_SEED = 1
# So many of a sample are enough for 16 points each.
_LEARNED_FROM = 20_000


def width_of(groups: int) -> int:
    """Return how many bytes a sketch of so many groups of components takes."""
    return -(-groups * BITS // 8)


def padded(vectors: Vectors) -> Vectors:
    """Return vectors with zeros behind them, so that components go in groups. Shape: (n, dim)."""
    missing = -vectors.shape[1] % TOGETHER
    return np.ascontiguousarray(np.pad(vectors, ((0, 0), (0, missing))) if missing else vectors)


def learn_points(residuals: Vectors) -> Vectors:
    """Return the points that groups of components are told by.

    The same residuals give the same. Shape: (n, dim) to (groups, 16, 3).
    """
    some = padded(residuals[:: max(1, len(residuals) // _LEARNED_FROM)])
    # A point needs a vector at least.
    some = np.tile(some, (-(-POINTS // len(some)), 1))
    use_one_thread()
    quantizer = _quantizer(some.shape[1])
    quantizer.cp.niter, quantizer.cp.seed = _ITERATIONS, _SEED
    quantizer.cp.min_points_per_centroid = 1
    quantizer.train(some)
    points: Vectors = faiss.vector_to_array(quantizer.centroids).astype(np.float32)
    return points.reshape(-1, POINTS, TOGETHER)


class Sketches:
    """Rounds residuals to sketches, and back. Shape of points: (groups, 16, 3)."""

    def __init__(self, points: Vectors) -> None:
        self._quantizer = _quantizer(len(points) * TOGETHER)
        faiss.copy_array_to_vector(points.ravel(), self._quantizer.centroids)

    def encode(self, residuals: Vectors) -> Codes:
        """Return sketches. Shape: (n, dim) to (n, bytes)."""
        use_one_thread()
        codes: Codes = self._quantizer.compute_codes(padded(residuals))
        return codes

    def decode(self, codes: Codes, *, dim: int) -> Vectors:
        """Return the residuals that sketches stand for. Shape: (n, bytes) to (n, dim)."""
        use_one_thread()
        # FAISS' types are those of its C++.
        quantizer: Any = self._quantizer
        residuals: Vectors = quantizer.decode(codes)
        return residuals[:, :dim]


def _quantizer(dim: int) -> faiss.ProductQuantizer:
    return faiss.ProductQuantizer(dim, dim // TOGETHER, BITS)

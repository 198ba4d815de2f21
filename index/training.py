"""What is learned from the vectors before they are quantized: centers, ranges, how far to look."""

from typing import NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from index.kernel import use_one_thread
from index.protocol import Vectors
from index.sketches import Sketches, learn_points

# As many centers as the root of the vectors. With twice as many a search at 1.1 million takes as
# long and finds less (.984 in place of .991), and training takes half as long again.
_CENTERS_PER_ROOT = 1
# Measured at 1.1 million: more of either took longer and found no more.
_SAMPLE_PER_CENTER = 40
_ITERATIONS = 8
_SEED = 1
# By so much of its width a range is widened at both ends. More makes every code coarser; less
# leaves more vectors apart: 1 in 1,000 as it is.
_MARGIN = 0.02
# So many of the sample stand for queries when it is measured how many lists to visit.
_QUERIES = 1_024
# How deep an answer may reach into the list of nearest neighbors: k, or k divided by the share
# that a filter lets pass.
_DEPTHS = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
# Of what an answer may miss, so much may be missed by not visiting a list; the rest is left to
# rounding to 8 bits.
_MISSED_BY_LISTS = 0.25
# So many of the sample tell how far vectors lie from their center.
_SCATTERED = 4_096


class Reach(NamedTuple):
    """How many lists, the nearest first, hold the ``depths`` nearest neighbors.

    Shape: ``depths`` (n,), ascending; ``lists`` (n,), not descending; ``spread`` (n, lists): the
    share of so many neighbors that the nearest list holds, the next one, and so on.
    """

    depths: NDArray[np.int64]
    lists: NDArray[np.int64]
    spread: Vectors

    def lists_for(self, depth: float, *, of: int) -> int:
        """Return how many of ``of`` lists to visit; all of them beyond what was measured."""
        if not len(self.depths) or depth > self.depths[-1]:
            return of
        return min(of, int(self.lists[np.searchsorted(self.depths, depth)]))


class Training(NamedTuple):
    """What quantized vectors need to be read, and searched.

    Shape: ``centers`` (lists, dim), ``low`` and ``width`` (dim,): the range of the residuals, by
    component. ``size`` is the number of vectors that it was learned for. ``scatter`` is how far
    vectors lie from their center along another vector: the root of the mean square. ``missed`` is
    the share of the nearest neighbors that may lie in lists that are not visited. ``points``
    (groups, 16, 3) are what sketches are told by, and ``blur`` is how far off they are along
    another vector: the root of the mean square.
    """

    centers: Vectors
    low: Vectors
    width: Vectors
    reach: Reach
    size: int
    scatter: float
    missed: float
    points: Vectors
    blur: float


def sample_size(count: int) -> int:
    """Return how many of so many vectors the training looks at."""
    return min(count, _SAMPLE_PER_CENTER * center_count(count))


def center_count(count: int) -> int:
    """Return how many lists so many vectors are divided into: a power of two."""
    return int(2 ** round(np.log2(max(1.0, _CENTERS_PER_ROOT * np.sqrt(count)))))


def train(sample: Vectors, *, count: int, recall: float) -> Training:
    """Learn from a sample of ``count`` vectors, for answers of the recall asked for.

    The same sample gives the same training. Shape: sample (n, dim), n at least 1.
    """
    use_one_thread()
    lists = min(center_count(count), len(sample))
    kmeans = faiss.Kmeans(
        sample.shape[1],
        lists,
        niter=_ITERATIONS,
        seed=_SEED,
        min_points_per_centroid=1,
        max_points_per_centroid=len(sample),
    )
    kmeans.train(sample)
    centers = np.ascontiguousarray(kmeans.centroids, np.float32).reshape(lists, -1)
    nearest = nearest_centers(sample, centers)
    residuals = sample - centers[nearest]
    low, width = _ranges(residuals)
    missed = (1 - recall) * _MISSED_BY_LISTS
    reach = _reach(sample, centers, nearest, scale=count / len(sample), missed=missed)
    points = learn_points(residuals)
    sketches = Sketches(points)
    blurred = residuals - sketches.decode(sketches.encode(residuals), dim=sample.shape[1])
    return Training(
        centers=centers,
        low=low,
        width=width,
        reach=reach,
        size=count,
        scatter=_along(sample, residuals),
        missed=missed,
        points=points,
        blur=_along(sample, blurred),
    )


def nearest_centers(vectors: Vectors, centers: Vectors) -> NDArray[np.int64]:
    """Return the nearest center of each vector. Shape: (n,)."""
    use_one_thread()
    _, found = faiss.knn(np.ascontiguousarray(vectors), centers, 1)
    numbers: NDArray[np.int64] = found[:, 0].astype(np.int64)
    return numbers


def _ranges(residuals: Vectors) -> tuple[Vectors, Vectors]:
    """Return where the residuals begin, by component, and how far they reach."""
    low, high = residuals.min(axis=0), residuals.max(axis=0)
    margin = (high - low) * np.float32(_MARGIN)
    return low - margin, high - low + 2 * margin


def _along(sample: Vectors, residuals: Vectors) -> float:
    """Return how far residuals reach along vectors of the sample: the root of the mean square."""
    some = residuals[:: max(1, len(residuals) // _SCATTERED)]
    along = _some(sample) @ some.T
    return float(np.sqrt(np.mean(along**2)))


def _some(sample: Vectors) -> Vectors:
    """Return those of the sample that stand for queries."""
    return np.ascontiguousarray(sample[:: max(1, len(sample) // _QUERIES)])


def _reach(
    sample: Vectors, centers: Vectors, nearest: NDArray[np.int64], *, scale: float, missed: float
) -> Reach:
    """Measure, against exact search in the sample, in how many lists the neighbors lie.

    A neighbor of the sample at rank t stands for those of all vectors at rank t times ``scale``.
    """
    ranks = [round(depth / scale) for depth in _DEPTHS]
    tried = [(depth, max(1, rank)) for depth, rank in zip(_DEPTHS, ranks, strict=True)]
    tried = [(depth, rank) for depth, rank in tried if rank < len(sample)]
    if not tried:
        nothing = np.zeros(0, np.int64)
        return Reach(nothing, nothing, np.zeros((0, len(centers)), np.float32))
    queries = _some(sample)
    use_one_thread()
    # Each query is its own nearest neighbor, which proves nothing.
    _, found = faiss.knn(queries, sample, tried[-1][1] + 1, faiss.METRIC_INNER_PRODUCT)
    _, order = faiss.knn(queries, centers, len(centers), faiss.METRIC_INNER_PRODUCT)
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(len(centers))[None, :], axis=1)
    visits = np.take_along_axis(place, nearest[found[:, 1:]], axis=1)
    lists = [_enough(visits[:, :rank], share=1 - missed) for _, rank in tried]
    spread = [_spread(visits[:, :rank], len(centers)) for _, rank in tried]
    depths = np.array([depth for depth, _ in tried])
    return Reach(depths, np.maximum.accumulate(lists), np.array(spread, np.float32))


def _enough(visits: NDArray[np.int64], *, share: float) -> int:
    """Return how many visits find the share of neighbors that is asked for."""
    return int(np.quantile(visits, share, method="higher")) + 1


def _spread(visits: NDArray[np.int64], lists: int) -> NDArray[np.float64]:
    """Return the share of neighbors that each visit finds."""
    shares: NDArray[np.float64] = np.bincount(visits.ravel(), minlength=lists) / visits.size
    return shares

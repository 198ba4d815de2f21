"""The nearest rows of an array: found by FAISS, decided by exact similarities.

FAISS adds up in float32, in an order that depends on the processor, on how many queries come
together and on the selector, so it may order near ties one way today and another tomorrow. Here it
only proposes: all rows that can be among the best, given the largest error that its sums can have.
Their similarities are then computed in float64, row by row, and rounded once. So a similarity
depends on the two vectors alone, and equal vectors tie exactly.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import faiss
import numpy as np

from index.protocol import Mask, RowHits, Rows, Vectors

# From 16 queries of 384 components on, one matrix product beats a scan for each: measured equal at
# 8, four times as fast at 100. FAISS 1.15 counts components here and begins at 128,000; older ones
# count queries, and then only speed is lost.
PRODUCT_FROM = 16
faiss.cvar.distance_compute_blas_threshold = PRODUCT_FROM * 384

# Rows fetched beyond k, so that near ties at the border rarely need a second pass.
_SLACK = 16

# So many queries are multiplied with the vectors at once: each is a scan of memory otherwise.
TOGETHER_FROM = 3

# A sum of n float32 products of unit vectors is off by at most n * 2**-24 (Higham, Accuracy and
# Stability of Numerical Algorithms, 3.1); twice that also covers rounding and the tolerated length.
_ERROR_PER_COMPONENT = 2.0**-23


def nearest(
    queries: Vectors, vectors: Vectors, *, k: int, eligible: Mask | None, ids: Sequence[str]
) -> list[RowHits]:
    """Return the ``k`` nearest eligible rows for each query, ties in the order of their ids.

    Shape: queries (q, dim), vectors (rows, dim), eligible (rows,), ids one for each row.
    """
    count = len(vectors) if eligible is None else int(np.count_nonzero(eligible))
    if count <= k + _SLACK:
        # Nearly all of the few rows that qualify are the answer: nothing is left to find.
        rows = np.arange(len(vectors)) if eligible is None else np.flatnonzero(eligible)
        return [best_of(query, vectors, rows, k=k, ids=ids) for query in queries]
    proposals = _proposals(np.ascontiguousarray(queries), vectors, k=k, eligible=eligible)
    return [
        best_of(query, vectors, rows, k=k, ids=ids)
        for query, rows in zip(queries, proposals, strict=True)
    ]


def near_any(
    queries: Vectors,
    vectors: Vectors,
    *,
    k: int,
    eligible: Mask | None,
    ids: Sequence[str],
    among: Rows | None = None,
) -> Rows:
    """Return the rows that ``nearest`` gives for any of the queries, each once and ascending.

    Without their order: only those whose float32 sum does not tell on which side of the border
    they are have to be computed exactly.

    Shape: queries (q, dim), vectors (rows, dim), eligible (rows,), ids one for each row; ``among``
    (n,), ascending: eligible rows that no other can be better than, if these are known.
    """
    if among is None:
        among = np.arange(len(vectors)) if eligible is None else np.flatnonzero(eligible)
    if len(among) <= k:
        return among
    # To take most rows out would copy them.
    if 2 * len(among) < len(vectors):
        similarities = _cosines(queries, vectors[among])
    else:
        similarities = _cosines(queries, vectors)
        if len(among) < len(vectors):
            similarities = similarities[:, among]
    last = np.partition(similarities, len(among) - k, axis=1)[:, len(among) - k]
    off = margin(vectors)
    floors = np.minimum(last, 1) - off
    ceilings = last + off
    # Similarities are clipped to [-1, 1], so all near or beyond either end may be ties.
    floors[floors <= -1] = np.finfo(np.float32).min
    ceilings[ceilings >= 1 - off] = np.inf
    inside = similarities > ceilings[:, None]
    border = (similarities >= floors[:, None]) & ~inside
    chosen: Mask = np.asarray(inside.any(axis=0), dtype=np.bool_)
    for query, sure, unsure in zip(queries, inside.sum(axis=1).tolist(), border, strict=True):
        places = np.flatnonzero(unsure)
        if len(places) > k - sure:
            best = best_of(query, vectors, among[places], k=k - sure, ids=ids).rows
            places = np.searchsorted(among, best)
        chosen[places] = True
    return among[chosen]


def _cosines(queries: Vectors, vectors: Vectors) -> Vectors:
    """Return the cosine of each vector with each query, in float32. Shape: (q, rows)."""
    if len(queries) < TOGETHER_FROM:
        return np.stack([cosines_of(query, vectors) for query in queries])
    found: Vectors = queries @ vectors.T
    return found


def margin(vectors: Vectors) -> float:
    """Return by how much two float32 sums of products may be off at the most."""
    return 2 * _ERROR_PER_COMPONENT * int(vectors.shape[1])


def best_of(query: Vectors, vectors: Vectors, rows: Rows, *, k: int, ids: Sequence[str]) -> RowHits:
    """Return the best ``k`` of the given rows."""
    return ranked(rows, similarities_of(query, vectors[rows]), k=k, ids=ids)


def ranked(rows: Rows, similarities: Vectors, *, k: int, ids: Sequence[str]) -> RowHits:
    """Return the best ``k`` of rows, ties in the order of their ids. Shape: both (rows,)."""
    if len(rows) > k:
        kept = similarities >= kth_best(similarities, k)
        rows, similarities = rows[kept], similarities[kept]
    order = np.argsort(-similarities, kind="stable")
    rows, similarities = rows[order], similarities[order]
    for start, end in _ties(similarities):
        rows[start:end] = sorted(rows[start:end].tolist(), key=ids.__getitem__)
    return RowHits(rows[:k], similarities[:k])


def kth_best(similarities: Vectors, k: int) -> float:
    """Return the ``k``-th highest of at least ``k`` similarities."""
    return float(np.partition(similarities, -k)[-k])


def _ties(similarities: Vectors) -> Iterator[tuple[int, int]]:
    """Yield where runs of equal similarities start and end, in a descending column."""
    differs = similarities[1:] != similarities[:-1]
    if differs.all():
        return
    ends = np.flatnonzero(differs) + 1
    starts = [0, *ends.tolist()]
    for start, end in zip(starts, [*starts[1:], len(similarities)], strict=True):
        if end - start > 1:
            yield start, end


def similarities_of(query: Vectors, vectors: Vectors) -> Vectors:
    """Return the cosine of each vector with the query, the same whatever its neighbors are."""
    # Products of float32 are exact in float64, and numpy adds each contiguous row by itself;
    # a matrix product would sum in an order that depends on the number of rows.
    cosines = (vectors.astype(np.float64) * query.astype(np.float64)).sum(axis=1)
    similarities: Vectors = np.clip(cosines.astype(np.float32), -1, 1)
    return similarities


def _proposals(
    queries: Vectors, vectors: Vectors, *, k: int, eligible: Mask | None
) -> Iterator[Rows]:
    """Yield, for each query, eligible rows among which the ``k`` best and all their ties are."""
    selector = Selector(eligible)
    similarities, rows = _search(queries, vectors, k=k + _SLACK, selector=selector)
    off = margin(vectors)
    # Similarities are clipped to [-1, 1], so all beyond 1, and all below -1, are ties.
    floors = np.minimum(similarities[:, k - 1], 1) - off
    floors[floors <= -1] = -np.inf
    for at, floor in enumerate(floors):
        if similarities[at, -1] < floor:
            yield rows[at, similarities[at] >= floor]
        else:
            yield _above(queries[at], vectors, floor=float(floor), selector=selector)


class Selector:
    """Eligible rows as FAISS wants them; owns the bits that FAISS only points to."""

    def __init__(self, eligible: Mask | None) -> None:
        self.pointer: faiss.IDSelectorBitmap | None = None
        if eligible is not None:
            self._bits = np.packbits(eligible, bitorder="little")
            self.pointer = faiss.IDSelectorBitmap(len(self._bits), faiss.swig_ptr(self._bits))


def cosines_of(query: Vectors, vectors: Vectors) -> Vectors:
    """Return the cosine of each vector with the query, in float32. Shape: (rows,)."""
    # numpy would ask its BLAS, whose threads spin for milliseconds where cores are scarce.
    found = np.empty(len(vectors), np.float32)
    faiss.fvec_inner_products_ny(  # type: ignore[attr-defined]  # left out of its types
        faiss.swig_ptr(found),
        faiss.swig_ptr(np.ascontiguousarray(query)),
        faiss.swig_ptr(vectors),
        vectors.shape[1],
        len(vectors),
    )
    return found


def _search(
    queries: Vectors, vectors: Vectors, *, k: int, selector: Selector
) -> tuple[Vectors, Rows]:
    """Run what ``IndexFlatIP.search`` runs, on an array that stays ours. Shape: both (q, k)."""
    similarities = np.empty((len(queries), k), np.float32)
    rows = np.empty((len(queries), k), np.int64)
    use_one_thread()
    faiss.knn_inner_product(
        faiss.swig_ptr(queries),
        faiss.swig_ptr(vectors),
        vectors.shape[1],
        len(queries),
        len(vectors),
        k,
        faiss.swig_ptr(similarities),
        faiss.swig_ptr(rows),
        selector.pointer,
    )
    return similarities, rows


def _above(query: Vectors, vectors: Vectors, *, floor: float, selector: Selector) -> Rows:
    """Return all eligible rows above a similarity."""
    result: Any = faiss.RangeSearchResult(1)
    use_one_thread()
    faiss.range_search_inner_product(
        faiss.swig_ptr(query),
        faiss.swig_ptr(vectors),
        vectors.shape[1],
        1,
        len(vectors),
        floor,
        result,
        selector.pointer,
    )
    found = int(faiss.rev_swig_ptr(result.lims, 2)[1])
    # A copy, because the memory goes with the result.
    rows: Rows = faiss.rev_swig_ptr(result.labels, found).copy()
    return rows


def use_one_thread() -> None:
    """Keep FAISS from starting threads of its own in the thread that calls.

    They do not survive a fork (a search in the child hangs), and the service already runs one
    query per thread and core. OpenMP keeps the setting by thread, so each search makes it.
    """
    faiss.omp_set_num_threads(1)

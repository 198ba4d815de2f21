"""Cosines: how near everything in an index is to some vectors."""

from index import VectorIndex
from service.matching.ports import Vectors


def cosines(index: VectorIndex, queries: Vectors) -> list[dict[str, float]]:
    """Return for each query the cosine of every id, nearest first, ties by id.

    Args:
        index: which to search whole.
        queries: float32 ``(n, dim)``, unit length.
    """
    if not len(index):
        return [{} for _ in queries]
    found = index.search_rows(queries, k=len(index))
    return [
        dict(zip(index.ids_of(hits.rows), hits.similarities.tolist(), strict=True))
        for hits in found
    ]

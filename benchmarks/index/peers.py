"""One peer in one process on one core: ``python -m benchmarks.index.peers NAME FOLDER``.

All peers hold the same vectors and ask with the same filters. Of those that can be tuned, each
cell takes the least effort that reaches the recall asked for. Prints JSON.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.index.data import CELLS, Cell, Data, K, load, recall
from benchmarks.index.filters import Filter

RECALL = 0.98
# Asked with each filter; the slow ones take long.
_ASKED = 20
_UNFILTERED = 100
# A peer that takes longer than this for a cell is told by the queries done until then.
_PATIENCE_S = 3.0
# After so long no further cell is begun; the report leaves them open.
_ALL_CELLS_S = 150.0

Found = NDArray[np.int64]
Nearest = Callable[[NDArray[np.float32], int, int], Found]

_DEPTHS = (32, 128, 512)


class Question(NamedTuple):
    """What a peer is asked: the nearest K, of those that pass if there is a filter.

    The mask says the same as the filter, for those that take rows. ``effort`` is how deep to look.
    """

    query: NDArray[np.float32]
    effort: int
    chosen: Filter | None = None
    mask: NDArray[np.bool_] | None = None


class Peer(Protocol):
    """What a peer has to do. ``efforts`` ascend; one that cannot be tuned has a single one."""

    @property
    def efforts(self) -> Sequence[int]:
        """How deep it may look."""
        ...

    def search(self, question: Question) -> Found:
        """Return the rows nearest to the query; K of them if so many pass."""
        ...


class Onramp:
    """Our own index, exact as it is at this size, or gone over to codes."""

    efforts = (0,)

    def __init__(self, data: Data, *, codes: bool) -> None:
        from index import GrowingIndex, Growth  # noqa: PLC0415  # each peer loads its own library

        count = len(data.vectors)
        growth = Growth(exact_up_to=count // 2) if codes else None
        names = [str(row) for row in range(count)]
        self._index = GrowingIndex.build(names, np.ascontiguousarray(data.vectors), growth=growth)
        self._index.settle()

    def search(self, question: Question) -> Found:
        """Search, with the mask if there is one."""
        return self._index.search_rows(question.query[None], k=K, mask=question.mask)[0].rows


class PostFiltered:
    """Asks for more than K and drops what does not pass, until K are left or all were seen."""

    def __init__(self, nearest: Nearest, *, count: int, efforts: Sequence[int]) -> None:
        self.efforts = efforts
        self._nearest = nearest
        self._count = count

    def search(self, question: Question) -> Found:
        """Search, drop, and search for more."""
        if question.mask is None:
            return self._nearest(question.query, K, question.effort)
        fetched = 4 * K
        while True:
            rows = self._nearest(question.query, fetched, max(question.effort, fetched))
            passing = rows[question.mask[rows]][:K]
            if len(passing) == K or fetched == self._count:
                return passing
            fetched = min(4 * fetched, self._count)


def faiss_flat(data: Data) -> Peer:
    """Return plain FAISS, exact, with post-filtering."""
    import faiss  # noqa: PLC0415  # each peer loads its own library

    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatIP(data.vectors.shape[1])
    index.add(np.ascontiguousarray(data.vectors))

    def nearest(query: NDArray[np.float32], k: int, _effort: int) -> Found:
        rows: Found = index.search(query[None], k)[1][0]
        return rows

    return PostFiltered(nearest, count=len(data.vectors), efforts=[0])


def faiss_hnsw(data: Data) -> Peer:
    """Return FAISS' graph with post-filtering."""
    import faiss  # noqa: PLC0415

    index = faiss.IndexHNSWFlat(data.vectors.shape[1], 16, faiss.METRIC_INNER_PRODUCT)
    index.add(np.ascontiguousarray(data.vectors))
    faiss.omp_set_num_threads(1)
    # FAISS' own stubs leave it out.
    parameters: Any = getattr(faiss, "SearchParametersHNSW")  # noqa: B009

    def nearest(query: NDArray[np.float32], k: int, effort: int) -> Found:
        depth = parameters(efSearch=max(effort, k))
        rows: Found = index.search(query[None], k, params=depth)[1][0]
        return rows[rows >= 0]

    return PostFiltered(nearest, count=len(data.vectors), efforts=_DEPTHS)


def usearch(data: Data) -> Peer:
    """Return usearch; its Python library has no filter, so the same is done as with FAISS."""
    from usearch.index import Index  # noqa: PLC0415

    index = Index(ndim=data.vectors.shape[1], metric="ip", dtype="f32")
    index.add(np.arange(len(data.vectors)), np.ascontiguousarray(data.vectors), threads=2)

    def nearest(query: NDArray[np.float32], k: int, effort: int) -> Found:
        index.expansion_search = max(effort, k)
        rows: Found = index.search(query, k, threads=1).keys.astype(np.int64)
        return rows

    return PostFiltered(nearest, count=len(data.vectors), efforts=_DEPTHS)


class Hnswlib:
    """hnswlib, whose filter is a function of Python that is called for each element met."""

    efforts = _DEPTHS

    def __init__(self, data: Data) -> None:
        import hnswlib  # noqa: PLC0415

        self._index = hnswlib.Index(space="ip", dim=data.vectors.shape[1])
        self._index.init_index(len(data.vectors), ef_construction=200, M=16)
        self._index.add_items(np.ascontiguousarray(data.vectors), num_threads=2)
        self._index.set_num_threads(1)

    def search(self, question: Question) -> Found:
        """Search; with a filter it fails where it meets fewer than K."""
        self._index.set_ef(max(question.effort, K))
        passes = None if question.mask is None else question.mask.tolist().__getitem__
        try:
            rows, _ = self._index.knn_query(question.query, k=K, num_threads=1, filter=passes)
        except RuntimeError:
            return np.zeros(0, np.int64)
        found: Found = rows[0].astype(np.int64)
        return found


class LanceDb:
    """LanceDB with its IVF index and prefilters."""

    efforts = (10, 40, 160, 316)

    def __init__(self, data: Data) -> None:
        import lancedb  # noqa: PLC0415
        import pyarrow as pa  # noqa: PLC0415

        self._folder = tempfile.TemporaryDirectory()
        dim = data.vectors.shape[1]
        flat = pa.array(np.ascontiguousarray(data.vectors).ravel())
        table = pa.table(
            {
                "row": np.arange(len(data.vectors)),
                "field": data.columns.fields,
                "number": data.columns.numbers,
                "vector": pa.FixedSizeListArray.from_arrays(flat, dim),
            }
        )
        self._table = lancedb.connect(self._folder.name).create_table("made", table)
        self._table.create_index(
            metric="dot", num_partitions=316, vector_column_name="vector", index_type="IVF_FLAT"
        )
        self._table.create_scalar_index("field")
        self._table.create_scalar_index("number")

    def search(self, question: Question) -> Found:
        """Search, with a condition if there is one."""
        asked = self._table.search(question.query, vector_column_name="vector")
        asked = asked.distance_type("dot").nprobes(question.effort).select(["row"])
        if question.chosen:
            condition = _condition(question.chosen, "field IN ({})", " AND ")
            asked = asked.where(condition, prefilter=True)
        rows: Found = asked.limit(K).to_arrow()["row"].to_numpy().astype(np.int64)
        return rows


class Qdrant:
    """Qdrant's local mode, which compares with every vector."""

    efforts = (0,)

    def __init__(self, data: Data) -> None:
        from qdrant_client import QdrantClient, models  # noqa: PLC0415

        self._models = models
        self._client = QdrantClient(":memory:")
        size = data.vectors.shape[1]
        self._client.create_collection(
            "made", vectors_config=models.VectorParams(size=size, distance=models.Distance.DOT)
        )
        step = 5_000
        for start in range(0, len(data.vectors), step):
            rows = range(start, min(start + step, len(data.vectors)))
            payloads = [
                {"field": int(data.columns.fields[row]), "number": int(data.columns.numbers[row])}
                for row in rows
            ]
            self._client.upsert(
                "made",
                models.Batch(
                    ids=list(rows),
                    vectors=data.vectors[rows.start : rows.stop].tolist(),
                    payloads=payloads,
                ),
            )

    def search(self, question: Question) -> Found:
        """Search, with a condition if there is one."""
        found = self._client.query_points(
            "made",
            query=question.query.tolist(),
            limit=K,
            query_filter=self._filter(question.chosen),
            with_payload=False,
        )
        return np.array([point.id for point in found.points], np.int64)

    def _filter(self, chosen: Filter | None) -> Any:
        if chosen is None:
            return None
        models = self._models
        must = [models.FieldCondition(key="number", range=models.Range(lt=chosen.below))]
        if chosen.fields is not None:
            any_of = models.MatchAny(any=chosen.fields.tolist())
            must.append(models.FieldCondition(key="field", match=any_of))
        return models.Filter(must=must)


class Milvus:
    """Milvus Lite."""

    efforts = (10, 40, 160, 316)

    def __init__(self, data: Data) -> None:
        from pymilvus import DataType, MilvusClient  # noqa: PLC0415

        self._folder = tempfile.TemporaryDirectory()
        self._client = MilvusClient(f"{self._folder.name}/made.db")
        schema = self._client.create_schema()
        schema.add_field("row", DataType.INT64, is_primary=True)
        schema.add_field("field", DataType.INT64)
        schema.add_field("number", DataType.INT64)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=data.vectors.shape[1])
        index = self._client.prepare_index_params()
        index.add_index("vector", index_type="IVF_FLAT", metric_type="IP", params={"nlist": 316})
        self._client.create_collection("made", schema=schema, index_params=index)
        step = 2_000
        for start in range(0, len(data.vectors), step):
            rows = range(start, min(start + step, len(data.vectors)))
            self._client.insert(
                "made",
                [
                    {
                        "row": row,
                        "field": int(data.columns.fields[row]),
                        "number": int(data.columns.numbers[row]),
                        "vector": data.vectors[row],
                    }
                    for row in rows
                ],
            )
        self._client.flush("made")
        self._client.load_collection("made")

    def search(self, question: Question) -> Found:
        """Search, with a condition if there is one."""
        chosen = question.chosen
        (found,) = self._client.search(
            "made",
            data=[question.query],
            limit=K,
            filter=_condition(chosen, "field in [{}]", " and ") if chosen else "",
            search_params={"metric_type": "IP", "params": {"nprobe": question.effort}},
        )
        return np.array([hit["row"] for hit in found], np.int64)


PEERS: dict[str, Callable[[Data], Peer]] = {
    "onramp, exact": lambda data: Onramp(data, codes=False),
    "onramp, codes": lambda data: Onramp(data, codes=True),
    "faiss flat, post-filtered": faiss_flat,
    "faiss hnsw, post-filtered": faiss_hnsw,
    "hnswlib": Hnswlib,
    "usearch, post-filtered": usearch,
    "lancedb": LanceDb,
    "qdrant local": Qdrant,
    "milvus lite": Milvus,
}


def measure(name: str, folder: Path) -> dict[str, Any]:
    """Return the figures of one peer: unfiltered, and for each cell."""
    data = load(folder)
    began = time.perf_counter()
    peer = PEERS[name](data)
    built = time.perf_counter() - began
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    plain = _least(
        peer,
        lambda query, effort: Question(data.queries[query], effort),
        data.nearest,
        asked=_UNFILTERED,
    )
    asked = time.perf_counter()
    cells = {
        str(cell): _cell(peer, data, cell)
        for cell in CELLS
        if time.perf_counter() - asked < _ALL_CELLS_S
    }
    return {"build_s": built, "unfiltered": plain, "cells": cells}


def _cell(peer: Peer, data: Data, cell: Cell) -> dict[str, float]:
    chosen = [data.filter(cell, query) for query in range(_ASKED)]
    masks = [data.columns.mask(each) for each in chosen]
    return _least(
        peer,
        lambda query, effort: Question(data.queries[query], effort, chosen[query], masks[query]),
        data.passing[str(cell)],
        asked=_ASKED,
    )


def _least(
    peer: Peer, question: Callable[[int, int], Question], right: Found, *, asked: int
) -> dict[str, float]:
    """Return the figures at the least effort of the recall asked for, else at the greatest."""
    found: dict[str, float] = {}
    for effort in peer.efforts:
        questions = [question(query, effort) for query in range(asked)]
        found = {**_timed(peer, questions, right), "effort": effort}
        if found["recall10"] >= RECALL:
            break
    return found


def _timed(peer: Peer, questions: Sequence[Question], right: Found) -> dict[str, float]:
    took: list[float] = []
    recalls = []
    peer.search(questions[0])
    for question, wanted in zip(questions, right, strict=False):
        began = time.perf_counter()
        rows = peer.search(question)
        took.append(time.perf_counter() - began)
        recalls.append(recall(rows, wanted))
        if sum(took) > _PATIENCE_S:
            break
    return {
        "p50_ms": float(np.median(took) * 1000),
        "mean_ms": float(np.mean(took) * 1000),
        "recall10": float(np.mean(recalls)),
        "asked": len(took),
    }


def _condition(chosen: Filter, fields: str, both: str) -> str:
    parts = [f"number < {chosen.below}"]
    if chosen.fields is not None:
        parts.append(fields.format(", ".join(map(str, chosen.fields.tolist()))))
    return both.join(parts)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))

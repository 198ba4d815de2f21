"""Records of one kind in memory: by vector and by skill, for learners, jobs and credentials."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from index import ExactIndex
from service.domain.ids import SkillId
from service.indexing.cosines import cosines
from service.indexing.vocabulary import Vocabulary
from service.matching.ports import Holders, Vectors

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Strengths = Sequence[tuple[SkillId, float]]


@dataclass(frozen=True, slots=True, eq=False)
class _Flat:
    """All links as flat arrays: row ``i`` has ``starts[i]:starts[i + 1]``."""

    starts: Rows
    skills: Rows
    strengths: Vectors
    live: Mask


class HolderIndex:
    """Vectors and skill strengths of one kind of record, by row."""

    def __init__(self, dim: int, vocabulary: Vocabulary) -> None:
        self._index = ExactIndex.build([], np.empty((0, dim), dtype=np.float32))
        self._vocabulary = vocabulary
        self._links: list[tuple[Rows, Vectors] | None] = []
        self._flat: _Flat | None = None
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._index)

    def __contains__(self, record_id: str) -> bool:
        return record_id in self._index

    @property
    def row_count(self) -> int:
        """How many rows have been handed out; removed ones included."""
        return len(self._links)

    def upsert(self, ids: Sequence[str], vectors: Vectors, strengths: Sequence[Strengths]) -> Rows:
        """Add records, or replace those that are there; return their rows."""
        with self._lock:
            rows: Rows = self._index.upsert(ids, vectors)
            for row, links in zip(rows.tolist(), strengths, strict=True):
                self._put(row, links)
            self._flat = None
            return rows

    def set_strengths(self, record_id: str, strengths: Strengths) -> None:
        """Replace the skills of a record that is there."""
        with self._lock:
            self._put(int(self._index.rows_of([record_id])[0]), strengths)
            self._flat = None

    def remove(self, record_id: str) -> None:
        """Forget a record; an unknown one is no error."""
        with self._lock:
            if record_id not in self._index:
                return
            row = int(self._index.rows_of([record_id])[0])
            self._index.discard([record_id])
            self._links[row] = None
            self._flat = None

    def rows_of(self, ids: Sequence[str]) -> Rows:
        """Return the rows of those of the ids that are there."""
        return self._index.rows_of([each for each in ids if each in self._index])

    def cosines(self, queries: Vectors) -> list[dict[str, float]]:
        """Return for each query the cosine of every record by id, nearest first."""
        return cosines(self._index, queries)

    def retrieve(
        self,
        query: Vectors,
        *,
        k: int,
        skills: Sequence[SkillId],
        admitted: Callable[[int], tuple[Mask, Mask]] | None = None,
    ) -> Holders:
        """Return the records nearest to the query, and those with one of the skills.

        Args:
            query: float32 ``(dim,)``, unit length.
            k: at most so many by vector, and as many by skill.
            skills: a record that has one of them is retrieved whatever its vector.
            admitted: given the number of rows, two masks by row: which satisfy the constraints,
                and for which one is unknown. Everything is admitted without it.
        """
        # Held from the flat arrays to the vectors, so that no write comes in between.
        with self._lock:
            flat = self._flattened()
            count = len(flat.live)
            satisfied, unknown = admitted(count) if admitted else (flat.live, ~flat.live)
            allowed = (satisfied | unknown) & flat.live
            near = self._near(query, k, allowed)
            rows = np.union1d(near, self._skilled(skills, k, allowed, flat))
            return self._holders(query, rows, flat, unknown, int((satisfied & flat.live).sum()))

    def _near(self, query: Vectors, k: int, allowed: Mask) -> Rows:
        if not allowed.any():
            return np.empty(0, dtype=np.int64)
        rows: Rows = self._index.search_rows(query[None, :], k=k, mask=allowed)[0].rows
        return rows

    def _skilled(self, skills: Sequence[SkillId], k: int, allowed: Mask, flat: _Flat) -> Rows:
        if not len(flat.skills) or not skills:
            return np.empty(0, dtype=np.int64)
        wanted = np.zeros(self._vocabulary.number_count, dtype=np.float32)
        wanted[self._vocabulary.numbers_of(skills)] = 1.0
        gains = np.concatenate([[0.0], np.cumsum(wanted[flat.skills] * flat.strengths)])
        score = gains[flat.starts[1:]] - gains[flat.starts[:-1]]
        rows = np.flatnonzero((score > _NOTHING) & allowed)
        if len(rows) <= k:
            return rows
        order = sorted(zip((-score[rows]).round(6), self._index.ids_of(rows), rows, strict=True))
        return np.array([row for _, _, row in order[:k]], dtype=np.int64)

    def _holders(
        self, query: Vectors, rows: Rows, flat: _Flat, unknown: Mask, qualifying: int
    ) -> Holders:
        ids = self._index.ids_of(rows)
        order = sorted(range(len(ids)), key=ids.__getitem__)
        rows = rows[order]
        ids = [ids[place] for place in order]
        lengths = flat.starts[rows + 1] - flat.starts[rows]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        links = np.repeat(flat.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        numbers, skills = np.unique(flat.skills[links], return_inverse=True)
        vectors = self._index.vectors_of(ids) if ids else np.empty((0, len(query)), np.float32)
        return Holders(
            ids=tuple(ids),
            similarity=(vectors @ query).astype(np.float32),
            starts=starts,
            skills=skills.astype(np.int64),
            strengths=flat.strengths[links],
            vocabulary=self._vocabulary.ids_by_number(numbers),
            vectors=self._vocabulary.vectors_by_number(numbers),
            unknown=unknown[rows],
            qualifying=qualifying,
        )

    def _put(self, row: int, links: Strengths) -> None:
        while len(self._links) <= row:
            self._links.append(None)
        self._links[row] = (
            self._vocabulary.numbers_of(skill for skill, _ in links),
            np.array([strength for _, strength in links], dtype=np.float32),
        )

    def _flattened(self) -> _Flat:
        if self._flat is None:
            self._flat = _flatten(self._links)
        return self._flat


# Sums of differences of a running total leave dust behind.
_NOTHING = 1e-6


def _flatten(links: list[tuple[Rows, Vectors] | None]) -> _Flat:
    lengths = [len(each[0]) if each else 0 for each in links]
    present = [each for each in links if each is not None]
    empty = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))
    return _Flat(
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        skills=np.concatenate([empty[0], *(each[0] for each in present)]).astype(np.int64),
        strengths=np.concatenate([empty[1], *(each[1] for each in present)]).astype(np.float32),
        live=np.array([each is not None for each in links], dtype=np.bool_),
    )

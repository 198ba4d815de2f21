"""Records of one kind in memory by vector, by skill and by word: learners, jobs, credentials."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import TOLERANCE, GrowingIndex, Growth, UnknownIds
from service.domain.ids import SkillId
from service.indexing.cosines import cosines
from service.indexing.flat import FlatLinks, Numbered, Rows
from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.recurring import Recurring
from service.indexing.vocabulary import Vocabulary
from service.indexing.words import Scores, Words
from service.matching.ports import Holders, Vectors, WordHit

Mask = NDArray[np.bool_]
Strengths = Sequence[tuple[SkillId, float]]

# For so many records retrieved by vector, one by word: what only a word finds is little, and
# whatever is retrieved has to be ranked.
VECTORS_FOR_A_WORD = 4
DEFAULT_GROWTH = Growth()
NOTHING = Numbered(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))


class HolderIndex:
    """Vectors, skill strengths and words of one kind of record, by row."""

    def __init__(
        self, dim: int, vocabulary: Vocabulary, *, growth: Growth = DEFAULT_GROWTH
    ) -> None:
        self._growth = growth
        self._index = GrowingIndex(dim, growth=growth)
        self._recurring = Recurring()
        self._dim = dim
        self._vocabulary = vocabulary
        self._words = Words()
        self._flat = FlatLinks()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._index)

    def __contains__(self, record_id: str) -> bool:
        return record_id in self._index

    @property
    def index_kind(self) -> str:
        """How vectors are searched at present: exact or quantized."""
        return self._index.kind

    @property
    def index_swaps(self) -> int:
        """How often codes came into place, by which a search may find something else."""
        return self._index.swaps

    @property
    def tolerance(self) -> float:
        """By how much a component of ``vectors_of`` may be off; 0 while the index is exact."""
        return 0.0 if self._index.kind == _EXACT else TOLERANCE

    @property
    def row_count(self) -> int:
        """How many rows have been handed out; removed ones included."""
        return self._flat.row_count

    def upsert(
        self,
        ids: Sequence[str],
        vectors: Vectors,
        strengths: Sequence[Strengths],
        *,
        texts: Sequence[str],
    ) -> Rows:
        """Add records, or replace those that are there; return their rows."""
        with self._lock:
            rows: Rows = self._index.upsert(ids, vectors)
            self._recurring.note(rows.tolist())
            self._flat.put(rows.tolist(), [self._numbered(links) for links in strengths])
            self._words.put(rows.tolist(), texts)
            return rows

    def upsert_bare(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add records that are new, and whose skills and words come later."""
        with self._lock:
            rows = self._index.upsert(ids, vectors).tolist()
            self._recurring.note(rows)
            self._flat.put(rows, [NOTHING] * len(rows))

    def set_texts(self, ids: Sequence[str], texts: Sequence[str]) -> None:
        """Replace the words of records that are there."""
        with self._lock:
            self._words.put(self._index.rows_of(ids).tolist(), texts)

    def set_strengths(self, ids: Sequence[str], strengths: Sequence[Numbered]) -> None:
        """Replace the skills of records that are there."""
        with self._lock:
            self._flat.put(self._index.rows_of(ids).tolist(), strengths)

    def remove(self, record_id: str) -> None:
        """Forget a record; an unknown one is no error."""
        with self._lock:
            if record_id not in self._index:
                return
            row = int(self._index.rows_of([record_id])[0])
            self._index.discard([record_id])
            # Nothing may stay of a learner who is erased, not even how near they were.
            self._recurring.forget()
            self._words.remove([row])
            self._flat.put([row], [None])

    def rows_of(self, ids: Sequence[str]) -> Rows:
        """Return the rows of those of the ids that are there."""
        return self.places_of(ids)[1]

    def places_of(self, ids: Sequence[str]) -> tuple[Rows, Rows]:
        """Return at which places the ids stand that are there, and the rows of these."""
        # One look at the index for all of them, since each takes its lock; again if some are not
        # there, or go away meanwhile.
        places = np.arange(len(ids))
        wanted = ids
        while True:
            try:
                return places, self._index.rows_of(wanted)
            except UnknownIds as error:
                gone = set(error.ids)
            places = np.array([at for at in places.tolist() if ids[at] not in gone], np.int64)
            wanted = [ids[at] for at in places.tolist()]

    def cosines(self, queries: Vectors) -> list[dict[str, float]]:
        """Return for each query the cosine of every record by id, nearest first."""
        return cosines(self._index, queries)

    def vectors_of(self, ids: Sequence[str]) -> Vectors:
        """Return float32 ``(len(ids), dim)``; a row of zeros for an unknown record."""
        with self._lock:
            places, _ = self.places_of(ids)
            found = np.zeros((len(ids), self._dim), dtype=np.float32)
            found[places] = self._index.vectors_of([ids[at] for at in places.tolist()])
            return found

    def retrieve(
        self,
        query: Vectors,
        *,
        k: int,
        skills: Sequence[SkillId],
        words: str = "",
        links_to: Collection[SkillId] | None = None,
        admitted: Callable[[int], tuple[Mask, Mask]] | None = None,
    ) -> Holders:
        """Return the records nearest to the query, and those with one of the skills or words.

        Args:
            query: float32 ``(dim,)``, unit length; or ``(q, dim)``, of which the first gives the
                similarities.
            k: at most so many for each query by vector, as many by skill, and a quarter of them
                by word.
            skills: a record that has one of them is retrieved whatever its vector.
            words: a text; the records that fit its words best are retrieved as well.
            links_to: only links to these skills come with the records; all do without it.
            admitted: given the number of rows, two masks by row: which satisfy the constraints,
                and for which one is unknown. Everything is admitted without it.
        """
        queries = np.atleast_2d(query)
        # Held from the flat arrays to the vectors, so that no write comes in between.
        with self._lock:
            flat = self._flat
            count = flat.row_count
            satisfied, unknown = admitted(count) if admitted else (flat.live, ~flat.live)
            allowed = (satisfied | unknown) & flat.live
            chosen = np.zeros(count, dtype=np.bool_)
            chosen[self._near(queries, k, allowed)] = True
            scores = self._words.scores(words, count=count)
            chosen[self._among_best(scores, -(-k // VECTORS_FOR_A_WORD), allowed)] = True
            chosen[self._skilled(skills, k, allowed, flat)] = True
            rows, ids = self._by_id(np.flatnonzero(chosen))
            found = _Found(
                rows=rows,
                ids=ids,
                unknown=unknown,
                scores=scores,
                qualifying=int((satisfied & flat.live).sum()),
            )
            links = _Links(*flat.links_of(found.rows))
            if links_to is not None:
                links = self._only(links, links_to)
            return self._holders(queries[0], found, links)

    def search(self, text: str, *, k: int, allowed: Collection[str] | None = None) -> list[WordHit]:
        """Return the records that fit a text's words best; see ``WordIndex``."""
        with self._lock:
            scores = self._words.scores(text, count=self.row_count)
            mask = np.full(len(scores), allowed is None)
            mask[self.rows_of(sorted(allowed or ()))] = True
            rows = self._best(scores, k, mask)
            named = zip(self._index.ids_of(rows), scores[rows].tolist(), strict=True)
            return [WordHit(*each) for each in named]

    def _best(self, scores: Scores, k: int, allowed: Mask) -> Rows:
        """Return the rows of the ``k`` highest scores, best first, ties by id."""
        rows = np.flatnonzero((scores > 0) & allowed)
        if len(rows) > k:
            # All that are as good as the last one stay, until the ids decide.
            rows = rows[scores[rows] >= _kth(scores[rows], k)]
        order = sorted(zip((-scores[rows]).tolist(), self._index.ids_of(rows), rows, strict=True))
        return np.array([row for _, _, row in order[:k]], dtype=np.int64)

    def _among_best(self, scores: Scores, k: int, allowed: Mask) -> Rows:
        """Return the rows of ``_best`` in no order."""
        rows = np.flatnonzero((scores > 0) & allowed)
        if len(rows) <= k:
            return rows
        values = scores[rows]
        least = _kth(values, k)
        better, equal = rows[values > least], rows[values == least]
        if len(better) + len(equal) > k:
            equal = self._by_id(equal)[0][: k - len(better)]
        return np.concatenate([better, equal])

    def _near(self, queries: Vectors, k: int, allowed: Mask) -> Rows:
        if not allowed.any():
            return np.empty(0, dtype=np.int64)
        if self._index.kind != _EXACT:
            # What codes find depends on what is allowed, so nothing of it is kept.
            self._recurring.forget()
            return self._index.rows_near(queries, k=k, mask=allowed)
        known = [self._recurring.near(self._index, each, k=k, allowed=allowed) for each in queries]
        found = [rows for rows in known if rows is not None]
        if len(found) < len(queries):
            others = queries[[rows is None for rows in known]]
            found.append(self._index.rows_near(others, k=k, mask=allowed))
        return np.concatenate(found)

    def _skilled(self, skills: Sequence[SkillId], k: int, allowed: Mask, flat: FlatLinks) -> Rows:
        if not len(flat.skills) or not skills:
            return np.empty(0, dtype=np.int64)
        links = flat.links_to(self._vocabulary.numbers_of(skills))
        score = np.bincount(
            flat.owners[links], weights=flat.strengths[links], minlength=len(flat.live)
        )
        return self._among_best(score.astype(np.float64).round(_DUST_DECIMALS), k, allowed)

    def _wanted(self, skills: Collection[SkillId]) -> Mask:
        """Return for each number whether it is that of one of the skills."""
        # Numbered first, since a skill that is new to the vocabulary gets a number by it.
        numbers = self._vocabulary.numbers_of(skills)
        wanted = np.zeros(self._vocabulary.number_count, dtype=np.bool_)
        wanted[numbers] = True
        return wanted

    def _by_id(self, rows: Rows) -> tuple[Rows, tuple[str, ...]]:
        """Return rows by ascending id, and the ids."""
        ids = self._index.ids_of(rows)
        order = sorted(range(len(ids)), key=ids.__getitem__)
        return rows[order], tuple([ids[place] for place in order])

    def _only(self, links: "_Links", skills: Collection[SkillId]) -> "_Links":
        """Return those of the links that go to one of the skills."""
        kept = self._wanted(skills)[self._flat.skills[links.places]]
        before = np.concatenate([[0], np.cumsum(kept)])
        return _Links(links.places[kept], before[links.starts])

    def _holders(self, query: Vectors, found: "_Found", links: "_Links") -> Holders:
        skills = self._flat.skills[links.places]
        # Distinct by a table of all numbers, which is shorter than sorting the links.
        place = np.zeros(self._vocabulary.number_count, dtype=np.int64)
        place[skills] = 1
        numbers = np.flatnonzero(place)
        place[numbers] = np.arange(len(numbers))
        vectors = self._index.vectors_at(found.rows)
        # Some kernels of OpenBLAS say "invalid" of finite numbers (numpy/numpy#24067); these are.
        with np.errstate(invalid="ignore"):
            similarity = (vectors @ query).astype(np.float32)
        return Holders(
            ids=found.ids,
            similarity=similarity,
            word_score=found.scores[found.rows].astype(np.float32),
            starts=links.starts,
            skills=place[skills],
            strengths=self._flat.strengths[links.places],
            vocabulary=self._vocabulary.ids_by_number(numbers),
            unknown=found.unknown[found.rows],
            qualifying=found.qualifying,
        )

    def nearest_with(
        self, query: Vectors, skills: Sequence[SkillId], *, leaving_out: Sequence[str]
    ) -> dict[SkillId, str]:
        """Return for each skill the record nearest to the query that has it, ties by id.

        Args:
            query: float32 ``(dim,)``, unit length.
            skills: those that no record has are left out.
            leaving_out: records that do not count.
        """
        with self._lock:
            flat = self._flat
            counts = flat.live.copy()
            counts[self.rows_of(leaving_out)] = False
            numbers = self._vocabulary.numbers_of(skills)
            place = np.full(self._vocabulary.number_count, -1, dtype=np.int64)
            place[numbers] = np.arange(len(skills))
            links = flat.links_to(numbers)
            links = links[(flat.strengths[links] > 0) & counts[flat.owners[links]]]
            owners, asks = flat.owners[links].astype(np.int64), place[flat.skills[links]]
            similarity = self._similarities(query, owners)[owners]
            best = np.full(len(skills), -np.inf, dtype=np.float32)
            np.maximum.at(best, asks, similarity)
            # A skill has one of these, or several that tie: only their ids are looked up.
            nearest = similarity == best[asks]
            ids = self._index.ids_of(owners[nearest])
        found: dict[SkillId, str] = {}
        for at, each in zip(asks[nearest].tolist(), ids, strict=True):
            found[skills[at]] = min(found.get(skills[at], each), each)
        return found

    def _similarities(self, query: Vectors, owners: Rows) -> Vectors:
        """Return the cosine of each of these rows with a query, by row; 0 for all others."""
        wanted = np.zeros(self.row_count, dtype=np.bool_)
        wanted[owners] = True
        rows = np.flatnonzero(wanted)
        found = np.zeros(len(wanted), dtype=np.float32)
        # The same whatever else was asked for, so that ties stay.
        found[rows] = self._index.similarities_at(query, rows)
        return found

    def mean_strengths(self, leaving_out: Sequence[str]) -> Vectors | None:
        """Return the mean strength of each skill over the records, by its number.

        Args:
            leaving_out: records that do not count.

        Returns:
            float32 ``(skills,)`` in [0, 1]; none if no record counts.
        """
        with self._lock:
            flat = self._flat
            counts = flat.live.copy()
            counts[self.rows_of(leaving_out)] = False
            total = int(counts.sum())
            if not total:
                return None
            strengths = flat.strengths * counts[flat.owners]
            sums = np.bincount(
                flat.skills, weights=strengths, minlength=self._vocabulary.number_count
            )
            return (sums / total).astype(np.float32)

    def growth_held(self) -> AbstractContextManager[None]:
        """Train no codes for as long as the block lasts; at its end all vectors decide."""
        return self._index.growth_held()

    def wait_for_growth(self) -> None:
        """Wait until no codes are being trained; others may read and write meanwhile."""
        self._index.settle()

    def save(self, folder: WritingFolder) -> list[str]:
        """Write everything, the rows of removed records left out; return the ids by row."""
        with self._lock:
            ids = list(self._index.ids)
            rows = self._index.rows_of(ids)
            self._index.save(folder.path / _VECTORS, metadata={})
            self._flat.save(folder, rows)
            self._words.save(folder.folder(_WORDS), rows, count=self.row_count)
        return ids

    def load(self, folder: ReadingFolder) -> list[str]:
        """Take up what was saved; return the ids by row."""
        with self._lock:
            self._index, _ = GrowingIndex.load(folder.path / _VECTORS, growth=self._growth)
            self._recurring = Recurring()
            ids = list(self._index.ids)
            self._flat.load(folder, len(ids))
            self._words.load(folder.folder(_WORDS))
        return ids

    def _numbered(self, links: Strengths) -> Numbered:
        return Numbered(
            self._vocabulary.numbers_of(skill for skill, _ in links),
            np.array([strength for _, strength in links], dtype=np.float32),
        )


class _Found(NamedTuple):
    """What was retrieved: rows by ascending id, and columns of all rows."""

    rows: Rows
    ids: tuple[str, ...]
    unknown: Mask
    scores: Scores
    qualifying: int


class _Links(NamedTuple):
    """Places of links in the flat arrays; record ``i`` owns ``starts[i]:starts[i + 1]`` of them."""

    places: Rows
    starts: Rows


def _kth(values: Scores, k: int) -> float:
    """Return the ``k``-th highest of more than ``k`` values."""
    return float(np.partition(values, len(values) - k)[len(values) - k])


# Sums in another order leave dust behind, which must not tell equals apart.
_DUST_DECIMALS = 6
_VECTORS, _WORDS = "vectors", "words"
_EXACT = "exact"

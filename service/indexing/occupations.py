"""Occupations in memory: by title, by vector, with what they ask for."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from index import ExactIndex
from service.domain.ids import OccupationId
from service.domain.job import Occupation
from service.domain.skill import SkillLink
from service.indexing.cosines import cosines
from service.matching.names import name_key
from service.matching.ports import Vectors

_OWN, _ALTERNATE = range(2)


class Occupations:
    """Implements ``OccupationIndex``; one writer at a time, which the view sees to."""

    def __init__(self, dim: int) -> None:
        self._dim = dim
        self._index = ExactIndex.build([], np.empty((0, dim), dtype=np.float32))
        self._titles: dict[OccupationId, tuple[str, ...]] = {}
        self._links: dict[OccupationId, tuple[SkillLink, ...]] = {}
        self._vectors: dict[OccupationId, Vectors] = {}
        self._names: dict[str, list[tuple[int, OccupationId]]] = {}

    def __len__(self) -> int:
        return len(self._titles)

    def upsert(
        self,
        occupations: Sequence[Occupation],
        vectors: Vectors,
        links: Sequence[tuple[SkillLink, ...]],
    ) -> None:
        """Add occupations, or replace those that are there."""
        for occupation, vector, own in zip(occupations, vectors, links, strict=True):
            self.remove(occupation.id)
            self._put(occupation, vector, own)
        self._index.upsert([occupation.id for occupation in occupations], vectors)

    def _put(self, occupation: Occupation, vector: Vectors, links: tuple[SkillLink, ...]) -> None:
        titles = (occupation.title, *occupation.alt_titles)
        self._titles[occupation.id] = titles
        self._links[occupation.id] = tuple(
            sorted(links, key=lambda link: (-link.weight, link.skill))
        )
        self._vectors[occupation.id] = vector
        for key, rank in _keys_of(titles).items():
            self._names.setdefault(key, []).append((rank, occupation.id))

    def remove(self, occupation: OccupationId) -> None:
        """Forget an occupation; unknown ones are no error."""
        titles = self._titles.pop(occupation, None)
        if titles is None:
            return
        del self._links[occupation]
        del self._vectors[occupation]
        self._index.discard([occupation])
        for key, rank in _keys_of(titles).items():
            self._names[key].remove((rank, occupation))

    def by_title(self, title: str) -> list[OccupationId]:
        """Return the occupations that go by this normalized title, own titles first."""
        return [occupation for _, occupation in sorted(self._names.get(title, ()))]

    def by_opening(self, words: str) -> OccupationId | None:
        """Return the occupation with the most titles that begin with these normalized words.

        Ties by id; none if no title does.
        """
        opening = f"{words} "
        counts = Counter(
            occupation
            for name, entries in self._names.items()
            if name.startswith(opening)
            for _, occupation in entries
        )
        return min(counts, key=lambda each: (-counts[each], each), default=None)

    def nearest(self, vector: Vectors, *, k: int) -> list[tuple[OccupationId, float]]:
        """Return the ``k`` nearest occupations with their cosine; ties by id."""
        hits = self._index.search(vector[None, :], k=k)[0]
        return [(OccupationId(hit.id), hit.similarity) for hit in hits]

    def cosines(self, queries: Vectors) -> list[dict[str, float]]:
        """Return for each query the cosine of every occupation by id, nearest first."""
        return cosines(self._index, queries)

    def title_of(self, occupation: OccupationId) -> str | None:
        """Return the occupation's title, if there is such an occupation."""
        titles = self._titles.get(occupation)
        return titles[0] if titles else None

    def links_of(self, occupation: OccupationId) -> tuple[SkillLink, ...]:
        """Return what the occupation asks for, heaviest first; empty if unknown."""
        return self._links.get(occupation, ())

    def vectors_of(self, occupations: Sequence[OccupationId]) -> Vectors:
        """Return float32 ``(len(occupations), dim)``; zeros for an unknown occupation."""
        zeros = np.zeros(self._dim, dtype=np.float32)
        rows = [self._vectors.get(occupation, zeros) for occupation in occupations]
        return np.stack(rows) if rows else np.empty((0, self._dim), dtype=np.float32)


def _keys_of(titles: Sequence[str]) -> dict[str, int]:
    own = name_key(titles[0])
    keys = {name_key(title): _ALTERNATE for title in titles[1:]}
    keys[own] = _OWN
    return {key: rank for key, rank in keys.items() if key}

"""Occupations in memory: by title, by vector, with what they ask for."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from index import ExactIndex
from service.domain.ids import OccupationId
from service.domain.job import Occupation
from service.domain.skill import SkillLink
from service.indexing.changing import changing
from service.indexing.cosines import cosines
from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.forms import LINKS
from service.indexing.shelf import Shelf
from service.matching.names import name_key
from service.matching.ports import Vectors

_OWN, _ALTERNATE = range(2)


class Occupations:
    """Implements ``OccupationIndex``; one writer at a time, which the view sees to."""

    def __init__(self, dim: int) -> None:
        self._dim = dim
        self._index = ExactIndex.build([], np.empty((0, dim), dtype=np.float32))
        self._titles: dict[OccupationId, tuple[str, ...]] = {}
        self._links = Shelf(LINKS)
        self._names: dict[str, list[tuple[int, OccupationId]]] = {}
        # Counts when a change begins and when it ends: odd while something changes.
        self.changes = 0

    def __len__(self) -> int:
        return len(self._titles)

    @property
    def name_changes(self) -> int:
        """Another number after each time that titles came or went."""
        return self.changes

    @changing
    def upsert(
        self,
        occupations: Sequence[Occupation],
        vectors: Vectors,
        links: Sequence[tuple[SkillLink, ...]],
    ) -> None:
        """Add occupations, or replace those that are there."""
        for occupation, own in zip(occupations, links, strict=True):
            self._forget(occupation.id)
            self._put(occupation, own)
        self._index.upsert([occupation.id for occupation in occupations], vectors)

    def _put(self, occupation: Occupation, links: tuple[SkillLink, ...]) -> None:
        titles = (occupation.title, *occupation.alt_titles)
        self._titles[occupation.id] = titles
        ordered = sorted(links, key=lambda link: (-link.weight, link.skill))
        self._links.put(occupation.id, tuple(ordered))
        for key, rank in _keys_of(titles).items():
            self._names.setdefault(key, []).append((rank, occupation.id))

    @changing
    def remove(self, occupation: OccupationId) -> None:
        """Forget an occupation; unknown ones are no error."""
        self._forget(occupation)

    def _forget(self, occupation: OccupationId) -> None:
        titles = self._titles.pop(occupation, None)
        if titles is None:
            return
        self._links.pop(occupation)
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

    def named(self) -> list[tuple[OccupationId, tuple[str, ...]]]:
        """Return every occupation with its titles, its own first."""
        return list(self._titles.items())

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
        return self._links.get(occupation) or ()

    def vectors_of(self, occupations: Sequence[OccupationId]) -> Vectors:
        """Return float32 ``(len(occupations), dim)``; zeros for an unknown occupation."""
        known = [row for row, each in enumerate(occupations) if each in self._index]
        found = np.zeros((len(occupations), self._dim), dtype=np.float32)
        if known:
            found[known] = self._index.vectors_of([occupations[row] for row in known])
        return found

    def settle(self) -> None:
        """Keep as little as can be of what a question rarely looks at."""
        self._links.settle()

    def save(self, folder: WritingFolder) -> None:
        """Write everything, to be taken up by an empty one."""
        ids = list(self._index.ids)
        self._index.save(folder.path / "vectors", metadata={})
        self._links.save(folder, "links", ids)
        folder.write_json("titles", [self._titles[OccupationId(each)] for each in ids])
        folder.write_json("names", self._names)

    @changing
    def load(self, folder: ReadingFolder) -> None:
        """Take up what was saved."""
        self._index, _ = type(self._index).load(folder.path / "vectors")
        ids = self._index.ids
        self._links.load(folder, "links", {each: place for place, each in enumerate(ids)})
        titles = folder.read_json("titles")
        self._titles = {
            OccupationId(each): tuple(own) for each, own in zip(ids, titles, strict=True)
        }
        self._names = {
            key: [(rank, occupation) for rank, occupation in entries]
            for key, entries in folder.read_json("names").items()
        }


def _keys_of(titles: Sequence[str]) -> dict[str, int]:
    own = name_key(titles[0])
    keys = {name_key(title): _ALTERNATE for title in titles[1:]}
    keys[own] = _OWN
    return {key: rank for key, rank in keys.items() if key}

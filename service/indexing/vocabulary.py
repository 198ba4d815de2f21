"""The vocabulary in memory: skills by name, by number and by vector."""

from collections.abc import Callable, Iterable, Sequence
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from index import ExactIndex
from service.domain.ids import SkillId
from service.domain.skill import Skill
from service.indexing.changing import changing
from service.indexing.cosines import cosines
from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.forms import SKILL
from service.indexing.graph import FILLED_AT_ONCE, Graph, Known
from service.indexing.growing import with_room
from service.indexing.shelf import Shelf
from service.matching.evidence import KIND_CODE
from service.matching.evidence_rules import kind_of_skill
from service.matching.linking import Calibration
from service.matching.names import alias_names, name_key
from service.matching.neighbor import Neighbor
from service.matching.ports import SkillHit, Vectors

_PREFERRED, _ALTERNATIVE, _ALIAS = range(3)
_FIRST_CAPACITY = 1024


class Vocabulary:
    """Implements ``SkillIndex``; one writer at a time, which the view sees to.

    Beside the writer any thread may ask for numbers, and so number skills that are new.
    """

    def __init__(self, dim: int, bridge: Calibration) -> None:
        self._index = ExactIndex.build([], np.empty((0, dim), dtype=np.float32))
        self._skills = Shelf(SKILL)
        self._names: dict[str, list[tuple[int, SkillId]]] = {}
        self._writing = RLock()
        self._numbers: dict[SkillId, int] = {}
        self._by_number: list[SkillId] = []
        self._vectors = np.zeros((_FIRST_CAPACITY, dim), dtype=np.float32)
        self._kinds = np.zeros(_FIRST_CAPACITY, dtype=np.int8)
        # Counts when a change begins and when it ends: odd while something changes.
        self.changes = 0
        # Counts how often the kind of a skill changed that others may already have referred to.
        self.kind_changes = 0
        known = Known(
            get=self._skills.get,
            numbers_of=self.numbers_of,
            id_of=self._by_number.__getitem__,
            vectors=self._findable,
            namesakes=self._namesakes,
        )
        self._graph = Graph(known, bridge)

    def __len__(self) -> int:
        return len(self._skills)

    @property
    def name_changes(self) -> int:
        """Another number after each time that names came or went."""
        return self.changes

    @changing
    def upsert(self, skills: Sequence[Skill], vectors: Vectors) -> None:
        """Add skills, or replace those that are there; vectors as ``(len(skills), dim)``."""
        known = (self._skills.get(each.id) for each in skills)
        before = [each for each in known if each is not None]
        for skill in skills:
            self._forget_names(skill.id)
            self._skills.put(skill.id, skill)
            for rank, key in _keys_of(skill):
                self._names.setdefault(key, []).append((rank, skill.id))
        kinds = np.array([KIND_CODE[kind_of_skill(skill)] for skill in skills], dtype=np.int8)
        with self._writing:
            count = len(self._by_number)
            numbers = self.numbers_of([skill.id for skill in skills])
            self._vectors[numbers] = vectors
            self._set_kinds(numbers, kinds, known=numbers < count)
        searchable = [row for row, skill in enumerate(skills) if skill.same_as is None]
        # A skill that is another's second name is found by name, and then as that other.
        self._index.discard([skill.id for skill in skills if skill.same_as is not None])
        self._index.upsert([skills[row].id for row in searchable], vectors[searchable])
        self._graph.changed(before, skills)

    @changing
    def remove(self, skill: SkillId) -> None:
        """Forget a skill; unknown ones are no error."""
        self._forget_names(skill)
        gone = self._skills.pop(skill)
        self._index.discard([skill])
        if gone is not None:
            with self._writing:
                number = self.numbers_of([skill])
                self._vectors[number] = 0.0
                was = np.ones(1, dtype=np.bool_)
                self._set_kinds(number, np.zeros(1, dtype=np.int8), known=was)
            self._graph.changed([gone], [])

    def by_name(self, name: str) -> SkillId | None:
        """Return the skill that goes by this normalized name, if one does."""
        entries = self._names.get(name)
        if not entries:
            return None
        found = min(entries)[1] if len(entries) > 1 else entries[0][1]
        skill = self._skills.get(found)
        return (skill.same_as if skill else None) or found

    def named(self) -> list[tuple[SkillId, tuple[str, ...]]]:
        """Return every skill that links go to with its names, the preferred one first."""
        every = [self._skills.get(each) for each in self._by_number if each in self._skills]
        return [
            (skill.id, (skill.preferred_label, *skill.alt_labels))
            for skill in every
            if skill is not None and skill.same_as is None
        ]

    def nearest(self, vectors: Vectors, *, k: int) -> list[list[SkillHit]]:
        """Return the ``k`` nearest skills of each vector, nearest first, ties by id."""
        if not len(vectors):
            return []
        return [
            [SkillHit(SkillId(hit.id), hit.similarity) for hit in hits]
            for hits in self._index.search(vectors, k=k)
        ]

    def neighbors_of(self, skills: Sequence[SkillId]) -> list[tuple[Neighbor, ...]]:
        """Return each skill's neighbors by ascending id; none for an unknown skill."""
        return self._graph.neighbors_of(skills)

    def fill_graph(self, *, until: Callable[[], bool], at_once: int = FILLED_AT_ONCE) -> None:
        """Work out the neighbors of all skills, so many at a time, unless told to end before."""
        self._graph.fill(tuple(self._by_number), until=until, at_once=at_once)

    def cosines(self, queries: Vectors) -> list[dict[str, float]]:
        """Return for each query the cosine of every skill that links go to, nearest first."""
        return cosines(self._index, queries)

    def get(self, skill: SkillId) -> Skill | None:
        """Return the skill, if there is one with this id."""
        return self._skills.get(skill)

    def vectors_of(self, skills: Sequence[SkillId]) -> Vectors:
        """Return float32 ``(len(skills), dim)``; a row of zeros for an unknown skill."""
        numbers = np.array([self._numbers.get(each, -1) for each in skills], dtype=np.int64)
        result = np.zeros((len(skills), self._vectors.shape[1]), dtype=np.float32)
        result[numbers >= 0] = self._vectors[numbers[numbers >= 0]]
        return result

    def numbers_of(self, skills: Iterable[SkillId]) -> NDArray[np.int64]:
        """Return a number for each skill, the same for as long as the view lives.

        A skill that is not there yet gets one too, with a vector of zeros until it comes.
        """
        wanted = [*skills]
        numbers = [*map(self._numbers.get, wanted)]
        if None in numbers:
            self._number(wanted)
            numbers = [self._numbers[each] for each in wanted]
        return np.array(numbers, dtype=np.int64)

    def ids_by_number(self, numbers: NDArray[np.int64]) -> tuple[SkillId, ...]:
        """Return the skills that have these numbers."""
        return tuple(map(self._by_number.__getitem__, numbers.tolist()))

    def vectors_by_number(self, numbers: NDArray[np.int64]) -> Vectors:
        """Return the vectors of the skills that have these numbers."""
        return self._vectors[numbers]

    def kinds_by_number(self, numbers: NDArray[np.int64]) -> NDArray[np.int8]:
        """Return the codes of the kinds of skill that have these numbers."""
        return self._kinds[numbers]

    @property
    def number_count(self) -> int:
        """How many numbers have been given out."""
        return len(self._by_number)

    def settle(self) -> None:
        """Keep as little as can be of what a question rarely looks at."""
        self._skills.settle()

    def save(self, folder: WritingFolder) -> None:
        """Write everything, to be taken up by an empty one; numbers stay the same."""
        ids = [each for each in self._by_number if each in self._skills]
        folder.write_json("ids", ids)
        self._skills.save(folder, "skills", ids)
        self._index.save(folder.path / "vectors", metadata={})
        folder.write_json("numbers", self._by_number)
        folder.write_array("by-number", self._findable())
        folder.write_array("kinds", self._kinds[: len(self._by_number)])
        folder.write_json("names", self._names)
        self._graph.save(folder, tuple(self._by_number))

    @changing
    def load(self, folder: ReadingFolder) -> None:
        """Take up what was saved."""
        ids = folder.read_json("ids")
        self._skills.load(folder, "skills", {each: place for place, each in enumerate(ids)})
        self._index, _ = type(self._index).load(folder.path / "vectors")
        self._by_number.extend(folder.read_json("numbers"))
        self._numbers.update((each, place) for place, each in enumerate(self._by_number))
        self._grow()
        self._vectors[: len(self._by_number)] = folder.read_array("by-number")
        self._kinds[: len(self._by_number)] = folder.read_array("kinds")
        self._names = {
            key: [(rank, skill) for rank, skill in entries]
            for key, entries in folder.read_json("names").items()
        }
        self._graph.load(folder, tuple(self._by_number))

    def _number_of(self, skill: SkillId) -> int:
        number = self._numbers.setdefault(skill, len(self._by_number))
        if number == len(self._by_number):
            self._by_number.append(skill)
        return number

    def _number(self, skills: Iterable[SkillId]) -> None:
        with self._writing:
            new = [each for each in dict.fromkeys(skills) if each not in self._numbers]
            first = len(self._by_number)
            self._by_number += new
            self._grow()
            # Last, so that who finds a number finds what is kept under it.
            self._numbers.update(zip(new, range(first, first + len(new)), strict=True))

    def _grow(self) -> None:
        self._vectors = with_room(self._vectors, len(self._by_number))
        self._kinds = with_room(self._kinds, len(self._by_number))

    def _set_kinds(
        self, numbers: NDArray[np.int64], kinds: NDArray[np.int8], *, known: NDArray[np.bool_]
    ) -> None:
        changed = known & (self._kinds[numbers] != kinds)
        self.kind_changes += int(changed.any())
        self._kinds[numbers] = kinds

    def _findable(self) -> Vectors:
        return self._vectors[: len(self._by_number)]

    def _namesakes(self, skill: Skill) -> Iterable[SkillId]:
        for _, key in _keys_of(skill):
            for _, other in self._names.get(key, ()):
                yield other

    def _forget_names(self, skill_id: SkillId) -> None:
        old = self._skills.get(skill_id)
        if old is None:
            return
        for rank, key in _keys_of(old):
            entries = self._names[key]
            entries.remove((rank, skill_id))
            if not entries:
                del self._names[key]


def _keys_of(skill: Skill) -> Iterable[tuple[int, str]]:
    seen: set[str] = set()
    names = (
        [(_PREFERRED, skill.preferred_label)]
        + [(_ALTERNATIVE, label) for label in skill.alt_labels]
        + [(_ALIAS, alias) for alias in alias_names(skill)]
    )
    for rank, name in names:
        key = name_key(name)
        if key and key not in seen:
            seen.add(key)
            yield rank, key

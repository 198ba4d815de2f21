"""The graph of neighboring skills: worked out for the skills that are asked for, and kept."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.ids import SkillId
from service.domain.skill import Skill
from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.saved_neighbors import SavedNeighbors, save_neighbors
from service.indexing.snapshots import GRAPH
from service.matching.bridges import (
    BRIDGE_MAX,
    LEAST_BRIDGE,
    TO_BROADER,
    TO_NARROWER,
    bridge_weight,
    least_similarity,
)
from service.matching.linking import Calibration
from service.matching.neighbor import Neighbor
from service.matching.ports import Vectors

# So many skills are compared with all others in one product: 23 MB of similarities.
_BATCH = 256
# A question that comes while the graph is filled waits for so many: some 10 ms.
FILLED_AT_ONCE = 16
# Single precision is off by less than this; what is near the bound is computed anew.
_SLACK = 1e-4
# When more skills than this change at once, everything is forgotten instead of what is near them.
_FEW = 64

_Worth = tuple[float, float]
_NARROWER = "narrower"


class Known(NamedTuple):
    """What the vocabulary knows of its skills, as the graph needs it.

    Attributes:
        get: returns a skill, if there is one.
        numbers_of: returns the numbers of skills.
        id_of: returns the skill of a number.
        vectors: returns float32 ``(numbers, dim)``; zeros for a skill that cannot be found.
        namesakes: returns all skills that share a name with a skill.
    """

    get: Callable[[SkillId], Skill | None]
    numbers_of: Callable[[Sequence[SkillId]], NDArray[np.int64]]
    id_of: Callable[[int], SkillId]
    vectors: Callable[[], Vectors]
    namesakes: Callable[[Skill], Iterable[SkillId]]


class Graph:
    """Implements ``SkillGraph``: nearest by vector, broader and narrower skills, same names.

    All of it for the 22,646 skills that ship takes some 20 seconds, too long for a start. So what
    is asked for is worked out at once, thirty skills in 28 ms; ``fill`` does the rest meanwhile,
    and what is whole then goes into a snapshot. All of it is kept until a skill changes that is
    near.
    """

    def __init__(self, known: Known, curve: Calibration) -> None:
        self._known = known
        self._curve = curve
        self._least = least_similarity(curve)
        self._near: dict[SkillId, tuple[Neighbor, ...]] = {}
        # What a snapshot knew of skills that nobody has asked for since.
        self._saved: SavedNeighbors | None = None
        self._narrower: dict[SkillId, set[SkillId]] = defaultdict(set)
        self._lock = Lock()

    def neighbors_of(self, skills: Sequence[SkillId]) -> list[tuple[Neighbor, ...]]:
        """Return each skill's neighbors by ascending id; none for an unknown skill."""
        with self._lock:
            new = [each for each in dict.fromkeys(skills) if each not in self._near]
            if self._saved is not None:
                saved = [each for each in new if each in self._saved]
                self._near.update((each, self._saved.of(each)) for each in saved)
                new = [each for each in new if each not in self._near]
            for start in range(0, len(new), _BATCH):
                self._near.update(self._work_out(new[start : start + _BATCH]))
            return [self._near[each] for each in skills]

    def fill(self, skills: Iterable[SkillId], *, until: Callable[[], bool], at_once: int) -> None:
        """Work out the neighbors of all these skills, a few at a time, so that nobody waits long.

        Args:
            skills: in the order in which they are done.
            until: tells whether to end before all of it is done.
            at_once: how many at a time.
        """
        with self._lock:
            wanted = [each for each in skills if not self._knows(each)]
        for start in range(0, len(wanted), at_once):
            if until():
                return
            self.neighbors_of(wanted[start : start + at_once])

    def changed(self, before: Iterable[Skill], after: Collection[Skill]) -> None:
        """Forget what is no longer so, once the vocabulary knows what is.

        Args:
            before: the skills that were changed or removed, as they were.
            after: the skills that were added or changed, as they are.
        """
        with self._lock:
            touched = {skill.id for skill in after}
            for skill in before:
                touched.add(skill.id)
                for broader in skill.broader:
                    self._narrower[broader].discard(skill.id)
            for skill in after:
                for broader in skill.broader:
                    self._narrower[broader].add(skill.id)
            if not self._near and self._saved is None:
                return
            if len(touched) > _FEW:
                self._near.clear()
                self._saved = None
                return
            self._forget_near(touched)

    def narrower(self) -> dict[SkillId, list[SkillId]]:
        """Return the narrower skills of each that has some."""
        with self._lock:
            return {skill: sorted(those) for skill, those in self._narrower.items() if those}

    def save(self, folder: WritingFolder, ids: Sequence[SkillId]) -> None:
        """Write which skills are narrower; and all neighbors, if those of each id are known."""
        folder.write_json(_NARROWER, self.narrower())
        with self._lock:
            is_whole = all(self._knows(each) for each in ids)
        if is_whole:
            found = dict(zip(ids, self.neighbors_of(ids), strict=True))
            save_neighbors(folder.folder(GRAPH), ids, found.__getitem__)

    def load(self, folder: ReadingFolder, ids: Sequence[SkillId]) -> None:
        """Take up what was saved; for a graph that knows nothing yet."""
        narrower = folder.read_json(_NARROWER)
        neighbors = folder.folder(GRAPH)
        with self._lock:
            self._narrower.update((skill, set(those)) for skill, those in narrower.items())
            if neighbors.path.is_dir():
                self._saved = SavedNeighbors.load(neighbors, ids)

    def _forget_near(self, touched: set[SkillId]) -> None:
        now = self._work_out(sorted(touched))
        stale = touched | {each.skill for found in now.values() for each in found}
        stale |= {
            skill
            for skill, found in self._near.items()
            if any(each.skill in touched for each in found)
        }
        if self._saved is not None:
            stale |= self._saved.next_to(touched)
            self._saved.forget(stale)
        for skill in stale:
            self._near.pop(skill, None)

    def _knows(self, skill: SkillId) -> bool:
        return skill in self._near or (self._saved is not None and skill in self._saved)

    def _work_out(self, skills: Sequence[SkillId]) -> dict[SkillId, tuple[Neighbor, ...]]:
        found: dict[SkillId, tuple[Neighbor, ...]] = dict.fromkeys(skills, ())
        # A second name of another skill is no skill of its own.
        skills = [each for each in skills if self._is_there(each)]
        near = self._by_vector(skills) if skills else []
        for skill_id, worths in zip(skills, near, strict=True):
            skill = self._known.get(skill_id)
            for other, worth in self._by_relation(skill) if skill else ():
                old = worths.get(other, (0.0, 0.0))
                worths[other] = (max(old[0], worth[0]), max(old[1], worth[1]))
            found[skill_id] = tuple(
                Neighbor(other, *worths[other])
                for other in sorted(worths)
                if max(worths[other]) >= LEAST_BRIDGE
            )
        return found

    def _by_vector(self, skills: Sequence[SkillId]) -> list[dict[SkillId, _Worth]]:
        vectors = self._known.vectors()
        numbers = self._known.numbers_of(skills)
        close = vectors[numbers] @ vectors.T >= self._least - _SLACK
        places, rows = np.divmod(np.flatnonzero(close), len(vectors))
        ends = np.searchsorted(places, np.arange(len(numbers) + 1)).tolist()
        return [
            self._worths(vectors, number, rows[start:end])
            for number, start, end in zip(numbers.tolist(), ends[:-1], ends[1:], strict=True)
        ]

    def _worths(
        self, vectors: Vectors, number: int, rows: NDArray[np.int64]
    ) -> dict[SkillId, _Worth]:
        # Row by row in double precision: the same both ways, and whatever else was asked for.
        exact = (vectors[rows].astype(np.float64) * vectors[number]).sum(axis=1)
        worths = {}
        for row, similarity in zip(rows.tolist(), exact.tolist(), strict=True):
            other = self._known.id_of(row)
            if row != number and similarity >= self._least and self._is_there(other):
                worth = bridge_weight(min(similarity, 1.0), self._curve)
                worths[other] = (worth, worth)
        return worths

    def _by_relation(self, skill: Skill) -> Iterable[tuple[SkillId, _Worth]]:
        for other in self._known.namesakes(skill):
            if other != skill.id and self._is_there(other):
                yield other, (BRIDGE_MAX, BRIDGE_MAX)
        for broader in skill.broader:
            if broader != skill.id and self._is_there(broader):
                yield broader, (TO_NARROWER, TO_BROADER)
        for narrower in self._narrower.get(skill.id, ()):
            if narrower != skill.id and self._is_there(narrower):
                yield narrower, (TO_BROADER, TO_NARROWER)

    def _is_there(self, skill: SkillId) -> bool:
        found = self._known.get(skill)
        return found is not None and found.same_as is None

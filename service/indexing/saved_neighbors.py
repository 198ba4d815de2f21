"""Neighbors of all skills as arrays: what a snapshot keeps of the graph, decoded when asked for."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from service.domain.ids import SkillId
from service.indexing.folders import ReadingFolder, WritingFolder
from service.matching.neighbor import Neighbor

_ENDS, _NUMBERS, _WORTHS = "ends", "numbers", "worths"


class SavedNeighbors:
    """The neighbors of skills by the skills' numbers; what is forgotten does not come back.

    Args:
        ends: int64 ``(skills + 1,)``: the neighbors of number ``i`` are at
            ``ends[i]:ends[i + 1]``.
        numbers: int32 ``(neighbors,)``: which skills they are.
        worths: float64 ``(neighbors, 2)``: what each is worth, there and back.
        ids: the skill of each number.
    """

    def __init__(
        self,
        ends: NDArray[np.int64],
        numbers: NDArray[np.int32],
        worths: NDArray[np.float64],
        ids: Sequence[SkillId],
    ) -> None:
        self._ends = ends
        self._numbers = numbers
        self._worths = worths
        self._ids = ids
        self._place = {skill: place for place, skill in enumerate(ids)}

    @classmethod
    def load(cls, folder: ReadingFolder, ids: Sequence[SkillId]) -> "SavedNeighbors":
        """Return what was saved, for the skills that had the numbers then.

        Raises:
            ValueError: if it is of another number of skills.
        """
        ends = folder.read_array(_ENDS)
        numbers, worths = folder.read_array(_NUMBERS), folder.read_array(_WORTHS)
        if len(ends) != len(ids) + 1 or not ends[-1] == len(numbers) == len(worths):
            raise ValueError("The arrays of neighbors do not go together.")
        return cls(ends, numbers, worths, ids)

    def __contains__(self, skill: SkillId) -> bool:
        return skill in self._place

    def __iter__(self) -> Iterator[SkillId]:
        return iter(self._place)

    def of(self, skill: SkillId) -> tuple[Neighbor, ...]:
        """Return the neighbors of a skill that is there, by ascending id."""
        place = self._place[skill]
        those = slice(int(self._ends[place]), int(self._ends[place + 1]))
        rows = zip(self._numbers[those].tolist(), self._worths[those].tolist(), strict=True)
        return tuple(Neighbor(self._ids[number], *worths) for number, worths in rows)

    def forget(self, skills: Iterable[SkillId]) -> None:
        """Let go of what is known of skills; those that are not there are no error."""
        for skill in skills:
            self._place.pop(skill, None)

    def next_to(self, skills: Collection[SkillId]) -> set[SkillId]:
        """Return those that have one of the skills as a neighbor."""
        wanted = np.array([each in skills for each in self._ids], dtype=np.bool_)
        hits = np.flatnonzero(wanted[self._numbers])
        owners = np.searchsorted(self._ends, hits, side="right") - 1
        found = (self._ids[owner] for owner in np.unique(owners).tolist())
        return {each for each in found if each in self._place}


def save_neighbors(
    folder: WritingFolder,
    ids: Sequence[SkillId],
    neighbors_of: Callable[[SkillId], tuple[Neighbor, ...]],
) -> None:
    """Write the neighbors of all skills, in the order of their numbers."""
    number = {skill: place for place, skill in enumerate(ids)}
    found = [neighbors_of(skill) for skill in ids]
    flat = [each for neighbors in found for each in neighbors]
    ends = np.cumsum([0, *map(len, found)], dtype=np.int64)
    worths = np.array([(each.worth, each.worth_back) for each in flat], dtype=np.float64)
    folder.write_array(_ENDS, ends)
    folder.write_array(_NUMBERS, np.array([number[each.skill] for each in flat], dtype=np.int32))
    folder.write_array(_WORTHS, worths.reshape(-1, 2))

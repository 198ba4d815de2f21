"""Skill links of many rows as flat arrays, which change in place."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.growing import with_room
from service.matching.ports import Vectors

Rows = NDArray[np.int64]
Narrow = NDArray[np.int32]
Mask = NDArray[np.bool_]

# Places of links that are gone are given back when they are more than those that are there, and
# more than this.
_DEAD_MAX = 1 << 16
# So many places of links are remembered by skill, 4 bytes each, and each skill counts as one; then
# all are let go.
_REMEMBERED_MAX = 1 << 22


class Numbered(NamedTuple):
    """A record's skills by their numbers, int64, and how much each counts, float32."""

    skills: Rows
    strengths: Vectors


class FlatLinks:
    """All links, each with its row; a row's links stand together. Not safe for threads by itself.

    A change costs the links of its rows alone: a million records have some twenty million links.
    What is gone is overwritten by zeros at once, which count nothing.
    """

    def __init__(self) -> None:
        self._starts: Rows = np.zeros(0, dtype=np.int64)
        self._lengths: Rows = np.zeros(0, dtype=np.int64)
        self._live: Mask = np.zeros(0, dtype=np.bool_)
        self._owners: Narrow = np.zeros(0, dtype=np.int32)
        self._skills: Narrow = np.zeros(0, dtype=np.int32)
        self._strengths: Vectors = np.zeros(0, dtype=np.float32)
        self._row_count = self._link_count = self._dead = 0
        # Where the links to a skill are, of those that were asked for: to look at all links for
        # the same skills again and again takes longer than all else.
        self._places: dict[int, Narrow] = {}
        self._remembered = 0

    @property
    def row_count(self) -> int:
        """How many rows there have been."""
        return self._row_count

    @property
    def live(self) -> Mask:
        """Which rows hold a record."""
        return self._live[: self._row_count]

    @property
    def owners(self) -> Narrow:
        """The row of each link."""
        return self._owners[: self._link_count]

    @property
    def skills(self) -> Narrow:
        """The number of the skill of each link."""
        return self._skills[: self._link_count]

    @property
    def strengths(self) -> Vectors:
        """How much each link counts; 0 for one that is gone."""
        return self._strengths[: self._link_count]

    def put(self, rows: Sequence[int], links: Sequence[Numbered | None]) -> None:
        """Let each row have these links and no others; none for a row whose record is gone."""
        if not rows:
            return
        those = np.array(rows, dtype=np.int64)
        lengths = np.array([0 if each is None else len(each.skills) for each in links])
        self._make_room(int(those.max()) + 1, self._link_count + int(lengths.sum()))
        self._wipe(those)
        ends = self._link_count + np.cumsum(lengths)
        self._starts[those] = ends - lengths
        self._lengths[those] = lengths
        self._live[those] = [each is not None for each in links]
        there = [each for each in links if each is not None]
        if there:
            place = slice(self._link_count, int(ends[-1]))
            self._owners[place] = np.repeat(those, lengths)
            self._skills[place] = np.concatenate([each.skills for each in there])
            self._strengths[place] = np.concatenate([each.strengths for each in there])
            self._link_count = place.stop
            self._forget(self._skills[place])
        if self._dead > max(_DEAD_MAX, self._link_count // 2):
            self._take(*self._of(np.arange(self._row_count)), self.live.copy())

    def links_of(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return where the links of rows are, one row after the other, and where each begins.

        Returns:
            int64 ``(links,)``, and int64 ``(rows + 1,)``: those of row ``i`` are at
            ``starts[i]:starts[i + 1]`` of the first.
        """
        lengths = self._lengths[rows]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        links = np.repeat(self._starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        return links, starts

    def links_to(self, skills: Rows) -> Rows:
        """Return where links to any of these skills are, in no order; int64 ``(links,)``.

        Some may be gone since: their strength is 0.
        """
        if self._remembered > _REMEMBERED_MAX:
            self._forget_all()
        wanted = dict.fromkeys(skills.tolist())
        new = [each for each in wanted if each not in self._places]
        if new:
            self._look_for(np.array(new, dtype=np.int64))
        found = [self._places[each] for each in wanted]
        return np.concatenate([np.zeros(0, dtype=np.int64), *found])

    def save(self, folder: WritingFolder, rows: Rows) -> None:
        """Write the links of these rows alone, numbered anew in their order."""
        arrays: tuple[NDArray[Any], ...] = self._of(rows)
        for name, array in zip(_SAVED, arrays, strict=True):
            folder.write_array(name, array)

    def load(self, folder: ReadingFolder, count: int) -> None:
        """Take up what was saved of so many rows.

        Raises:
            ValueError: if it is of another number of rows, or not of one length.
        """
        starts, skills, strengths = (folder.read_array(name) for name in _SAVED)
        if len(starts) != count + 1 or not starts[-1] == len(skills) == len(strengths):
            raise ValueError("The arrays of links do not go together.")
        self._take(starts, skills, strengths, np.ones(count, dtype=np.bool_))

    def _look_for(self, skills: Rows) -> None:
        """Look at all links once, for skills whose links nobody knows yet."""
        asked = np.full(max(int(skills.max()), int(self.skills.max(initial=0))) + 1, -1, np.int64)
        asked[skills] = np.arange(len(skills))
        places = np.flatnonzero((asked >= 0)[self.skills])
        of = asked[self.skills[places]]
        places = places[np.argsort(of, kind="stable")]
        self._remembered += len(places) + len(skills)
        ends = np.cumsum(np.bincount(of, minlength=len(skills))).tolist()
        for skill, start, end in zip(skills.tolist(), [0, *ends], ends, strict=False):
            # A copy, so that who is forgotten is not held on to by the others.
            self._places[skill] = places[start:end].astype(np.int32)

    def _forget(self, skills: Narrow) -> None:
        if self._places:
            for skill in set(skills.tolist()):
                gone = self._places.pop(skill, None)
                self._remembered -= 0 if gone is None else len(gone) + 1

    def _forget_all(self) -> None:
        self._places, self._remembered = {}, 0

    def _of(self, rows: Rows) -> tuple[Rows, Narrow, Vectors]:
        links, starts = self.links_of(rows)
        return starts, self._skills[links], self._strengths[links]

    def _take(self, starts: Rows, skills: Narrow, strengths: Vectors, live: Mask) -> None:
        self._row_count, self._link_count, self._dead = len(live), len(skills), 0
        self._forget_all()
        self._starts, self._lengths, self._live = starts[:-1].copy(), np.diff(starts), live
        self._owners = np.repeat(np.arange(len(live), dtype=np.int32), self._lengths)
        self._skills, self._strengths = skills, strengths

    def _make_room(self, rows: int, links: int) -> None:
        self._row_count = max(self._row_count, rows)
        self._starts = with_room(self._starts, rows)
        self._lengths = with_room(self._lengths, rows)
        self._live = with_room(self._live, rows)
        self._owners = with_room(self._owners, links)
        self._skills = with_room(self._skills, links)
        self._strengths = with_room(self._strengths, links)

    def _wipe(self, rows: Rows) -> None:
        links, _ = self.links_of(rows)
        self._owners[links] = 0
        self._skills[links] = 0
        self._strengths[links] = 0.0
        self._lengths[rows] = 0
        self._dead += len(links)


_SAVED = ("starts", "skills", "strengths")

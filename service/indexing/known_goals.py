"""Goals that were read before: what a line of work or a job asks for is the same for all.

What it asks for is read once for as long as nothing of it changes, and so is what a credential
teaches of it. Goals in a learner's own words, and those that go by where a learner stands, are read
anew each time, and nothing is kept of them.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from itertools import count
from typing import NamedTuple, TypeVar

from service.domain.answer import GoalReading
from service.domain.goal import Goal, GoalMode
from service.domain.ids import OccupationId
from service.domain.job import Job
from service.domain.record import StoredRecord
from service.domain.skill import SkillLink
from service.indexing.changing import are_settled
from service.indexing.latest import SharedLatest
from service.indexing.occupations import Occupations
from service.indexing.vocabulary import Vocabulary
from service.matching.goals import Aim, GoalReader
from service.matching.modes import Objective
from service.matching.ports import Vectors
from service.matching.posing import Lesson, PosedGoal, lesson_of, pose
from service.matching.requirements import weight_of

# As many goals as O*NET has lines of work, some 90 KB each; and 16 credentials of each, 3 KB each.
GOALS, LESSONS = 1_024, 16_384
# What asks for more skills is read anew each time.
LONGEST = 100

V = TypeVar("V")


class Taught(NamedTuple):
    """A lesson, and the very links that it was read from."""

    links: tuple[SkillLink, ...]
    lesson: Lesson


class GoalsKept:
    """The goals that were read last, and what credentials teach of them; for all tenants together.

    Args:
        goals: how many are kept.
        lessons: of so many pairs of a goal and a credential it is kept what is taught.

    Attributes:
        aims: goals as they were read.
        posed: what they ask for.
        lessons: what credentials teach of it.
    """

    def __init__(self, *, goals: int = GOALS, lessons: int = LESSONS) -> None:
        self.aims = SharedLatest[Hashable, Aim](goals)
        self.posed = SharedLatest[Hashable, PosedGoal](goals)
        self.lessons = SharedLatest[Hashable, Taught](lessons)
        self._numbers = count()

    def number(self) -> int:
        """Return a number that nobody had before."""
        return next(self._numbers)


class KnownGoals:
    """Reads the goals of one tenant, each once. Any thread may use it.

    Args:
        reader: reads those that were not read before.
        skills: the vocabulary.
        occupations: the lines of work.
        kept: the room for what was read.
    """

    def __init__(
        self, reader: GoalReader, *, skills: Vocabulary, occupations: Occupations, kept: GoalsKept
    ) -> None:
        self._reader = reader
        self._skills = skills
        self._occupations = occupations
        self._kept = kept
        self._own = kept.number()

    def read(
        self,
        goal: Goal,
        job: tuple[Job, Sequence[SkillLink], Vectors] | None = None,
        *,
        needs_skills: bool = True,
    ) -> Aim:
        """Return what a goal asks for, as ``GoalReader.read``."""

        def read() -> Aim:
            return self._reader.read(goal, job, needs_skills=needs_skills)

        occupation = OccupationId(goal.occupation or "")
        if self._occupations.title_of(occupation) is None:
            return read()
        known = self._once(self._kept.aims, (occupation, needs_skills), read)
        return replace(known, reading=replace(known.reading, goal=goal))

    def infer(self, vector: Vectors) -> Aim:
        """Return a stand-in for a missing goal, as ``GoalReader.infer``."""
        return self._reader.infer(vector)

    def posed(self, reading: GoalReading) -> PosedGoal:
        """Return what a goal asks for, as it is put to credentials."""
        needs = reading.requirements
        if not _is_nobodys(reading) or len(needs) > LONGEST:
            return pose(needs, self._skills)
        key = tuple([(need.skill, weight_of(need)) for need in needs])
        number = self._kept.number
        return self._once(self._kept.posed, key, lambda: pose(needs, self._skills, number=number()))

    def lesson(self, posed: PosedGoal, objective: Objective, stored: StoredRecord) -> Lesson:
        """Return what a credential teaches of what is asked for, as ``lesson_of``."""
        if posed.number is None:
            return lesson_of(posed, objective, stored)
        key = (posed.number, stored.record.id, objective.direct, objective.taught_from)
        known = self._kept.lessons.get(key)
        if known is None or known.links is not stored.links:
            known = Taught(stored.links, lesson_of(posed, objective, stored))
            self._kept.lessons.put(key, known)
        return known.lesson

    def _once(self, kept: SharedLatest[Hashable, V], what: Hashable, make: Callable[[], V]) -> V:
        """Return what is made of a goal, as of now."""
        state = self._state()
        key = (self._own, state, what)
        known = kept.get(key)
        if known is None:
            known = make()
            if state == self._state() and are_settled(*state):
                kept.put(key, known)
        return known

    def _state(self) -> tuple[int, int]:
        return self._occupations.changes, self._skills.changes


def _is_nobodys(reading: GoalReading) -> bool:
    """Tell whether nothing of a learner is in what a goal asks for.

    Their words and skills are theirs, and so are the rungs above where they stand.
    """
    goal = reading.goal
    if goal is None or goal.mode is GoalMode.ADVANCE:
        return False
    return not (goal.text or goal.skills)

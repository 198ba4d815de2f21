"""A learner's record as far as a consent covers it."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

import numpy as np

from service.domain.consent import Part
from service.domain.goal import Goal
from service.domain.learner import Constraints, Learner
from service.domain.record import StoredRecord

_EMPTY: Final[dict[Part, Any]] = {
    Part.TEXT: None,
    Part.SKILLS: (),
    Part.CREDENTIALS: (),
    Part.COURSES: (),
    Part.EXPERIENCE: (),
}
# What a person confirmed is a skill of the learner that nobody had listed.
_PART_OF: Final = {**{part.value: part for part in Part}, "verdict": Part.SKILLS}


def part_of(field: str) -> Part | None:
    """Return the part of a learner's record that a field such as ``courses.0.name`` is in."""
    return _PART_OF.get(field.partition(".")[0])


def covered_record(stored: StoredRecord, parts: Collection[Part]) -> StoredRecord:
    """Return a learner without the parts that are not covered, and without what these show.

    Goal, limits and program are covered by no consent, and are left out always; so is the
    vector, which stands for the whole, where only some parts are covered.
    """
    learner = stored.record
    if not isinstance(learner, Learner):
        raise TypeError(f"{learner.id} is no learner")
    gone = {part.value: empty for part, empty in _EMPTY.items() if part not in parts}
    return replace(
        stored,
        record=replace(learner, **gone, goal=_NO_GOAL, constraints=Constraints(), program=None),
        vector=stored.vector if len(parts) == len(Part) else np.zeros_like(stored.vector),
        links=tuple(link for link in stored.links if part_of(link.field) in parts),
    )


# A learner of whom nothing is known is none; this says nothing, and nobody reads it.
_NO_GOAL: Final = Goal(text="-")

"""Posing: what a goal asks for as it is put to credentials, and what each of them teaches of it.

None of it depends on who has the goal, so it can be kept for the next one who does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.answer import Bridge, SkillReason
from service.domain.credential import Credential
from service.domain.ids import SkillId
from service.domain.job import Requirement
from service.domain.record import StoredRecord
from service.matching.explanation import by_position, each_once, reason_from_link
from service.matching.gaps import ask, bridges_by_place
from service.matching.modes import Objective
from service.matching.ports import SkillIndex
from service.matching.scoring import Asked, Floats
from service.matching.shortlist import teaching
from service.matching.soft import is_soft


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PosedGoal:
    """What a goal asks for, as it is put to credentials.

    Attributes:
        asked: as arrays.
        by_weight: the places of what is asked for, the heaviest first, ties by skill.
        soft: those of the skills that are soft.
        number: by which what is taught of it is kept; none if nothing is to be kept of it.
    """

    asked: Asked
    by_weight: tuple[int, ...]
    soft: frozenset[SkillId]
    number: int | None = None


class Lesson(NamedTuple):
    """What one credential teaches of what is asked for.

    Attributes:
        teaches: bool ``(r,)``: which requirements it teaches.
        bridges: for each requirement the bridge by which its credit is earned, if by one.
        reasons: why it is believed to teach them.
    """

    teaches: NDArray[np.bool_]
    bridges: tuple[Bridge | None, ...]
    reasons: tuple[SkillReason, ...]


Teacher = Callable[[PosedGoal, Objective, StoredRecord], Lesson]


def pose(
    requirements: Sequence[Requirement], skills: SkillIndex, *, number: int | None = None
) -> PosedGoal:
    """Return what a goal asks for, as it is put to credentials."""
    asked = ask(requirements, skills)
    # Many share them.
    asked.weights.setflags(write=False)
    return PosedGoal(
        asked=asked,
        by_weight=places_in_order(asked, asked.weights),
        soft=frozenset([skill for skill in asked.skills if is_soft(skill, skills)]),
        number=number,
    )


def places_in_order(asked: Asked, weights: Floats) -> tuple[int, ...]:
    """Return the places of what is asked for, the heaviest first, ties by skill."""
    heavy = weights.tolist()
    return tuple(sorted(range(len(heavy)), key=lambda place: (-heavy[place], asked.skills[place])))


def lesson_of(posed: PosedGoal, objective: Objective, stored: StoredRecord) -> Lesson:
    """Return what a credential teaches of what is asked for.

    Of the objective it goes by ``direct`` and ``taught_from`` alone.

    Raises:
        TypeError: if the record is no credential.
    """
    if not isinstance(stored.record, Credential):
        raise TypeError(f"{stored.record.id} is no credential")
    links, asked = stored.links, posed.asked
    credit = teaching(links, asked, objective)
    teaches = credit.best >= objective.taught_from
    teaches.setflags(write=False)
    places = credit.by[teaches].tolist()
    record = f"credential:{stored.record.id}"
    return Lesson(
        teaches=teaches,
        bridges=bridges_by_place([link.skill for link in links], asked, credit),
        reasons=each_once([reason_from_link(record, link) for link in by_position(links, places)]),
    )

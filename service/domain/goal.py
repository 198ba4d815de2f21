"""Goals: where a learner wants to go."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.ids import JobId
from service.domain.skill import StatedSkill
from service.errors import InvalidRecord


class GoalMode(StrEnum):
    """Whether a learner wants to move up, to move over, or to build on what is there."""

    ADVANCE = "advance"
    SWITCH = "switch"
    BUILD = "build"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """An occupation (by id or by title), a job, a list of skills, or free text: one of them."""

    occupation: str | None = None
    job: JobId | None = None
    skills: tuple[StatedSkill, ...] = ()
    text: str | None = None
    mode: GoalMode | None = None

    def __post_init__(self) -> None:
        given = [bool(self.occupation), bool(self.job), bool(self.skills), bool(self.text)]
        if sum(given) != 1:
            raise InvalidRecord("a goal is one of occupation, job, skills and text.", field="goal")

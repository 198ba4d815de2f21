"""Verdicts: a person's word about a record's link to a skill."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.ids import SkillId, check_id
from service.domain.record import Kind
from service.errors import InvalidRecord

JUDGED = (Kind.CREDENTIAL, Kind.LEARNER, Kind.JOB)
"""The kinds whose links people judge; what an occupation asks for is worked out elsewhere."""


NOTE_LENGTH = 1_000


class Verdict(StrEnum):
    """What a person says about a link: that it is right, or that it is wrong."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillVerdict:
    """A person's word about one record's link to one skill; it outlives every re-run."""

    skill: SkillId
    verdict: Verdict
    note: str | None = None

    def __post_init__(self) -> None:
        check_id(self.skill, field="skill")
        if self.note is not None and len(self.note) > NOTE_LENGTH:
            raise InvalidRecord(
                f"is {len(self.note):,} characters long; {NOTE_LENGTH:,} are allowed.",
                field="note",
            )

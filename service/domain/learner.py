"""Learners: what they have done, what shows it, and what they want."""

import datetime
from dataclasses import dataclass, field

from service.domain.credential import Delivery, ProviderType, Schedule
from service.domain.credit import CreditLevel, Program
from service.domain.goal import Goal
from service.domain.ids import CredentialId, LearnerId, SkillId, check_id
from service.domain.quantities import CreditValue, Money
from service.domain.skill import EvidenceClass, LinkSource, Span, StatedSkill
from service.errors import InvalidRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCredential:
    """A credential that a learner has earned.

    Attributes:
        grade: the grade, as it was given.
        score: the score, in the unit in which it was given.
    """

    id: CredentialId
    evidence: EvidenceClass | None = None
    issued: datetime.date | None = None
    expires: datetime.date | None = None
    grade: str | None = None
    score: float | None = None

    def __post_init__(self) -> None:
        check_id(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course that a learner has taken."""

    name: str
    grade: str | None = None
    date: datetime.date | None = None
    provider: str | None = None
    credits: CreditValue | None = None
    level: CreditLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """Work that a learner has done."""

    title: str
    text: str | None = None
    start: datetime.date | None = None
    end: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """What a learner can afford and attend: hard limits, never wishes."""

    max_cost: Money | None = None
    max_weeks: float | None = None
    max_hours_per_week: float | None = None
    delivery: tuple[Delivery, ...] = ()
    schedule: tuple[Schedule, ...] = ()
    languages: tuple[str, ...] = ()
    region: str | None = None
    provider_types: tuple[ProviderType, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """A person who wants the next step. The record holds no protected trait, by design.

    Attributes:
        program: what the learner studies, or would; credit is counted towards it.
    """

    id: LearnerId
    text: str | None = None
    skills: tuple[StatedSkill, ...] = ()
    credentials: tuple[HeldCredential, ...] = ()
    courses: tuple[Course, ...] = ()
    experience: tuple[Experience, ...] = ()
    goal: Goal | None = None
    constraints: Constraints = field(default_factory=Constraints)
    language: str | None = None
    region: str | None = None
    program: Program | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        has_profile = self.text or self.skills or self.credentials or self.courses
        if not (has_profile or self.experience or self.goal):
            raise InvalidRecord(
                "a learner needs a text, skills, credentials, courses, experience or a goal."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePiece:
    """One thing that shows that a learner has a skill, and what it counts.

    Attributes:
        confidence: the probability that it is about this skill, in [0, 1].
        field: where in the learner's record it stands, or ``credentials.<id>``.
        date: since when it shows it; none if nothing says.
        class_weight: what its class is worth, in (0, 1].
        level_factor: what its level is worth, around 1.
        age_factor: what its age leaves of it, in (0, 1].
        link_weight: how surely and how much it is about the skill, in [0, 1].
        contribution: what it would be worth alone, in [0, 1]: the product of the four, at most 1.
        note: why it counts nothing, where it does not.
    """

    evidence: EvidenceClass
    source: LinkSource
    confidence: float
    field: str
    text: str
    span: Span | None
    level: int | None
    date: datetime.date | None
    expires: datetime.date | None
    class_weight: float
    level_factor: float
    age_factor: float
    link_weight: float
    contribution: float
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that shows that a learner has a skill; its facts are those of the strongest piece.

    Attributes:
        strength: how much it counts, in (0, 1]: that of all pieces together.
        field: where in the learner's record it stands, or ``credentials.<id>``.
        pieces: all of them, strongest first.
    """

    skill: SkillId
    evidence: EvidenceClass
    source: LinkSource
    strength: float
    confidence: float
    field: str
    text: str
    span: Span | None = None
    level: int | None = None
    date: datetime.date | None = None
    pieces: tuple[EvidencePiece, ...] = ()

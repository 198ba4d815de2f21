"""The native form of learners."""

from typing import Annotated

from pydantic import Field

from service.domain.credential import Delivery, ProviderType, Schedule
from service.domain.credit import CreditLevel
from service.domain.learner import Constraints, Course, Experience, HeldCredential, Learner
from service.domain.skill import EvidenceClass
from service.standards.native.body import Body
from service.standards.native.credit import ProgramBody
from service.standards.native.goal import GoalOrText
from service.standards.native.shared import CreditBody, LearnerSkill, MoneyBody
from service.standards.native.types import (
    Amount,
    Date,
    Id,
    Language,
    Many,
    Name,
    OrText,
    Region,
    Text,
)


class HeldCredentialBody(Body):
    """A credential that a learner has earned."""

    id: Id = Field(description="The credential's id.")
    evidence: EvidenceClass | None = Field(default=None, description="What shows it.")
    issued: Date | None = Field(default=None, description="When it was awarded.")
    expires: Date | None = Field(default=None, description="Until when it is valid.")
    grade: Name | None = Field(default=None, description="The grade, as it was given.")
    score: Amount | None = Field(default=None, description="The score, as it was given.")

    def to_domain(self) -> HeldCredential:
        """Return the domain's value."""
        return HeldCredential(**self.known_fields())


class CourseBody(Body):
    """A course that a learner has taken."""

    name: Name = Field(description="The course's name.")
    grade: Name | None = Field(default=None, description="The grade, as it was given.")
    date: Date | None = Field(default=None, description="When it was completed.")
    provider: Name | None = Field(default=None, description="Who taught it.")
    credits: CreditBody | None = Field(default=None, description="The credit it was worth.")
    level: CreditLevel | None = Field(default=None, description="The level of the credit.")

    def to_domain(self) -> Course:
        """Return the domain's value."""
        return Course(**self.known_fields())


class ExperienceBody(Body):
    """Work that a learner has done."""

    title: Name = Field(description="The job's title.")
    text: Text | None = Field(default=None, description="What was done there.")
    start: Date | None = Field(default=None, description="The first day.")
    end: Date | None = Field(default=None, description="The last day; absent if not over.")

    def to_domain(self) -> Experience:
        """Return the domain's value."""
        return Experience(**self.known_fields())


class ConstraintsBody(Body):
    """What a learner can afford and attend: hard limits, never wishes."""

    max_cost: MoneyBody | None = Field(default=None, description="The most that may be spent.")
    max_weeks: Amount | None = Field(default=None, description="The most calendar weeks.")
    max_hours_per_week: Amount | None = Field(default=None, description="The most hours in a week.")
    delivery: Many[Delivery] = Field(default=(), description="Any of these will do.")
    schedule: Many[Schedule] = Field(default=(), description="Any of these will do.")
    languages: Many[Language] = Field(default=(), description="Any of these will do, BCP 47.")
    region: Region | None = Field(default=None, description="Where it must be open, ISO 3166.")
    provider_types: Many[ProviderType] = Field(default=(), description="Any of these will do.")

    def to_domain(self) -> Constraints:
        """Return the domain's value."""
        return Constraints(**self.known_fields())


class LearnerBody(Body):
    """One learner."""

    id: Id = Field(description="The learner's id; no name, no trait.")
    text: Text | None = Field(
        default=None, description="The learner in words; skills are also read from here."
    )
    skills: Many[LearnerSkill] = Field(
        default=(), description="The skills that are there: names, or objects."
    )
    credentials: Many[Annotated[HeldCredentialBody, OrText("id")]] = Field(
        default=(), description="The credentials that are held: ids, or objects."
    )
    courses: Many[CourseBody] = Field(default=(), description="The courses taken.")
    experience: Many[ExperienceBody] = Field(default=(), description="The work done.")
    goal: GoalOrText | None = Field(
        default=None, description="Where to go: free text, or an object."
    )
    constraints: ConstraintsBody | None = Field(default=None, description="Hard limits.")
    language: Language | None = Field(default=None, description="BCP 47.")
    region: Region | None = Field(default=None, description="ISO 3166.")
    program: ProgramBody | None = Field(
        default=None, description="What is studied, or would be; credit counts towards it."
    )

    def to_domain(self) -> Learner:
        """Return the domain's record."""
        return Learner(**self.known_fields())

"""The native form of policies on credit."""

from typing import Annotated

from pydantic import Field, Strict

from service.domain.credit import CreditKind, CreditLevel, Degree
from service.domain.credit_policy import (
    ConversionRate,
    CreditPolicy,
    DegreeRule,
    KindCap,
    LastCredits,
    MinGrade,
    Residency,
)
from service.domain.quantities import CreditUnit
from service.domain.skill import EvidenceClass
from service.standards.native.body import Body, without_empty
from service.standards.native.shared import OrganizationRef
from service.standards.native.types import Amount, Flag, Id, Many, Name

Years = Annotated[int, Strict(), Field(ge=1, le=1000)]


class KindCapBody(Body):
    """A cap on one kind of credit."""

    kind: CreditKind = Field(description="The kind of credit.")
    max: Amount = Field(description="The most of it that counts from elsewhere.")

    def to_domain(self) -> KindCap:
        """Return the domain's value."""
        return KindCap(**self.known_fields())


class LastCreditsBody(Body):
    """Part of the last credits before the degree."""

    credits: Amount = Field(description="So many,")
    of: Amount = Field(description="of the last so many.")

    def to_domain(self) -> LastCredits:
        """Return the domain's value."""
        return LastCredits(**self.known_fields())


class ResidencyBody(Body):
    """What has to be earned at the institution itself."""

    credits: Amount = Field(description="How much in all.")
    in_last: LastCreditsBody | None = Field(
        default=None, description="How much of the last credits before the degree."
    )

    def to_domain(self) -> Residency:
        """Return the domain's value."""
        return Residency(**self.known_fields())


class DegreeRuleBody(Body):
    """What the institution says of one degree."""

    degree: Degree = Field(description="The degree.")
    program: Name | None = Field(
        default=None, description="The one program that the rule is about; absent: all others."
    )
    credits: Amount = Field(description="How much the degree takes.")
    max_transfer: Amount = Field(description="The most of it that may come from elsewhere.")
    caps: Many[KindCapBody] = Field(default=(), description="Caps on kinds of credit.")
    residency: ResidencyBody | None = Field(
        default=None, description="What has to be earned at the institution itself."
    )
    levels: Many[CreditLevel] = Field(
        default=(), description="The levels that count; absent: all of them."
    )

    def to_domain(self) -> DegreeRule:
        """Return the domain's value."""
        return DegreeRule(**self.known_fields())


class MinGradeBody(Body):
    """The lowest grade for a level."""

    level: CreditLevel = Field(
        description="The level; `undergraduate` stands for both divisions too."
    )
    grade: Name = Field(description="The lowest grade that transfers, one of `grades`.")

    def to_domain(self) -> MinGrade:
        """Return the domain's value."""
        return MinGrade(**self.known_fields())


class ConversionBody(Body):
    """How a unit is converted."""

    units: CreditUnit = Field(description="The unit.")
    per_unit: Amount = Field(description="How many of it equal one of the policy's unit.")

    def to_domain(self) -> ConversionRate:
        """Return the domain's value."""
        return ConversionRate(**self.known_fields())


class PolicyBody(Body):
    """An institution's own rules on credit."""

    id: Id = Field(description="The policy's id.")
    institution: OrganizationRef = Field(description="Whose policy it is: a name, or an object.")
    units: CreditUnit | None = Field(
        default=None,
        description="The unit of all its figures; `SemesterHour` if absent.",
    )
    degrees: Many[DegreeRuleBody] = Field(description="A rule for each degree; one or more.")
    grades: Many[Name] = Field(default=(), description="The scale of grades, best first.")
    passing: Many[Name] = Field(
        default=(), description="Marks off the scale that are good enough, such as `P`."
    )
    min_grades: Many[MinGradeBody] = Field(
        default=(), description="The lowest grade by level; a level without one takes any."
    )
    conversions: Many[ConversionBody] = Field(
        default=(), description="The table of units; one that is not there cannot be counted."
    )
    accepts: Many[EvidenceClass] = Field(
        default=(),
        description="The evidence for own credentials and training; `verified` if absent.",
    )
    counts_training: Flag | None = Field(
        default=None,
        description="Whether the `duration.effort_hours` of a credential without an agreement "
        "earn experiential credit; `false` if absent.",
    )
    course_providers: Many[OrganizationRef] = Field(
        default=(), description="Whose courses count; absent: everybody's."
    )
    validity_years: Years | None = Field(
        default=None, description="After how many years learning is too old; absent: never."
    )

    def to_domain(self) -> CreditPolicy:
        """Return the domain's record."""
        return CreditPolicy(**without_empty(self.known_fields(), "accepts"))

"""Native objects that stand inside several kinds of record."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from service.domain.credit import Organization
from service.domain.quantities import CreditUnit, CreditValue, Money
from service.domain.skill import EvidenceClass, Importance, StatedSkill
from service.standards.native.body import Body
from service.standards.native.types import (
    Amount,
    Currency,
    Date,
    Id,
    Name,
    OrText,
    Share,
    SkillLevel,
)

SKILL_ID = Field(default=None, description="The skill's id, such as `esco:<uuid>`.")
SKILL_NAME = Field(default=None, description="The skill's name; recognized, if it is known.")
SKILL_LEVEL = Field(default=None, description="1 to 5; 5 is an expert's.")
SKILL_WEIGHT = Field(default=None, description="How much of the record it is, 0 to 1.")


class MoneyBody(Body):
    """An amount in one currency."""

    amount: Amount = Field(description="0 or more.")
    currency: Currency = Field(description="ISO 4217, such as `USD`.")

    def to_domain(self) -> Money:
        """Return the domain's value."""
        return Money(**self.known_fields())


class CreditBody(Body):
    """An amount of credit."""

    units: CreditUnit = Field(description="What is counted.")
    value: Amount = Field(description="How many.")

    def to_domain(self) -> CreditValue:
        """Return the domain's value."""
        return CreditValue(**self.known_fields())


class OrganizationBody(Body):
    """Who sends or receives credit."""

    name: Name = Field(description="The organization's name.")
    id: Id | None = Field(default=None, description="Its id, as that of a provider.")

    def to_domain(self) -> Organization:
        """Return the domain's value."""
        return Organization(**self.known_fields())


class SkillRefBody(Body):
    """A skill, by id or by name."""

    id: Id | None = SKILL_ID
    name: Name | None = SKILL_NAME

    def to_domain(self) -> StatedSkill:
        """Return the domain's value."""
        return StatedSkill(**self.known_fields())


class CredentialSkillBody(Body):
    """A skill that a credential teaches."""

    id: Id | None = SKILL_ID
    name: Name | None = SKILL_NAME
    level: SkillLevel | None = SKILL_LEVEL
    weight: Share | None = SKILL_WEIGHT

    def to_domain(self) -> StatedSkill:
        """Return the domain's value."""
        return StatedSkill(**self.known_fields())


class LearnerSkillBody(Body):
    """A skill that a learner has, and what shows it."""

    id: Id | None = SKILL_ID
    name: Name | None = SKILL_NAME
    level: SkillLevel | None = SKILL_LEVEL
    evidence: EvidenceClass | None = Field(
        default=None, description="What shows it; `self_stated` counts least."
    )
    date: Date | None = Field(default=None, description="When it was shown.")
    issuer: Name | None = Field(default=None, description="Who says so.")

    def to_domain(self) -> StatedSkill:
        """Return the domain's value."""
        return StatedSkill(**self.known_fields())


class JobSkillBody(Body):
    """A skill that a job asks for."""

    id: Id | None = SKILL_ID
    name: Name | None = SKILL_NAME
    importance: Importance | None = Field(default=None, description="`required` or `preferred`.")
    weight: Share | None = SKILL_WEIGHT
    min_level: SkillLevel | None = Field(
        default=None, description="The least level that will do, 1 to 5."
    )

    @model_validator(mode="before")
    @classmethod
    def _from_stated(cls, value: Any) -> Any:
        # The domain has one level; what it means depends on the record.
        if not isinstance(value, StatedSkill):
            return value
        return {
            "id": value.id,
            "name": value.name,
            "importance": value.importance,
            "weight": value.weight,
            "min_level": value.level,
        }

    def to_domain(self) -> StatedSkill:
        """Return the domain's value."""
        known = self.known_fields()
        level = known.pop("min_level", None)
        return StatedSkill(level=level, **known)


OrganizationRef = Annotated[OrganizationBody, OrText("name")]
SkillRef = Annotated[SkillRefBody, OrText("name")]
CredentialSkill = Annotated[CredentialSkillBody, OrText("name")]
LearnerSkill = Annotated[LearnerSkillBody, OrText("name")]
JobSkill = Annotated[JobSkillBody, OrText("name")]

"""The native form of credentials."""

from typing import Annotated

from pydantic import Field

from service.domain.credential import (
    Credential,
    CredentialKind,
    Delivery,
    Level,
    Pacing,
    Prerequisites,
    Provider,
    ProviderType,
    Schedule,
    Status,
)
from service.domain.quantities import Duration
from service.standards.native.body import Body
from service.standards.native.shared import CredentialSkill, CreditBody, MoneyBody
from service.standards.native.types import (
    Amount,
    Count,
    Date,
    Id,
    Language,
    Many,
    Name,
    OrText,
    Region,
    Text,
    Url,
)


class ProviderBody(Body):
    """Who awards a credential."""

    name: Name = Field(description="The provider's name.")
    id: Id | None = Field(default=None, description="The provider's own id.")
    type: ProviderType | None = Field(default=None, description="One of the four classes.")

    def to_domain(self) -> Provider:
        """Return the domain's value."""
        return Provider(**self.known_fields())


class DurationBody(Body):
    """How long a credential takes: calendar time and effort are kept apart."""

    min_weeks: Amount | None = Field(
        default=None, description="Calendar weeks, the lower end of a range."
    )
    weeks: Amount | None = Field(
        default=None, description="Calendar weeks; of a range the upper end, which counts."
    )
    effort_hours: Amount | None = Field(default=None, description="Hours of work in all.")
    hours_per_week: Amount | None = Field(default=None, description="Hours of work in a week.")

    def to_domain(self) -> Duration:
        """Return the domain's value."""
        return Duration(**self.known_fields())


class PrerequisitesBody(Body):
    """What a learner must have before starting."""

    credentials: Many[Id] = Field(default=(), description="Ids of credentials.")
    skills: Many[CredentialSkill] = Field(default=(), description="Skills, by id or by name.")
    text: Text | None = Field(default=None, description="Anything else, in words.")

    def to_domain(self) -> Prerequisites:
        """Return the domain's value."""
        return Prerequisites(**self.known_fields())


class CredentialBody(Body):
    """One credential."""

    id: Id = Field(description="The credential's id.")
    name: Name = Field(description="The credential's name.")
    provider: Annotated[ProviderBody, OrText("name")] = Field(
        description="Who awards it: a name, or an object."
    )
    kind: CredentialKind | None = Field(default=None, description="What sort of award it is.")
    description: Text | None = Field(
        default=None, description="What it is about; skills are also read from here."
    )
    skills: Many[CredentialSkill] = Field(
        default=(), description="The skills it teaches: names, or objects."
    )
    cost: MoneyBody | None = Field(default=None, description="What it costs in all.")
    duration: DurationBody | None = Field(default=None, description="How long it takes.")
    delivery: Many[Delivery] = Field(default=(), description="Where learning takes place.")
    pacing: Pacing | None = Field(default=None, description="Who sets the speed.")
    schedule: Many[Schedule] = Field(default=(), description="When classes meet.")
    level: Level | None = Field(default=None, description="Whom it is made for.")
    credit: Many[CreditBody] = Field(default=(), description="The credit it awards.")
    credit_recommendations: Many[Name] = Field(
        default=(), description="What others recommend as credit; not credit itself."
    )
    status: Status | None = Field(
        default=None, description="Where it is in its life; counts as `Active` if absent."
    )
    prerequisites: PrerequisitesBody | None = Field(
        default=None, description="What it takes to start."
    )
    part_of: Many[Id] = Field(default=(), description="Ids of credentials it counts towards.")
    requires_parts: Count | None = Field(
        default=None,
        description="How many of those that count towards it earn it, without more.",
    )
    languages: Many[Language] = Field(default=(), description="Languages of instruction, BCP 47.")
    regions: Many[Region] = Field(
        default=(), description="Where it may be taken, ISO 3166; `001` is everywhere."
    )
    occupations: Many[Name] = Field(
        default=(), description="Occupations it prepares for, by id or by title."
    )
    keywords: Many[Name] = Field(default=(), description="Words to find it by.")
    assessment: Text | None = Field(default=None, description="How learning is tested.")
    accredited_by: Many[Name] = Field(default=(), description="Who accredits it.")
    recognized_by: Many[Name] = Field(default=(), description="Who recognizes it.")
    effective: Date | None = Field(default=None, description="From when it is awarded.")
    expires: Date | None = Field(default=None, description="Until when it is awarded.")
    last_reviewed: Date | None = Field(default=None, description="When it was last reviewed.")
    url: Url | None = Field(default=None, description="The credential's page.")

    def to_domain(self) -> Credential:
        """Return the domain's record."""
        return Credential(**self.known_fields())

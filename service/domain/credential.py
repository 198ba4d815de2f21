"""Credentials: what a provider awards, and what it takes to earn one."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from service.domain.ids import CredentialId, ProviderId, check_id
from service.domain.quantities import CreditValue, Duration, Money
from service.domain.skill import StatedSkill
from service.errors import InvalidRecord


class CredentialKind(StrEnum):
    """What sort of award a credential is."""

    MICROCREDENTIAL = "microcredential"
    BADGE = "badge"
    CERTIFICATE = "certificate"
    CERTIFICATION = "certification"
    COURSE = "course"
    DEGREE = "degree"
    SPECIALIZATION = "specialization"


class ProviderType(StrEnum):
    """The four classes in which Credential Engine counts providers."""

    HIGHER_EDUCATION = "higher_education"
    MOOC = "mooc"
    NON_ACADEMIC = "non_academic"
    SECONDARY = "secondary"


class Status(StrEnum):
    """Where a credential is in its life (the Credential Registry's life-cycle words)."""

    DEVELOPING = "Developing"
    ACTIVE = "Active"
    SUSPENDED = "Suspended"
    CEASED = "Ceased"


class Delivery(StrEnum):
    """Where learning takes place."""

    ONLINE = "online"
    IN_PERSON = "in_person"
    BLENDED = "blended"


class Pacing(StrEnum):
    """Who sets the speed."""

    SELF_PACED = "self_paced"
    INSTRUCTOR_LED = "instructor_led"
    COHORT = "cohort"


class Schedule(StrEnum):
    """When classes meet."""

    DAYTIME = "daytime"
    EVENING = "evening"
    WEEKDAY = "weekday"
    WEEKEND = "weekend"


class Level(StrEnum):
    """Whom a credential is made for."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who awards a credential."""

    name: str
    id: ProviderId | None = None
    type: ProviderType | None = None

    def __post_init__(self) -> None:
        if self.id is not None:
            check_id(self.id)
        if not self.name.strip():
            raise InvalidRecord("a provider needs a name.", field="name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prerequisites:
    """What a learner must have before starting."""

    credentials: tuple[CredentialId, ...] = ()
    skills: tuple[StatedSkill, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What a provider awards. An empty tuple or ``None`` means unknown, not none.

    Attributes:
        languages: BCP 47 tags of the languages of instruction.
        regions: ISO 3166 codes of where it may be taken; ``001`` is everywhere, and a country
            holds its subdivisions (``US`` covers ``US-IN``).
        part_of: the credentials towards which this one counts.
        requires_parts: how many of the credentials that count towards this one earn it, with no
            study of its own; a stack of k of n.
    """

    id: CredentialId
    name: str
    provider: Provider
    kind: CredentialKind | None = None
    description: str | None = None
    skills: tuple[StatedSkill, ...] = ()
    cost: Money | None = None
    duration: Duration = field(default_factory=Duration)
    delivery: tuple[Delivery, ...] = ()
    pacing: Pacing | None = None
    schedule: tuple[Schedule, ...] = ()
    level: Level | None = None
    credit: tuple[CreditValue, ...] = ()
    credit_recommendations: tuple[str, ...] = ()
    status: Status | None = None
    prerequisites: Prerequisites = field(default_factory=Prerequisites)
    part_of: tuple[CredentialId, ...] = ()
    requires_parts: int | None = None
    languages: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    assessment: str | None = None
    accredited_by: tuple[str, ...] = ()
    recognized_by: tuple[str, ...] = ()
    effective: date | None = None
    expires: date | None = None
    last_reviewed: date | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        if not self.name.strip():
            raise InvalidRecord("a credential needs a name.", field="name")
        if self.requires_parts is not None and self.requires_parts < 1:
            raise InvalidRecord(
                f"{self.requires_parts} is not a number of 1 or more.", field="requires_parts"
            )
        if self.effective and self.expires and self.effective > self.expires:
            raise InvalidRecord(f"{self.expires} is before effective.", field="expires")

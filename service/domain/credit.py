"""Credit as data: whose credential yields how much of it, to whom and on what terms."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from service.domain.credit_checks import check_once, check_order, check_some
from service.domain.ids import CredentialId, ProviderId, check_id
from service.domain.quantities import CreditValue
from service.domain.skill import EvidenceClass
from service.errors import InvalidRecord

PolicyId = NewType("PolicyId", str)
AgreementId = NewType("AgreementId", str)

VERIFIED_ALONE = (EvidenceClass.VERIFIED,)


class RuleKind(StrEnum):
    """The kinds of rule on credit; the value is the word in messages and tables."""

    POLICY = "credit policy"
    AGREEMENT = "transfer agreement"


class Degree(StrEnum):
    """What a program leads to."""

    CERTIFICATE = "certificate"
    ASSOCIATE = "associate"
    BACHELOR = "bachelor"
    MASTER = "master"


class CreditLevel(StrEnum):
    """At which level credit is (CTDL's audience levels, and undergraduate for the lower two)."""

    LOWER_DIVISION = "lower_division"
    UPPER_DIVISION = "upper_division"
    UNDERGRADUATE = "undergraduate"
    GRADUATE = "graduate"

    @property
    def broad(self) -> "CreditLevel":
        """Undergraduate or graduate."""
        graduate = self is CreditLevel.GRADUATE
        return CreditLevel.GRADUATE if graduate else CreditLevel.UNDERGRADUATE


class CreditKind(StrEnum):
    """How the learning came about for which credit is asked; caps go by it."""

    COURSE = "course"
    CREDENTIAL = "credential"
    EXAM = "exam"
    EXPERIENTIAL = "experiential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Who sends or receives credit."""

    name: str
    id: ProviderId | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InvalidRecord("an organization needs a name.", field="name")
        if self.id is not None:
            check_id(self.id)

    def is_same(self, name: str | None, organization_id: str | None = None) -> bool:
        """Tell whether these are the organization's: by id where both have one, else by name."""
        if self.id is not None and organization_id is not None:
            return self.id == organization_id
        return name is not None and same_words(self.name, name)


def same_words(one: str, other: str) -> bool:
    """Tell whether two names differ in nothing but case and spaces."""
    return one.casefold().split() == other.casefold().split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a learner studies, or would: a degree under an institution's policy."""

    policy: PolicyId
    degree: Degree
    name: str | None = None

    def __post_init__(self) -> None:
        check_id(self.policy, field="policy")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferValueProfile:
    """What one credential yields, and to whom.

    Attributes:
        credential: the credential that yields the credit.
        value: how much; of what unit.
        min_grade: the lowest grade that will do, on the scale of the policy.
        min_score: the lowest score that will do, in the unit of the held credential's score.
        accepts: the classes of evidence that will do.
        starts: the first day on which the credential may have been awarded.
        ends: the last one.
        recommended_by: who recommends the credit. None of it counts then, since only the
            receiving institution grants credit; absent, the receiving institution grants it.
    """

    id: str
    credential: CredentialId
    value: CreditValue
    level: CreditLevel | None = None
    kind: CreditKind = CreditKind.CREDENTIAL
    min_grade: str | None = None
    min_score: float | None = None
    accepts: tuple[EvidenceClass, ...] = VERIFIED_ALONE
    starts: date | None = None
    ends: date | None = None
    recommended_by: str | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        check_id(self.credential, field="credential")
        check_some(self.accepts, "accepts")
        check_order(self.starts, self.ends)

    @property
    def is_granted(self) -> bool:
        """Whether the receiving institution grants the credit."""
        return self.recommended_by is None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAgreement:
    """What a receiving institution grants, or others recommend, for a sender's credentials.

    Attributes:
        receiving: who grants the credit; none where all profiles are recommendations.
        department: the receiving department, in words.
        program: the one program that the credit counts towards, by name; none for all.
        starts: the first day on which the agreement is in force.
        ends: the last one.
    """

    id: AgreementId
    sending: Organization
    profiles: tuple[TransferValueProfile, ...]
    receiving: Organization | None = None
    department: str | None = None
    program: str | None = None
    starts: date | None = None
    ends: date | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        check_some(self.profiles, "profiles")
        check_order(self.starts, self.ends)
        check_once([profile.id for profile in self.profiles], "profiles")
        if self.receiving is None and any(profile.is_granted for profile in self.profiles):
            raise InvalidRecord(
                "is missing: some profiles grant credit; name who does, or who recommends it.",
                field="receiving",
            )

    def in_force(self, today: date) -> bool:
        """Tell whether the agreement is in force on a day."""
        return (self.starts or today) <= today <= (self.ends or today)

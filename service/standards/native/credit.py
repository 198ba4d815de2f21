"""The native form of agreements on credit, and of programs."""

from pydantic import Field

from service.domain.credit import (
    CreditKind,
    CreditLevel,
    Degree,
    Program,
    TransferAgreement,
    TransferValueProfile,
)
from service.domain.skill import EvidenceClass
from service.standards.native.body import Body, without_empty
from service.standards.native.shared import CreditBody, OrganizationRef
from service.standards.native.types import Amount, Date, Id, Many, Name


class ProgramBody(Body):
    """What a learner studies, or would."""

    policy: Id = Field(description="The id of the institution's credit policy.")
    degree: Degree = Field(description="What the program leads to.")
    name: Name | None = Field(default=None, description="The program's name.")

    def to_domain(self) -> Program:
        """Return the domain's value."""
        return Program(**self.known_fields())


class ProfileBody(Body):
    """What one credential yields."""

    id: Id = Field(description="The profile's id within the agreement.")
    credential: Id = Field(description="The id of the credential.")
    value: CreditBody = Field(description="The credit that it yields.")
    level: CreditLevel | None = Field(default=None, description="The level of the credit.")
    kind: CreditKind | None = Field(
        default=None,
        description="How the learning came about, by which caps go; `credential` if absent.",
    )
    min_grade: Name | None = Field(
        default=None, description="The lowest grade that will do, on the policy's scale."
    )
    min_score: Amount | None = Field(default=None, description="The lowest score that will do.")
    accepts: Many[EvidenceClass] = Field(
        default=(), description="The evidence that will do; `verified` if absent."
    )
    starts: Date | None = Field(
        default=None, description="The first day on which the credential may have been awarded."
    )
    ends: Date | None = Field(default=None, description="The last one.")
    recommended_by: Name | None = Field(
        default=None,
        description="Who recommends the credit, such as ACE; then none of it counts.",
    )

    def to_domain(self) -> TransferValueProfile:
        """Return the domain's value."""
        return TransferValueProfile(**without_empty(self.known_fields(), "accepts"))


class AgreementBody(Body):
    """What one institution grants, or others recommend, for the credentials of a sender."""

    id: Id = Field(description="The agreement's id.")
    sending: OrganizationRef = Field(
        description="Whose credentials these are: a name, or an object."
    )
    receiving: OrganizationRef | None = Field(
        default=None,
        description="Who grants the credit; may be absent where all of it is recommended.",
    )
    department: Name | None = Field(default=None, description="The receiving department.")
    program: Name | None = Field(
        default=None, description="The one program towards which it counts; absent: all."
    )
    starts: Date | None = Field(default=None, description="The first day it is in force.")
    ends: Date | None = Field(default=None, description="The last one.")
    profiles: Many[ProfileBody] = Field(description="What each credential yields; one or more.")

    def to_domain(self) -> TransferAgreement:
        """Return the domain's record."""
        return TransferAgreement(**self.known_fields())

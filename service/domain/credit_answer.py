"""Answers on credit: what counts, by which rule, what was cut, and what is left."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from service.domain.credit import CreditKind, PolicyId, Program
from service.domain.credit_policy import LastCredits
from service.domain.ids import CredentialId, LearnerId
from service.domain.learner import Course, Experience, HeldCredential
from service.domain.quantities import CreditUnit, CreditValue


class CreditStatus(StrEnum):
    """Whether credit is sure: granted by a rule, recommended by somebody, or neither."""

    GRANTED_BY_RULE = "granted_by_rule"
    RECOMMENDED = "recommended"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditAward:
    """What one thing yields before caps.

    Attributes:
        units: the policy's unit for credit that is granted, else that of the recommendation.
        value: how much the rule grants or the recommendation names; 0 where the recommendation
            is in words alone. Of a recommendation nothing counts.
        rule: the id of the rule that grants, recommends or refuses; none where none speaks of it.
        reason: why, as a phrase for people.
    """

    units: CreditUnit
    value: float
    rule: str | None
    status: CreditStatus
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditItem:
    """One course or credential of a learner, and what came of it.

    Attributes:
        field: where it stands in the learner's record: ``courses.<row>`` or ``credentials.<row>``.
        id: the credential's id; none for a course.
        own: whether it was earned at the institution itself.
        stated: the credit as the record or the rule states it, before conversion.
        counted: how much counts, in the policy's unit.
        running: how much counts up to and with this item, in the policy's unit.
        cut_by: the rules of the caps that cut it.
    """

    field: str
    id: CredentialId | None
    name: str
    kind: CreditKind
    date: datetime.date | None
    own: bool
    stated: CreditValue | None
    award: CreditAward
    counted: float
    running: float
    cut_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapUse:
    """A cap, and what it did.

    Attributes:
        says: the cap in words.
        counted: how much counts under it, in the policy's unit; never more than ``max``.
        cut: how much it cut.
    """

    rule: str
    says: str
    max: float
    counted: float
    cut: float

    @property
    def is_binding(self) -> bool:
        """Whether it cut anything."""
        return self.cut > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidencyStanding:
    """What has to be earned at the institution itself, and how far that is.

    Attributes:
        earned: how much of what counts was earned there.
        remaining: how much has still to be earned there, whichever part of the rule asks for it.
    """

    rule: str
    required: float
    in_last: LastCredits | None
    earned: float
    remaining: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTotal:
    """Credit in one unit.

    Attributes:
        stated: how much the items for which it is granted state in this unit.
        counted: how much of it counts, converted back.
    """

    units: CreditUnit
    stated: float
    counted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditEvaluation:
    """What a learner's courses and credentials count towards a degree; in the policy's unit.

    Attributes:
        items: in the order in which they were counted: oldest first, undated ones last.
        incoming: how much rules grant for what comes from elsewhere, before caps.
        transferred: how much of that counts.
        own: how much counts that was earned at the institution itself.
        counted: both together.
        required: what the degree takes.
        left: what is left to it.
    """

    policy: PolicyId
    institution: str
    program: Program
    units: CreditUnit
    items: tuple[CreditItem, ...]
    totals: tuple[UnitTotal, ...]
    incoming: float
    transferred: float
    own: float
    counted: float
    caps: tuple[CapUse, ...]
    residency: ResidencyStanding | None
    required: float
    left: float
    caveats: tuple[str, ...]

    @property
    def binding(self) -> tuple[CapUse, ...]:
        """The caps that cut something."""
        return tuple(cap for cap in self.caps if cap.is_binding)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCredential:
    """A credential in a learner's record, with what the catalog says of it.

    Attributes:
        name: its name, or its id where the catalog does not know it.
        credit: what its provider awards for it.
        counts: whether the credit is in the totals; ``caveat`` says why not.
    """

    held: HeldCredential
    name: str
    provider: str | None
    kind: str | None
    credit: tuple[CreditValue, ...]
    counts: bool
    caveat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTotal:
    """Credit in one unit, as a record states it, before any institution's rules.

    Attributes:
        courses: from courses.
        credentials: from credentials that are verified and valid today.
        not_counted: from credentials that are not.
    """

    units: CreditUnit
    courses: float
    credentials: float
    not_counted: float

    @property
    def total(self) -> float:
        """From courses and credentials together."""
        return self.courses + self.credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerRecord:
    """All that a learner has done, in one record, newest first, with totals for each unit.

    Credit in two units for one credential is the same credit twice: totals of different units
    are not to be added.
    """

    learner: LearnerId
    program: Program | None
    courses: tuple[Course, ...]
    credentials: tuple[RecordedCredential, ...]
    experience: tuple[Experience, ...]
    totals: tuple[RecordTotal, ...]

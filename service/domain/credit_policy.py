"""Policies: an institution's own rules on credit, and its caps by degree."""

from dataclasses import dataclass

from service.domain.credit import (
    VERIFIED_ALONE,
    CreditKind,
    CreditLevel,
    Degree,
    Organization,
    PolicyId,
    Program,
    RuleKind,
    TransferAgreement,
    same_words,
)
from service.domain.credit_checks import (
    check_not_negative,
    check_once,
    check_positive,
    check_some,
)
from service.domain.ids import check_id
from service.domain.quantities import CreditUnit
from service.domain.skill import EvidenceClass
from service.errors import InvalidRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class MinGrade:
    """The lowest grade with which credit of a level transfers."""

    level: CreditLevel
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionRate:
    """How many of a unit equal one of the policy's unit, in (0, inf)."""

    units: CreditUnit
    per_unit: float

    def __post_init__(self) -> None:
        check_positive(self.per_unit, "per_unit")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCap:
    """The most credit of one kind from elsewhere that counts, in the policy's unit."""

    kind: CreditKind
    max: float

    def __post_init__(self) -> None:
        check_not_negative(self.max, "max")


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCredits:
    """So many credits of the last ``of`` before the degree."""

    credits: float
    of: float

    def __post_init__(self) -> None:
        check_not_negative(self.credits, "credits")
        if not self.credits <= self.of < float("inf"):
            raise InvalidRecord(f"{self.of} is less than credits, {self.credits}.", field="of")


@dataclass(frozen=True, slots=True, kw_only=True)
class Residency:
    """What has to be earned at the institution itself: so much in all, and of the last credits."""

    credits: float
    in_last: LastCredits | None = None

    def __post_init__(self) -> None:
        check_not_negative(self.credits, "credits")


@dataclass(frozen=True, slots=True, kw_only=True)
class DegreeRule:
    """What an institution says of one degree, in the policy's unit.

    Attributes:
        credits: how much the degree takes.
        max_transfer: the most that may come from elsewhere.
        program: the one program that the rule is about, by name; it goes before the degree's.
        caps: further caps, one for a kind of credit at the most.
        levels: the levels that count; all if empty.
    """

    degree: Degree
    credits: float
    max_transfer: float
    program: str | None = None
    caps: tuple[KindCap, ...] = ()
    residency: Residency | None = None
    levels: tuple[CreditLevel, ...] = ()

    def __post_init__(self) -> None:
        check_positive(self.credits, "credits")
        check_not_negative(self.max_transfer, "max_transfer")
        check_once([cap.kind for cap in self.caps], "caps")

    @property
    def level(self) -> CreditLevel:
        """The level of a course that states none."""
        graduate = self.degree is Degree.MASTER
        return CreditLevel.GRADUATE if graduate else CreditLevel.UNDERGRADUATE


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditPolicy:
    """An institution's own rules: what it counts, converted how, up to which caps.

    Attributes:
        units: the unit in which everything is counted.
        grades: the scale of grades, best first.
        passing: marks without a place on the scale that are good enough, such as ``P``.
        min_grades: one for a level at the most; a level without one takes any grade.
        conversions: one for a unit at the most; a unit without one cannot be counted.
        accepts: the classes of evidence for which own credentials and training count.
        counts_training: whether the hours of effort of a credential that no agreement names
            earn experiential credit, at the rate for clock hours.
        course_providers: whose courses are accepted; everybody's if empty.
        validity_years: after how many years learning is too old; never if it is none.
    """

    id: PolicyId
    institution: Organization
    degrees: tuple[DegreeRule, ...]
    units: CreditUnit = CreditUnit.SEMESTER_HOUR
    grades: tuple[str, ...] = ()
    passing: tuple[str, ...] = ()
    min_grades: tuple[MinGrade, ...] = ()
    conversions: tuple[ConversionRate, ...] = ()
    accepts: tuple[EvidenceClass, ...] = VERIFIED_ALONE
    counts_training: bool = False
    course_providers: tuple[Organization, ...] = ()
    validity_years: int | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        check_some(self.degrees, "degrees")
        check_some(self.accepts, "accepts")
        check_once([(rule.degree, rule.program) for rule in self.degrees], "degrees")
        check_once(self.grades, "grades")
        check_once([each.level for each in self.min_grades], "min_grades")
        check_once([each.units for each in self.conversions], "conversions")
        self._check_grades()
        if any(each.units is self.units and each.per_unit != 1 for each in self.conversions):
            raise InvalidRecord("one of the policy's own unit is one.", field="conversions")
        if self.validity_years is not None and self.validity_years < 1:
            raise InvalidRecord("is less than 1; leave it out for no end.", field="validity_years")

    def _check_grades(self) -> None:
        for each in self.min_grades:
            if each.grade not in self.grades:
                raise InvalidRecord(
                    f"{each.grade!r} is not on the scale in grades.", field="min_grades"
                )

    def rule_for(self, program: Program) -> DegreeRule | None:
        """Return the rule on the program, else that on its degree, if there is one."""
        of_degree = [rule for rule in self.degrees if rule.degree is program.degree]
        name = program.name or ""
        named = (rule for rule in of_degree if rule.program and same_words(rule.program, name))
        general = (rule for rule in of_degree if rule.program is None)
        return next(named, None) or next(general, None)


CreditRule = CreditPolicy | TransferAgreement


def rule_kind_of(rule: CreditRule) -> RuleKind:
    """Return the kind of the rule."""
    return RuleKind.POLICY if isinstance(rule, CreditPolicy) else RuleKind.AGREEMENT

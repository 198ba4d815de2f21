"""Rules on credit that make no sense are refused, and say where."""

from collections.abc import Callable
from datetime import date

import pytest

from service.domain.credit import (
    CreditKind,
    CreditLevel,
    Degree,
    Organization,
    PolicyId,
    Program,
    RuleKind,
    same_words,
)
from service.domain.credit_policy import (
    ConversionRate,
    DegreeRule,
    KindCap,
    LastCredits,
    MinGrade,
    Residency,
    rule_kind_of,
)
from service.domain.quantities import CreditUnit
from service.errors import InvalidRecord
from tests.builders.credit import a_policy, a_profile, an_agreement

BACHELOR = DegreeRule(degree=Degree.BACHELOR, credits=120, max_transfer=90)
CAP = KindCap(kind=CreditKind.EXAM, max=3)
LOWEST = MinGrade(level=CreditLevel.GRADUATE, grade="B")


@pytest.mark.parametrize(
    ("make", "field", "reason"),
    [
        (lambda: Organization(name=" "), "name", "needs a name"),
        (lambda: Organization(name="H", id="a b"), "id", "is not an id"),  # type: ignore[arg-type]  # a wrong one
        (lambda: Program(policy=PolicyId(""), degree=Degree.MASTER), "policy", "is not an id"),
        (lambda: a_profile(credential="a b"), "credential", "is not an id"),
        (lambda: a_profile(accepts=()), "accepts", "is empty"),
        (
            lambda: a_profile(starts=date(2026, 1, 2), ends=date(2026, 1, 1)),
            "ends",
            "2026-01-01 is before starts",
        ),
        (lambda: an_agreement(profiles=()), "profiles", "is empty"),
        (lambda: an_agreement(a_profile(), a_profile()), "profiles", "tvp-1 is there twice"),
        (lambda: an_agreement(receiving=None), "receiving", "some profiles grant credit"),
        (lambda: ConversionRate(units=CreditUnit.ECTS, per_unit=0), "per_unit", "above 0"),
        (lambda: KindCap(kind=CreditKind.EXAM, max=-1), "max", "0 or more"),
        (lambda: LastCredits(credits=60, of=30), "of", "30 is less than credits, 60"),
        (lambda: Residency(credits=float("nan")), "credits", "0 or more"),
        (
            lambda: DegreeRule(degree=Degree.MASTER, credits=0, max_transfer=0),
            "credits",
            "above 0",
        ),
        (
            lambda: DegreeRule(degree=Degree.MASTER, credits=30, max_transfer=6, caps=(CAP, CAP)),
            "caps",
            "exam is there twice",
        ),
        (lambda: a_policy(degrees=()), "degrees", "is empty"),
        (lambda: a_policy(degrees=(BACHELOR, BACHELOR)), "degrees", "bachelor is there twice"),
        (lambda: a_policy(min_grades=(LOWEST, LOWEST)), "min_grades", "graduate is there twice"),
        (lambda: a_policy(grades=("A",)), "min_grades", "'C' is not on the scale"),
        (
            lambda: a_policy(
                conversions=(ConversionRate(units=CreditUnit.SEMESTER_HOUR, per_unit=2),)
            ),
            "conversions",
            "one of the policy's own unit is one",
        ),
        (lambda: a_policy(validity_years=0), "validity_years", "is less than 1"),
    ],
)
def test_a_rule_that_makes_no_sense_says_where(
    make: Callable[[], object], field: str, reason: str
) -> None:
    with pytest.raises(InvalidRecord) as told:
        make()

    assert told.value.field == field
    assert reason in told.value.reason


def test_a_rule_on_a_program_goes_before_that_on_its_degree() -> None:
    policy = a_policy()

    def most(degree: Degree, name: str | None) -> float | None:
        rule = policy.rule_for(Program(policy=policy.id, degree=degree, name=name))
        return rule.max_transfer if rule else None

    assert most(Degree.BACHELOR, "rn-bsn") == 81
    assert most(Degree.BACHELOR, "History") == 90
    assert most(Degree.BACHELOR, None) == 90
    assert most(Degree.CERTIFICATE, None) is None


def test_a_kind_of_rule_is_named_as_people_name_it() -> None:
    assert rule_kind_of(a_policy()) is RuleKind.POLICY
    assert f"{rule_kind_of(an_agreement())}" == "transfer agreement"


def test_names_are_the_same_whatever_their_case_and_spaces() -> None:
    assert same_words("Health  Studies", "health studies ")
    assert not same_words("Health Studies", "Health Study")


def test_an_agreement_is_in_force_from_its_first_day_to_its_last() -> None:
    agreement = an_agreement(starts=date(2026, 1, 1), ends=date(2026, 12, 31))

    assert agreement.in_force(date(2026, 1, 1))
    assert agreement.in_force(date(2026, 12, 31))
    assert not agreement.in_force(date(2025, 12, 31))
    assert not agreement.in_force(date(2027, 1, 1))

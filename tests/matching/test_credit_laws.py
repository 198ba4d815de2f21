"""Laws of counting credit, whatever a learner brings."""

from datetime import date
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.credit import CreditKind, CreditLevel
from service.domain.credit_answer import CreditEvaluation, CreditStatus
from service.domain.credit_policy import (
    ConversionRate,
    CreditPolicy,
    LastCredits,
    Residency,
)
from service.domain.learner import Course, HeldCredential
from service.domain.quantities import CreditUnit, CreditValue
from service.domain.skill import EvidenceClass
from service.matching.credit import evaluate
from service.matching.credit_terms import exact, in_policy_units, in_units, years_before
from service.matching.residency import Counted, remaining
from tests.builders.credit import (
    HARBOR,
    a_course,
    a_held,
    a_policy,
    a_profile,
    a_student,
    an_agreement,
    terms,
)

pytestmark = pytest.mark.slow
LAW = settings(max_examples=2000)

Done = Course | HeldCredential

DAYS = st.none() | st.dates(date(2000, 1, 1), date(2026, 11, 24))
AGREEMENT = an_agreement(
    a_profile("t-0", "c-0", 12.5),
    a_profile("t-1", "c-1", 30, kind=CreditKind.EXPERIENTIAL),
    a_profile("t-2", "c-2", 900, kind=CreditKind.EXPERIENTIAL, units=CreditUnit.CLOCK_HOUR),
    a_profile("t-3", "c-3", 9, min_grade="B"),
    a_profile("t-4", "c-4", 40, recommended_by="ACE"),
)
COURSES = st.builds(
    a_course,
    st.sampled_from([f"course {number}" for number in range(12)]),
    st.none() | st.sampled_from([0.1, 1.0, 3.0, 4.5, 20.0, 60.0]),
    units=st.sampled_from(CreditUnit),
    grade=st.sampled_from(["A", "C", "D", None, "P", "?"]),
    provider=st.sampled_from(["Lakefield", HARBOR.name, None]),
    date=DAYS,
    level=st.none() | st.sampled_from(CreditLevel),
)
HELD = st.builds(
    a_held,
    st.sampled_from([f"c-{number}" for number in range(6)]),
    evidence=st.none() | st.sampled_from(EvidenceClass),
    issued=DAYS,
    expires=DAYS,
    grade=st.sampled_from(["A", "D", None]),
)
BROUGHT = st.lists(COURSES | HELD, max_size=12)
POLICIES = st.sampled_from([a_policy(), a_policy(validity_years=8)])


def evaluated(done: list[Done], policy: CreditPolicy) -> CreditEvaluation:
    return evaluate(a_student(*done), {}, terms(AGREEMENT, policy=policy))


@LAW
@given(BROUGHT, POLICIES)
def test_what_counts_never_exceeds_a_cap_and_adds_up(
    done: list[Done], policy: CreditPolicy
) -> None:
    found = evaluated(done, policy)

    assert all(cap.counted <= cap.max for cap in found.caps)
    assert found.transferred <= 90
    experiential = [each for each in found.items if each.kind is CreditKind.EXPERIENTIAL]
    assert sum(exact(each.counted) for each in experiential) <= 30
    assert found.counted == pytest.approx(found.own + found.transferred)
    assert found.counted == pytest.approx(sum(item.counted for item in found.items))
    assert found.left == pytest.approx(max(0, 120 - found.counted))
    assert [item.running for item in found.items] == sorted(item.running for item in found.items)


@LAW
@given(BROUGHT, POLICIES, COURSES | HELD)
def test_one_thing_more_never_lowers_the_count(
    done: list[Done], policy: CreditPolicy, more: Done
) -> None:
    before, after = evaluated(done, policy), evaluated([*done, more], policy)

    assert after.counted >= before.counted
    assert after.transferred >= before.transferred
    assert after.left <= before.left


@LAW
@given(BROUGHT, POLICIES, st.integers())
def test_the_order_of_the_record_does_not_matter(
    done: list[Done], policy: CreditPolicy, seed: int
) -> None:
    mixed = list(done)
    Random(seed).shuffle(mixed)  # noqa: S311 - an order to try, not a secret

    one, other = evaluated(done, policy), evaluated(mixed, policy)

    assert (one.counted, one.caps, one.totals) == (other.counted, other.caps, other.totals)
    assert one.residency == other.residency
    assert [(each.name, each.counted, each.award) for each in one.items] == [
        (each.name, each.counted, each.award) for each in other.items
    ]


@LAW
@given(BROUGHT, POLICIES)
def test_everything_that_counts_names_its_rule_and_everything_cut_its_cap(
    done: list[Done], policy: CreditPolicy
) -> None:
    found = evaluated(done, policy)

    rules = {cap.rule for cap in found.caps}
    assert len(found.items) == len(done)
    for item in found.items:
        granted = item.award.status is CreditStatus.GRANTED_BY_RULE
        assert item.award.reason
        assert item.counted == 0 or (granted and item.award.rule)
        assert bool(item.cut_by) == (granted and item.counted < item.award.value)
        assert set(item.cut_by) <= rules


@LAW
@given(
    st.sampled_from(CreditUnit),
    st.floats(0, 1e6),
    st.floats(0.01, 1000),
)
def test_a_conversion_there_and_back_changes_nothing(
    units: CreditUnit, value: float, per_unit: float
) -> None:
    rate = 1.0 if units is CreditUnit.SEMESTER_HOUR else per_unit
    policy = a_policy(conversions=(ConversionRate(units=units, per_unit=rate),))

    there = in_policy_units(policy, CreditValue(units=units, value=value))

    assert there is not None
    assert in_units(policy, there, units) == exact(value)


RULE = Residency(credits=30, in_last=LastCredits(credits=30, of=60))
PARTS = st.lists(st.builds(Counted, st.integers(1, 40).map(Fraction), st.booleans()), max_size=8)


@LAW
@given(PARTS)
def test_residency_is_the_least_that_makes_the_rule_hold(parts: list[Counted]) -> None:
    def holds(more: int) -> bool:
        have = sum(int(part.amount) for part in parts)
        elsewhere = max(0, 120 - have - more)
        single = [part.own for part in parts for _ in range(int(part.amount))]
        # What is left beyond the residents' own comes from elsewhere, and first.
        whole = [*single, *[False] * elsewhere, *[True] * more]
        return sum(whole) >= 30 and sum(whole[-60:]) >= 30

    least = next(more for more in range(200) if holds(more))

    assert remaining(RULE, parts, required=Fraction(120)) == least


@pytest.mark.parametrize(
    ("today", "years", "before"),
    [
        (date(2024, 2, 29), 1, date(2023, 2, 28)),
        (date(2026, 11, 24), 10, date(2016, 11, 24)),
        (date(2026, 11, 24), 9999, date(1, 11, 24)),
    ],
)
def test_years_are_counted_by_the_calendar(today: date, years: int, before: date) -> None:
    assert years_before(today, years) == before

"""Records refuse what cannot be true, and say which field is at fault."""

from collections.abc import Callable
from datetime import date

import pytest

from service.domain.credential import Credential, Provider
from service.domain.goal import Goal
from service.domain.ids import (
    CredentialId,
    EmployerId,
    JobId,
    LearnerId,
    OccupationId,
    ProviderId,
    SkillId,
    check_id,
)
from service.domain.job import Employer, Job, Occupation
from service.domain.learner import HeldCredential, Learner
from service.domain.quantities import CreditUnit, CreditValue, Duration, Money, PayPeriod, Salary
from service.domain.record import Kind, Record, kind_of
from service.domain.skill import Skill, StatedSkill
from service.errors import InvalidRecord

LAKEFIELD = Provider(name="Lakefield")


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Money(amount=-1, currency="USD"), "amount"),
        (lambda: Money(amount=float("nan"), currency="USD"), "amount"),
        (lambda: Money(amount=float("inf"), currency="USD"), "amount"),
        (lambda: Money(amount=1, currency="usd"), "currency"),
        (lambda: Duration(weeks=-2), "weeks"),
        (lambda: Duration(min_weeks=3, weeks=2), "min_weeks"),
        (lambda: CreditValue(units=CreditUnit.ECTS, value=-1), "value"),
        (lambda: Salary(currency="USD", period=PayPeriod.HOUR, min=-1), "min"),
        (lambda: Salary(currency="USD", period=PayPeriod.HOUR, max=-1), "max"),
        (lambda: Skill(id=SkillId("s 1"), preferred_label="x"), "id"),
        (lambda: Skill(id=SkillId("s-1"), preferred_label=" "), "preferred_label"),
        (StatedSkill, "name"),
        (lambda: StatedSkill(id=SkillId("ü")), "id"),
        (lambda: StatedSkill(name="SQL", level=6), "level"),
        (lambda: StatedSkill(name="SQL", level=0), "level"),
        (lambda: StatedSkill(name="SQL", weight=1.1), "weight"),
        (lambda: Provider(name=" "), "name"),
        (lambda: Provider(name="x", id=ProviderId("")), "id"),
        (lambda: Credential(id=CredentialId("c"), name="", provider=LAKEFIELD), "name"),
        (lambda: HeldCredential(id=CredentialId("/")), "id"),
        (lambda: Learner(id=LearnerId("l-1")), ""),
        (Goal, "goal"),
        (lambda: Goal(text="nurse", occupation="nurse"), "goal"),
        (lambda: Job(id=JobId("j-1"), title=""), "title"),
        (lambda: Employer(name="x", id=EmployerId("a b")), "id"),
        (lambda: Occupation(id=OccupationId("o-1"), title=""), "title"),
        (lambda: check_id("x" * 129), "id"),
    ],
)
def test_what_cannot_be_true_is_refused_with_its_field(
    make: Callable[[], object], field: str
) -> None:
    with pytest.raises(InvalidRecord) as refused:
        make()

    assert refused.value.field == field


def test_a_credential_cannot_expire_before_it_takes_effect() -> None:
    with pytest.raises(InvalidRecord, match="2026-01-01 is before effective"):
        Credential(
            id=CredentialId("c"),
            name="x",
            provider=LAKEFIELD,
            effective=date(2026, 2, 1),
            expires=date(2026, 1, 1),
        )


def test_ids_may_be_as_long_as_128_characters_and_hold_the_marks_of_a_code() -> None:
    longest = "onet:29-2072.00_x" + "a" * 111

    assert check_id(longest) == longest
    assert len(longest) == 128


def test_every_record_knows_its_kind() -> None:
    records: list[Record] = [
        Skill(id=SkillId("s"), preferred_label="SQL"),
        Credential(id=CredentialId("c"), name="x", provider=LAKEFIELD),
        Learner(id=LearnerId("l"), text="I keep books."),
        Job(id=JobId("j"), title="Bookkeeper"),
        Occupation(id=OccupationId("o"), title="Bookkeeping Clerks"),
    ]

    kinds = [kind_of(record) for record in records]

    assert kinds == [Kind.SKILL, Kind.CREDENTIAL, Kind.LEARNER, Kind.JOB, Kind.OCCUPATION]

"""Credit over the store: policies, agreements, learners, and one record of what they have done."""

from dataclasses import replace
from datetime import date

import pytest

from service.answers.credit import CreditQuestion
from service.domain.credential import CredentialKind
from service.domain.credit import Degree, PolicyId, Program, RuleKind
from service.domain.credit_answer import CreditStatus
from service.domain.ids import DEFAULT_TENANT as HERE
from service.domain.learner import Experience
from service.domain.quantities import CreditUnit, CreditValue
from service.domain.skill import EvidenceClass
from service.errors import InvalidQuestion, NotFound
from service.intake import OutcomeStatus
from tests.builders.credit import (
    BACHELOR,
    SEMESTER,
    a_course,
    a_held,
    a_policy,
    a_profile,
    a_student,
    an_agreement,
)
from tests.builders.worlds import World, credential


def test_a_learner_with_a_program_is_evaluated_by_what_the_store_keeps(world: World) -> None:
    world.credit_intake.put(HERE, a_policy())
    world.credit_intake.put(HERE, an_agreement())
    world.put(credential("emt", "Emergency Medical Technician"))
    student = replace(a_student(a_course(), a_held()), program=BACHELOR)
    world.put(student)

    learner = world.credit.learner(HERE, "student")
    found = world.credit.evaluate(HERE, CreditQuestion(learner=learner))

    assert found.counted == 6
    assert [(item.name, item.award.rule) for item in found.items] == [
        ("Emergency Medical Technician", "agreement-1:tvp-1"),
        ("Anatomy", "harbor-2026:courses"),
    ]
    assert found.institution == "Harbor University"


def test_a_policy_and_agreements_of_the_question_go_before_those_of_the_store(
    world: World,
) -> None:
    world.credit_intake.put(HERE, a_policy())
    world.credit_intake.put(HERE, an_agreement())
    other = a_policy(id=PolicyId("trial"))
    program = Program(policy=PolicyId("trial"), degree=Degree.BACHELOR)
    richer = an_agreement(a_profile(value=9), id="agreement-2")
    question = CreditQuestion(
        learner=a_student(a_held()), program=program, policy=other, agreements=(richer,)
    )

    found = world.credit.evaluate(HERE, question)

    assert (found.policy, found.counted) == ("trial", 9)
    assert found.items[0].award.rule == "agreement-2:tvp-1"


def test_what_a_credential_would_yield_toward_a_program_is_asked_once_for_many(
    world: World,
) -> None:
    world.credit_intake.put(HERE, a_policy())
    world.credit_intake.put(HERE, an_agreement(a_profile(), a_profile("tvp-2", "cpr", 1)))

    credit = world.credit.toward(HERE, BACHELOR)

    awards = [credit.credit_yield(credential(name, name)) for name in ("emt", "cpr", "other")]
    assert [(award.value, award.rule) for award in awards] == [
        (3, "agreement-1:tvp-1"),
        (1, "agreement-1:tvp-2"),
        (0, None),
    ]


def test_no_program_an_unknown_policy_and_an_unknown_learner_are_told(world: World) -> None:
    student = a_student(a_course())
    with pytest.raises(InvalidQuestion, match="names no program") as told:
        world.credit.evaluate(HERE, CreditQuestion(learner=student))
    assert told.value.field == "program"

    with pytest.raises(NotFound, match="no credit policy with the id 'harbor-2026'"):
        world.credit.evaluate(HERE, CreditQuestion(learner=student, program=BACHELOR))
    with pytest.raises(NotFound, match="no learner with the id 'nobody'"):
        world.credit.learner(HERE, "nobody")


def test_a_rule_that_is_put_is_planned_read_and_removed(world: World) -> None:
    intake, policy = world.credit_intake, a_policy()
    assert intake.plan(HERE, policy).status is OutcomeStatus.CREATED
    assert intake.put(HERE, policy).status is OutcomeStatus.CREATED
    assert intake.plan(HERE, policy).status is OutcomeStatus.UNCHANGED
    assert intake.put(HERE, policy).status is OutcomeStatus.UNCHANGED
    changed = replace(policy, validity_years=5)
    assert intake.plan(HERE, changed).status is OutcomeStatus.UPDATED
    assert intake.put(HERE, changed).status is OutcomeStatus.UPDATED
    assert world.credit.rule(HERE, RuleKind.POLICY, policy.id).rule == changed

    intake.delete(HERE, RuleKind.POLICY, policy.id)

    with pytest.raises(NotFound):
        intake.delete(HERE, RuleKind.POLICY, policy.id)
    with pytest.raises(NotFound):
        world.credit.rule(HERE, RuleKind.POLICY, policy.id)


def test_three_courses_and_two_badges_are_one_record_with_totals_for_each_unit(
    world: World,
) -> None:
    badge = CredentialKind.BADGE
    world.put(
        credential("b-1", "Phlebotomy", kind=badge, credit=(CreditValue(units=SEMESTER, value=2),)),
        credential(
            "b-2",
            "Triage",
            kind=badge,
            credit=(CreditValue(units=CreditUnit.CONTINUING_EDUCATION_UNIT, value=0.5),),
        ),
    )
    student = a_student(
        a_course("Anatomy", 4, date=date(2023, 5, 1)),
        a_course("Statistics", 3, date=date(2024, 5, 1)),
        a_course("Biology", 6, units=CreditUnit.ECTS),
        a_held("b-1", issued=date(2024, 1, 1)),
        a_held("b-2", issued=date(2025, 1, 1)),
    )
    work = Experience(title="Nursing Assistant", start=date(2020, 1, 1))

    record = world.credit.record(HERE, replace(student, experience=(work,)))

    assert [course.name for course in record.courses] == ["Statistics", "Anatomy", "Biology"]
    assert [each.name for each in record.credentials] == ["Triage", "Phlebotomy"]
    assert record.experience == (work,)
    assert [(each.units, each.courses, each.credentials, each.total) for each in record.totals] == [
        (SEMESTER, 7, 2, 9),
        (CreditUnit.CONTINUING_EDUCATION_UNIT, 0, 0.5, 0.5),
        (CreditUnit.ECTS, 6, 0, 6),
    ]


def test_credit_of_what_is_unverified_or_expired_stays_out_of_the_totals(world: World) -> None:
    one = (CreditValue(units=SEMESTER, value=1),)
    world.put(*(credential(name, name, credit=one) for name in ("b-1", "b-2")))
    student = a_student(
        a_held("b-1", evidence=EvidenceClass.ISSUED),
        a_held("b-2", expires=date(2026, 1, 1)),
        a_held("unknown"),
    )

    record = world.credit.record(HERE, student)

    assert {each.held.id: each.caveat for each in record.credentials} == {
        "b-1": "not verified: its evidence is issued",
        "b-2": "expired on 2026-01-01",
        "unknown": "the catalog does not know it",
    }
    [total] = record.totals
    assert (total.total, total.not_counted) == (0, 2)


def test_a_learner_without_credit_has_a_record_without_totals(world: World) -> None:
    assert world.credit.record(HERE, a_student()).totals == ()
    found = world.credit.evaluate(
        HERE, CreditQuestion(learner=a_student(), program=BACHELOR, policy=a_policy())
    )
    assert (found.items, found.counted, found.left) == ((), 0, 120)
    assert all(item.award.status is not CreditStatus.RECOMMENDED for item in found.items)

"""Native records: what their keys mean, and what is said when they are wrong."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.domain.credential import Credential, Delivery, Provider, ProviderType
from service.domain.goal import Goal
from service.domain.ids import CredentialId, JobId, LearnerId, SkillId
from service.domain.job import Employer, Job
from service.domain.learner import Course, HeldCredential, Learner
from service.domain.quantities import Duration, Money
from service.domain.record import Kind
from service.domain.skill import EvidenceClass, Importance, Skill, StatedSkill
from service.errors import UnreadableFile
from service.standards.native import parse_body, read_native
from tests.builders.parsed import a_file, faults, records

CREDENTIAL = {"id": "c1", "name": "Welding I", "provider": "Lakeside"}
LEARNER = {"id": "l1", "text": "I weld."}
JOB = {"id": "j1", "title": "Welder"}
SKILL = {"id": "s1", "preferred_label": "weld"}


def said(kind: Kind, data: object) -> list[tuple[str, str]]:
    record, problems = parse_body(kind, data)
    assert record is None
    return [(problem.field, problem.reason) for problem in problems]


def test_the_least_that_a_record_needs_is_enough() -> None:
    assert parse_body(Kind.CREDENTIAL, CREDENTIAL).record == Credential(
        id=CredentialId("c1"), name="Welding I", provider=Provider(name="Lakeside")
    )
    assert parse_body(Kind.LEARNER, LEARNER).record == Learner(id=LearnerId("l1"), text="I weld.")
    assert parse_body(Kind.JOB, JOB).record == Job(id=JobId("j1"), title="Welder")
    assert parse_body(Kind.SKILL, SKILL).record == Skill(id=SkillId("s1"), preferred_label="weld")


def test_a_text_stands_for_the_object_that_has_only_this_name() -> None:
    credential = parse_body(Kind.CREDENTIAL, {**CREDENTIAL, "skills": ["weld", {"id": "s1"}]})
    learner = parse_body(Kind.LEARNER, {"id": "l1", "credentials": ["c1", {"id": "c2"}]})
    job = parse_body(Kind.JOB, {**JOB, "employer": "Shipyard"})

    assert isinstance(credential.record, Credential)
    assert credential.record.skills == (StatedSkill(name="weld"), StatedSkill(id=SkillId("s1")))
    assert isinstance(learner.record, Learner)
    assert learner.record.credentials == (
        HeldCredential(id=CredentialId("c1")),
        HeldCredential(id=CredentialId("c2")),
    )
    assert isinstance(job.record, Job)
    assert job.record.employer == Employer(name="Shipyard")


def test_null_and_an_absent_key_both_mean_unknown() -> None:
    nulls = dict.fromkeys(["kind", "skills", "cost", "duration", "delivery", "url"])

    assert parse_body(Kind.CREDENTIAL, {**CREDENTIAL, **nulls}) == parse_body(
        Kind.CREDENTIAL, CREDENTIAL
    )


def test_the_facts_of_a_credential_reach_the_domain() -> None:
    record, _ = parse_body(
        Kind.CREDENTIAL,
        {
            **CREDENTIAL,
            "provider": {"name": "Lakeside", "type": "secondary"},
            "cost": {"amount": 240, "currency": "USD"},
            "duration": {"min_weeks": 6, "weeks": 8.5, "effort_hours": 60},
            "delivery": ["online", "blended"],
            "effective": "2025-01-15",
        },
    )

    assert isinstance(record, Credential)
    assert record.provider.type is ProviderType.SECONDARY
    assert record.cost == Money(amount=240, currency="USD")
    assert record.duration == Duration(min_weeks=6, weeks=8.5, effort_hours=60)
    assert record.delivery == (Delivery.ONLINE, Delivery.BLENDED)
    assert record.effective == date(2025, 1, 15)


def test_what_is_said_about_a_skill_depends_on_the_record() -> None:
    learner, _ = parse_body(
        Kind.LEARNER,
        {
            "id": "l1",
            "skills": [{"name": "weld", "level": 3, "evidence": "graded", "date": "2024-05-01"}],
            "courses": [{"name": "Welding I", "grade": "A-"}],
        },
    )
    job, _ = parse_body(
        Kind.JOB,
        {**JOB, "skills": [{"name": "weld", "importance": "preferred", "min_level": 2}]},
    )

    assert isinstance(learner, Learner)
    assert learner.skills == (
        StatedSkill(name="weld", level=3, evidence=EvidenceClass.GRADED, date=date(2024, 5, 1)),
    )
    assert learner.courses == (Course(name="Welding I", grade="A-"),)
    assert isinstance(job, Job)
    assert job.skills == (StatedSkill(name="weld", importance=Importance.PREFERRED, level=2),)
    assert said(Kind.JOB, {**JOB, "skills": [{"name": "weld", "level": 2}]}) == [
        ("skills.0.level", "is not a field. Did you mean 'min_level'?")
    ]


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("become a nurse", Goal(text="become a nurse")),
        ("onet:29-1141.00", Goal(occupation="onet:29-1141.00")),
        ("like onet:29-1141.00", Goal(text="like onet:29-1141.00")),
        ({"occupation": "Nurse"}, Goal(occupation="Nurse")),
        ({"job": "j1"}, Goal(job=JobId("j1"))),
        ({"skills": ["weld"]}, Goal(skills=(StatedSkill(name="weld"),))),
    ],
)
def test_a_goal_is_a_text_or_one_of_four_things(goal: Any, expected: Goal) -> None:
    record, _ = parse_body(Kind.LEARNER, {"id": "l1", "goal": goal})

    assert isinstance(record, Learner)
    assert record.goal == expected


@pytest.mark.parametrize("goal", [{}, {"mode": "switch"}, {"text": "nurse", "job": "j1"}])
def test_a_goal_of_nothing_or_of_two_things_is_refused(goal: dict[str, Any]) -> None:
    assert said(Kind.LEARNER, {"id": "l1", "goal": goal}) == [
        ("goal", "a goal is one of occupation, job, skills and text.")
    ]


def test_all_faults_of_a_record_are_told_at_once() -> None:
    assert said(
        Kind.CREDENTIAL,
        {
            "id": "a b",
            "nme": "Welding I",
            "provider": {"type": "university"},
            "cost": {"amount": -5, "currency": "usd"},
            "duration": {"weeks": "8"},
            "delivery": ["onlin"],
            "skills": ["", {"id": "s1", "weight": 2}, 5, {}],
            "effective": "2024-02-30",
            "url": "javascript:alert(1)",
            "keywords": "metal",
        },
    ) == [
        ("id", "'a b' is not an id; use 1 to 128 of the characters A-Z a-z 0-9 . _ : -"),
        ("name", "is missing."),
        ("provider.name", "is missing."),
        (
            "provider.type",
            "'university' is not one of higher_education, mooc, non_academic, secondary.",
        ),
        ("skills.0.name", "is blank."),
        ("skills.1.weight", "2 is more than 1."),
        ("skills.2", "5 is not an object."),
        ("skills.3.name", "a skill needs an id or a name."),
        ("cost.amount", "-5 is not a number of 0 or more."),
        ("cost.currency", "'usd' is not an ISO 4217 code such as USD."),
        ("duration.weeks", "'8' is not a number."),
        (
            "delivery.0",
            "'onlin' is not one of online, in_person, blended. Did you mean 'online'?",
        ),
        ("keywords", "'metal' is not a list."),
        ("effective", "2024-02-30 is not a day of the calendar."),
        (
            "url",
            "'javascript:alert(1)' is not a web address that begins with http:// or https://.",
        ),
        ("nme", "is not a field. Did you mean 'name'?"),
    ]


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"level": "expert"}, "level", "'expert' is not one of beginner, intermediate, advanced."),
        ({"name": 5}, "name", "5 is not text."),
        ({"name": "  "}, "name", "is blank."),
        ({"name": "x" * 1001}, "name", "is 1,001 characters long; 1,000 are allowed."),
        ({"keywords": ["k"] * 1001}, "keywords", "has more than 1,000 items."),
        ({"cost": 240}, "cost", "240 is not an object."),
        ({"cost": {"amount": 1}}, "cost.currency", "is missing."),
        (
            {"cost": {"amount": float("nan"), "currency": "USD"}},
            "cost.amount",
            "nan is not a number.",
        ),
        ({"cost": {"amount": True, "currency": "USD"}}, "cost.amount", "true is not a number."),
        ({"effective": 1700000000}, "effective", "1700000000 is not a date such as 2025-06-30."),
        (
            {"effective": "2025-01-01T00:00:00"},
            "effective",
            "'2025-01-01T00:00:00' is not a date such as 2025-06-30.",
        ),
        ({"skills": [{"id": "s", "level": 2.0}]}, "skills.0.level", "2.0 is not a whole number."),
        ({"skills": [{"id": "s", "level": 6}]}, "skills.0.level", "6 is more than 5."),
        (
            {"regions": ["Indiana"]},
            "regions.0",
            "'Indiana' is not an ISO 3166 code such as US or US-IN, or 001 for everywhere.",
        ),
        (
            {"languages": ["english!"]},
            "languages.0",
            "'english!' is not a BCP 47 tag such as en or pt-BR.",
        ),
        (
            {"duration": {"min_weeks": 9, "weeks": 8}},
            "duration.min_weeks",
            "9.0 is more than weeks, 8.0.",
        ),
        (
            {"effective": "2025-02-01", "expires": "2025-01-01"},
            "expires",
            "2025-01-01 is before effective.",
        ),
        ({"zzz": 1}, "zzz", ""),
    ],
)
def test_each_fault_says_where_and_what_is_expected(
    change: dict[str, Any], field: str, reason: str
) -> None:
    ((found_field, found_reason),) = said(Kind.CREDENTIAL, {**CREDENTIAL, **change})

    assert found_field == field
    assert found_reason == reason or (not reason and "There are id, name" in found_reason)


def test_a_learner_of_whom_nothing_is_known_is_refused() -> None:
    assert said(Kind.LEARNER, {"id": "l1"}) == [
        ("", "a learner needs a text, skills, credentials, courses, experience or a goal.")
    ]


def test_a_fault_can_be_named_as_a_json_pointer() -> None:
    _, problems = parse_body(Kind.CREDENTIAL, {**CREDENTIAL, "skills": [{"id": "s", "a/b~": 1}]})

    assert [problem.pointer for problem in problems] == ["/skills/0/a~1b~0"]


def test_a_bad_line_does_not_stop_the_next(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "skills.jsonl",
        '{"id": "s1", "preferred_label": "weld"}\n'
        "not json\n"
        '{"id": "s2", "preferred_label": 5, "soft": "no"}\n'
        "\n"
        '{"id": "s3", "preferred_label": "bake", "soft": true}\n',
    )

    parsed = list(read_native(Kind.SKILL, [path]))

    assert records(parsed) == [
        Skill(id=SkillId("s1"), preferred_label="weld"),
        Skill(id=SkillId("s3"), preferred_label="bake", soft=True),
    ]
    assert faults(parsed) == [
        (2, "", "is not JSON: expecting value at character 1."),
        (3, "preferred_label", "5 is not text."),
        (3, "soft", "'no' is not true or false."),
    ]
    assert {item.file for item in parsed} == {str(path)}


def test_a_json_document_over_many_lines_is_refused_once_and_not_line_by_line(
    tmp_path: Path,
) -> None:
    path = a_file(tmp_path, "skills.jsonl", '[\n{"id": "s1", "preferred_label": "weld"}\n]\n')

    with pytest.raises(UnreadableFile, match="write one object on each line"):
        list(read_native(Kind.SKILL, [path]))

"""The sample learners and jobs fit the sample catalog, and show every kind of goal and limit."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
SAMPLE = REPOSITORY / "service" / "sample"
REAL_LEARNERS = REPOSITORY / "benchmarks" / "real_learners.jsonl"
ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
OCCUPATION_ID = re.compile(r"onet:\d{2}-\d{4}\.\d{2}")
LIMITS = {
    "max_cost",
    "max_weeks",
    "max_hours_per_week",
    "delivery",
    "schedule",
    "languages",
    "region",
    "provider_types",
}
EVIDENCE = {"verified", "issued", "graded", "rubric", "endorsed", "experience", "self_stated"}
# A trait that the law protects has no place in a record, not even in passing.
TRAITS = re.compile(
    r"\b(he|she|his|her|hers|him|mr|mrs|ms|male|female|man|woman|mother|father|husband|wife"
    r"|years old|aged|ethnic\w*|race|religio\w*|church|disab\w*|pregnan\w*|married|single)\b",
    re.IGNORECASE,
)


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


JOBS = records(SAMPLE / "jobs.jsonl")
LEARNERS = records(SAMPLE / "learners.jsonl")
REAL = records(REAL_LEARNERS)
EVERYBODY = LEARNERS + REAL


def id_of(reference: str | dict[str, Any]) -> str:
    return reference if isinstance(reference, str) else str(reference["id"])


def goal_kind(learner: dict[str, Any]) -> str:
    goal = learner.get("goal")
    if goal is None:
        return "none"
    if isinstance(goal, str):
        return "string"
    (kind,) = goal.keys() - {"mode"}
    if kind == "occupation":
        return "occupation id" if OCCUPATION_ID.fullmatch(goal[kind]) else "occupation title"
    return str(kind)


def stated_skills(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    goal = record.get("goal")
    wanted = goal.get("skills", []) if isinstance(goal, dict) else []
    for skill in [*record.get("skills", []), *wanted]:
        yield {"name": skill} if isinstance(skill, str) else skill


def dates_of(learner: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for held in learner.get("credentials", []):
        if isinstance(held, dict) and {"issued", "expires"} <= held.keys():
            yield held["issued"], held["expires"]
    for work in learner.get("experience", []):
        if {"start", "end"} <= work.keys():
            yield work["start"], work["end"]


def test_there_are_enough_jobs_and_learners_to_try_it_on() -> None:
    assert len(JOBS) >= 60
    assert len(LEARNERS) >= 40
    assert len(REAL) == 10


@pytest.mark.parametrize("people", [JOBS, LEARNERS, REAL], ids=["jobs", "learners", "real"])
def test_every_record_has_a_valid_id_of_its_own(people: list[dict[str, Any]]) -> None:
    ids = [record["id"] for record in people]

    assert [own for own in ids if not ID.fullmatch(own)] == []
    assert [own for own, count in Counter(ids).items() if count > 1] == []


def test_what_learners_hold_is_in_the_sample_catalog() -> None:
    catalog = {record["id"] for record in records(SAMPLE / "credentials.jsonl")}

    held = {id_of(entry) for learner in LEARNERS for entry in learner.get("credentials", [])}

    assert len(held) >= 20
    assert held - catalog == set()


def test_skills_referred_to_by_a_local_id_are_in_the_sample_framework() -> None:
    framework = {record["id"] for record in records(SAMPLE / "skills.jsonl")}

    local = {
        skill["id"]
        for record in [*JOBS, *LEARNERS]
        for skill in stated_skills(record)
        if "id" in skill and not skill["id"].startswith("esco:")
    }

    assert local
    assert local - framework == set()


def test_every_job_that_is_somebodys_goal_exists() -> None:
    jobs = {job["id"] for job in JOBS}

    wanted = {learner["goal"]["job"] for learner in LEARNERS if goal_kind(learner) == "job"}

    assert len(wanted) >= 10
    assert wanted - jobs == set()


def test_learners_state_their_goals_in_every_way_there_is() -> None:
    kinds = Counter(goal_kind(learner) for learner in LEARNERS)
    modes = {
        learner["goal"].get("mode") for learner in LEARNERS if isinstance(learner.get("goal"), dict)
    }

    assert {kind for kind, count in kinds.items() if count >= 3} == {
        "occupation id",
        "occupation title",
        "job",
        "skills",
        "text",
        "string",
        "none",
    }
    assert modes == {"advance", "switch", "build", None}


def test_every_kind_of_limit_is_set_by_some_learners() -> None:
    used = Counter(limit for learner in LEARNERS for limit in learner.get("constraints", {}))

    assert {limit for limit, count in used.items() if count >= 3} == LIMITS
    currencies = {
        learner["constraints"]["max_cost"]["currency"]
        for learner in LEARNERS
        if "max_cost" in learner.get("constraints", {})
    }
    assert currencies == {"USD", "EUR"}


def test_every_class_of_evidence_occurs() -> None:
    classes = {
        skill.get("evidence") for learner in LEARNERS for skill in stated_skills(learner)
    } - {None}

    assert classes == EVIDENCE


def test_some_learners_have_only_a_text_or_only_a_goal() -> None:
    fields = [learner.keys() - {"id", "region", "language", "constraints"} for learner in EVERYBODY]

    assert {"text"} in fields
    assert {"goal"} in fields
    assert {"text", "goal"} in fields
    assert {"skills", "goal"} in fields


def test_jobs_run_from_a_bare_title_to_a_long_ad() -> None:
    lengths = [len(job.get("text", "")) for job in JOBS]

    assert any(job.keys() == {"id", "title"} for job in JOBS)
    assert sum(length == 0 for length in lengths) >= 3
    assert sum(length > 700 for length in lengths) >= 3
    assert max(lengths) > 1500
    assert {"US-IN", "US-OH", "US", None} == {job.get("region") for job in JOBS}
    assert {True, False, None} == {job.get("remote") for job in JOBS}
    assert any(job.get("language") == "es" for job in JOBS)


def test_weights_levels_pay_and_dates_are_within_their_bounds() -> None:
    for job in JOBS:
        salary = job.get("salary", {})
        assert salary.get("min", 0) <= salary.get("max", salary.get("min", 0))
        if "valid_through" in job:
            assert date.fromisoformat(job["posted"]) < date.fromisoformat(job["valid_through"])
    for learner in EVERYBODY:
        for start, end in dates_of(learner):
            assert date.fromisoformat(start) < date.fromisoformat(end)
    for skill in (skill for record in [*JOBS, *EVERYBODY] for skill in stated_skills(record)):
        assert 0 < skill.get("weight", 1) <= 1
        assert skill.get("min_level", 1) in range(1, 6)
        assert skill.get("level", 1) in range(1, 6)


def test_the_featured_learner_and_job_are_those_of_the_demo() -> None:
    learner, job = LEARNERS[0], JOBS[0]

    assert learner["id"] == "l-001"
    assert learner["goal"] == {"occupation": "onet:29-2072.00", "mode": "switch"}
    assert learner["constraints"] == {
        "max_cost": {"amount": 500, "currency": "USD"},
        "max_weeks": 16,
        "delivery": ["online", "blended"],
        "region": "US-IN",
    }
    assert [id_of(entry) for entry in learner["credentials"]] == ["rhen-nurse-aide"]
    assert job["id"] == "j-001"
    assert job["occupation"] == learner["goal"]["occupation"]
    assert Counter(skill["importance"] for skill in job["skills"]) == {
        "required": 4,
        "preferred": 5,
    }


def test_several_learners_have_part_of_what_the_featured_job_asks_for() -> None:
    asked = {skill["name"].casefold() for skill in JOBS[0]["skills"]}

    partly = {
        learner["id"]
        for learner in LEARNERS
        if asked & {skill.get("name", "").casefold() for skill in stated_skills(learner)}
    }

    assert {"l-001", "l-002", "l-003", "l-005", "l-007"} <= partly


def test_no_learner_tells_a_protected_trait() -> None:
    told = {
        learner["id"]: found.group()
        for learner in EVERYBODY
        if (found := TRAITS.search(json.dumps(learner, ensure_ascii=False)))
    }

    assert told == {}

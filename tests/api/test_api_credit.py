"""Credit over HTTP: rules kept as data, evaluation, and a learner's record."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.examples import example

COURSE = {
    "name": "Course",
    "grade": "B",
    "provider": "Lakefield Community College",
    "credits": {"units": "SemesterHour", "value": 4},
}


def hundred_credits() -> dict[str, Any]:
    courses = [{**COURSE, "name": f"Course {number}"} for number in range(25)]
    return {"id": "l-credit", "courses": courses}


@pytest.mark.parametrize(
    ("plural", "name"),
    [("policies", "credit_policy"), ("agreements", "transfer_agreement")],
)
def test_a_rule_is_put_read_and_removed(client: TestClient, plural: str, name: str) -> None:
    rule = example(name)
    path = f"/v1/credit/{plural}/{rule['id']}"

    created = client.put(path, json={key: rule[key] for key in rule if key != "id"})
    same = client.put(path, json=rule)
    read = client.get(path)
    removed = client.delete(path)
    gone = client.get(path)

    assert (created.status_code, created.headers["Location"]) == (201, path)
    assert (same.status_code, same.json()["status"]) == (200, "unchanged")
    assert read.json() == rule
    assert read.headers["ETag"] == created.headers["ETag"]
    assert removed.status_code == 204
    assert gone.status_code == 404
    assert rule["id"] in gone.json()["detail"]
    assert client.delete(path).status_code == 404


def test_every_fault_of_a_rule_is_pointed_at(client: TestClient) -> None:
    body = {
        "id": "other",
        "institution": "Harbor University",
        "degrees": [{"degree": "doctorate", "credits": 120, "max_transfer": -1}],
    }

    refused = client.put("/v1/credit/policies/harbor", json=body)

    assert refused.status_code == 422
    assert {fault["pointer"] for fault in refused.json()["errors"]} == {
        "/id",
        "/degrees/0/degree",
        "/degrees/0/max_transfer",
    }


def test_of_100_incoming_credits_90_count_under_a_policy_of_the_store(client: TestClient) -> None:
    policy = example("credit_policy")
    client.put(f"/v1/credit/policies/{policy['id']}", json=policy)
    client.put("/v1/learners/l-credit", json=hundred_credits())
    program = {"policy": policy["id"], "degree": "bachelor"}

    answer = client.post(
        "/v1/credit/evaluate", json={"learner": {"id": "l-credit"}, "program": program}
    ).json()
    client.delete("/v1/learners/l-credit")
    client.delete(f"/v1/credit/policies/{policy['id']}")

    assert (answer["incoming"], answer["counted"], answer["left"]) == (100, 90, 30)
    assert answer["residency"]["remaining"] == 30
    assert answer["binding"] == ["harbor-2026:bachelor:max-transfer"]


def test_an_inline_policy_and_agreement_count_without_being_kept(client: TestClient) -> None:
    answer = client.post("/v1/credit/evaluate", json=example("credit_evaluate"))

    assert answer.status_code == 200
    assert answer.json()["counted"] == 8
    assert client.get("/v1/credit/policies/harbor-2026").status_code == 404


@pytest.mark.parametrize(
    ("program", "status", "pointer"),
    [
        (None, 422, "/program"),
        ({"policy": "nowhere", "degree": "bachelor"}, 404, None),
        ({"policy": example("credit_policy"), "degree": "master"}, 422, "/program/degree"),
        (
            {"policy": {"id": "p", "institution": "H"}, "degree": "bachelor"},
            422,
            "/program/policy/degrees",
        ),
        ({"policy": "no id", "degree": "bachelor"}, 422, "/program/policy"),
        ({"policy": "p", "degree": "bachelor", "nam": "x"}, 422, "/program/nam"),
    ],
)
def test_a_question_that_cannot_be_answered_says_where_and_why(
    client: TestClient, program: Any, status: int, pointer: str | None
) -> None:
    body = {"learner": {"courses": [COURSE]}} | ({"program": program} if program else {})

    refused = client.post("/v1/credit/evaluate", json=body)

    assert refused.status_code == status
    pointers = [fault["pointer"] for fault in refused.json()["errors"]]
    assert pointers == ([pointer] if pointer else [])


def test_a_learners_record_has_totals_for_each_unit(client: TestClient) -> None:
    client.put("/v1/learners/l-credit", json=hundred_credits())

    record = client.get("/v1/learners/l-credit/record").json()
    client.delete("/v1/learners/l-credit")

    assert record["totals"] == [
        {
            "units": "SemesterHour",
            "courses": 100.0,
            "credentials": 0.0,
            "total": 100.0,
            "not_counted": 0.0,
        }
    ]
    assert len(record["courses"]) == 25
    assert client.get("/v1/learners/l-credit/record").status_code == 404

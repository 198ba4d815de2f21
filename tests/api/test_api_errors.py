from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.middleware import BODY_LIMIT
from service.api.problems import PROBLEM_JSON

JSON = {"Content-Type": "application/json"}
HOSTILE: dict[str, tuple[bytes, int]] = {
    "a lone surrogate": (rb'{"text": "\ud800"}', 422),
    "a lone surrogate as a key": (rb'{"text": "x", "\ud800": 1}', 422),
    "NUL": (rb'{"text": "a\u0000b"}', 422),
    "an integer of 70 bits": (b'{"text": "x", "skills": [{"level": 1180591620717411303424}]}', 400),
    "an integer of 5,000 digits": (b'{"text": "x", "constraints": {"max_weeks": %s}}', 400),
    "NaN": (b'{"text": "x", "constraints": {"max_weeks": NaN}}', 400),
    "Infinity": (b'{"text": "x", "constraints": {"max_weeks": Infinity}}', 400),
    "1e400": (b'{"text": "x", "constraints": {"max_weeks": 1e400}}', 400),
    "a number too large": (b'{"text": "x", "constraints": {"max_weeks": 1e200}}', 422),
    "a deep list": (b"[" * 100_000 + b"]" * 100_000, 400),
    "a deep object": (b'{"a":' * 30_000 + b"1" + b"}" * 30_000, 400),
    "900 levels": (b'{"text": "x", "skills": ' + b"[" * 900 + b"]" * 900 + b"}", 400),
    "bytes that are not UTF-8": (b'{"text": "\xff\xfe"}', 400),
    "UTF-16": ('{"text": "x"}'.encode("utf-16"), 400),
    "nothing": (b"", 400),
    "blanks": (b" \n ", 400),
    "a key twice": (b'{"text": "x", "text": "y"}', 400),
    "half an object": (b'{"text": "x"', 400),
    "two objects": (b'{"text": "x"} {"text": "y"}', 400),
    "a list": (b"[]", 422),
    "a string": (b'"x"', 422),
    "null": (b"null", 422),
    "a number for a text": (b'{"text": 5}', 422),
    "a protected trait": (b'{"text": "x", "gender": "f"}', 422),
}
HOSTILE["an integer of 5,000 digits"] = (
    HOSTILE["an integer of 5,000 digits"][0] % (b"9" * 5_000),
    400,
)
ASKING = [
    "/v1/recommendations/credentials",
    "/v1/matches/candidates",
    "/v1/matches/jobs",
    "/v1/skills/extract",
    "/v1/skills/gap",
]


def assert_problem(response: Any, status: int) -> None:
    document = response.json()
    assert response.status_code == status
    assert response.headers["Content-Type"] == PROBLEM_JSON
    assert set(document) == {"type", "title", "status", "detail", "errors", "request_id"}
    assert document["status"] == status
    assert document["detail"]
    assert all(set(fault) == {"pointer", "detail"} for fault in document["errors"])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_refused_and_nothing_is_written(client: TestClient, name: str) -> None:
    body, status = HOSTILE[name]

    refused = client.put("/v1/learners/l-hostile", content=body, headers=JSON)

    assert_problem(refused, status)
    assert client.get("/v1/learners/l-hostile").status_code == 404


@pytest.mark.parametrize("path", ASKING)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_question_is_refused(client: TestClient, path: str, name: str) -> None:
    body, status = HOSTILE[name]
    if b"gender" in body or (path.endswith("extract") and status == 422):
        body, status = b'{"gender": "f"}', 422

    refused = client.post(path, content=body, headers=JSON)

    assert_problem(refused, status)


def test_a_body_that_is_too_long_is_refused_by_its_declared_length(client: TestClient) -> None:
    refused = client.put("/v1/learners/l-long", content=b" " * (BODY_LIMIT + 1), headers=JSON)

    assert_problem(refused, 413)
    assert "1,000,000 bytes" in refused.json()["detail"]


def test_a_body_that_is_too_long_is_refused_while_it_comes_in(client: TestClient) -> None:
    chunks = (b" " * 100_000 for _ in range(11))

    refused = client.put("/v1/learners/l-long", content=chunks, headers=JSON)

    assert_problem(refused, 413)


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_that_is_not_declared_as_json_is_refused(
    client: TestClient, media_type: str
) -> None:
    headers = {"Content-Type": media_type}

    refused = client.put("/v1/learners/l-type", content=b'{"text": "x"}', headers=headers)

    assert_problem(refused, 415)
    assert client.get("/v1/learners/l-type").status_code == 404


def test_a_path_that_leads_nowhere_is_a_problem(client: TestClient) -> None:
    assert_problem(client.get("/v1/nowhere"), 404)
    assert_problem(client.get("/v1/jobs/"), 404)


def test_a_method_that_is_not_served_names_those_that_are(client: TestClient) -> None:
    refused = client.post("/v1/learners/l-001", json={})

    assert_problem(refused, 405)
    assert refused.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"
    assert refused.json()["detail"] == (
        "POST is not allowed here; allowed: DELETE, GET, HEAD, OPTIONS, PUT."
    )


FAULTY: list[tuple[dict[str, Any], str, str]] = [
    ({}, "/learner", "is missing."),
    ({"learner": "l-001"}, "/learner", "'l-001' is not an object."),
    ({"learner": {}}, "/learner", "a learner needs a text"),
    ({"learner": {"id": "a b"}}, "/learner/id", "is not an id"),
    ({"learner": {"id": "a b", "text": "x"}}, "/learner/id", "is not an id"),
    ({"learner": {"text": "x", "skils": []}}, "/learner/skils", "Did you mean 'skills'?"),
    ({"learner": {"text": "x", "<inline>": 1}}, "/learner/<inline>", "is not a field."),
    ({"limit": 0}, "/limit", "0 is not a number of 1 or more."),
    ({"limit": 101}, "/limit", "101 is more than 100."),
    ({"limit": 2.5}, "/limit", "2.5 is not a whole number."),
    ({"limit": "5"}, "/limit", "'5' is not a whole number."),
    ({"threshold": 101}, "/threshold", "101 is more than 100."),
    ({"unknown": "hide"}, "/unknown", "'hide' is not one of apart, include."),
    ({"exclude_completed": "yes"}, "/exclude_completed", "'yes' is not true or false."),
    ({"goal": {"occupation": "a", "text": "b"}}, "/goal", "one of occupation, job, skills"),
    ({"goal": 5}, "/goal", "5 is not an object."),
]
FAULTY_FILTERS: list[tuple[Any, str, str]] = [
    ({"any": []}, "/filter/any", "is not a field."),
    ([{"field": "price", "lte": 3}], "/filter/all/0/field", "'price' is not one of cost"),
    ([{"field": "cost"}], "/filter/all/0", "needs one of in, eq and lte."),
    ([{"field": "cost", "eq": "x"}], "/filter/all/0", "cost is compared with lte."),
    ([{"field": "cost", "lte": 300}], "/filter/all/0/lte", "a cost needs its currency"),
    (
        [{"field": "cost", "lte": {"amount": 1, "currency": "usd"}}],
        "/filter/all/0/lte/currency",
        "'usd' is not an ISO 4217 code",
    ),
    (
        [{"field": "duration.weeks", "lte": {"amount": 1, "currency": "USD"}}],
        "/filter/all/0/lte/currency",
        "goes with a cost alone",
    ),
    ([{"field": "duration.weeks", "lte": -1}], "/filter/all/0/lte/amount", "0 or more"),
    ([{"field": "duration.weeks", "lte": "8"}], "/filter/all/0/lte", "is neither a number nor"),
    ([{"field": "duration.weeks", "lte": True}], "/filter/all/0/lte", "is neither a number nor"),
    ([{"field": "delivery", "in": []}], "/filter/all/0/in", "is empty"),
    ([{"field": "delivery", "in": ["onlin"]}], "/filter/all/0/in/0", "'onlin' is not one of"),
    ([{"field": "status", "eq": "active"}], "/filter/all/0/eq", "'active' is not one of"),
    ([{"field": "regions", "eq": "usa"}], "/filter/all/0/eq", "is not an ISO 3166 code"),
    ([{"field": "languages", "eq": "e n"}], "/filter/all/0/eq", "is not a BCP 47 tag"),
]


@pytest.mark.parametrize(("change", "pointer", "detail"), FAULTY)
def test_a_fault_in_a_question_is_named_with_its_place(
    client: TestClient, change: dict[str, Any], pointer: str, detail: str
) -> None:
    body = {"learner": {"text": "I weld."}, **change} if change else {}

    refused = client.post("/v1/recommendations/credentials", json=body)

    assert_problem(refused, 422)
    [fault] = refused.json()["errors"]
    assert fault["pointer"] == pointer
    assert detail in fault["detail"]


@pytest.mark.parametrize(("filter_", "pointer", "detail"), FAULTY_FILTERS)
def test_a_fault_in_a_filter_is_named_with_its_place(
    client: TestClient, filter_: Any, pointer: str, detail: str
) -> None:
    given = filter_ if isinstance(filter_, dict) else {"all": filter_}
    body = {"learner": {"text": "I weld."}, "filter": {"all": [], **given}}

    refused = client.post("/v1/recommendations/credentials", json=body)

    assert_problem(refused, 422)
    [fault] = refused.json()["errors"]
    assert fault["pointer"] == pointer
    assert detail in fault["detail"]


@pytest.mark.parametrize(
    ("path", "body", "detail"),
    [
        (ASKING[0], {"learner": {"id": "l-nobody"}}, "There is no learner with the id 'l-nobody'."),
        (ASKING[0], {"learner": {"text": "x"}, "goal": {"job": "j-no"}}, "There is no job"),
        (ASKING[1], {"job": {"id": "j-nowhere"}}, "There is no job with the id 'j-nowhere'."),
        (ASKING[2], {"learner": {"id": "l-nobody"}}, "There is no learner"),
        (ASKING[4], {"learner": {"id": "l-nobody"}}, "There is no learner"),
    ],
)
def test_a_question_about_nobody_is_answered_with_not_found(
    client: TestClient, path: str, body: dict[str, Any], detail: str
) -> None:
    refused = client.post(path, json=body)

    assert_problem(refused, 404)
    assert detail in refused.json()["detail"]

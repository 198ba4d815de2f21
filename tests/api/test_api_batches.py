"""Many questions at once over HTTP: a line out for each line in, in order, and a summary."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.batches import AHEAD

NDJSON = {"Content-Type": "application/x-ndjson"}
CANDIDATES = "/v1/matches/candidates"


def send(client: TestClient, path: str, *lines: object) -> list[Any]:
    body = "".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in lines)
    response = client.post(f"{path}:batch", content=body, headers=NDJSON)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in response.text.splitlines()]


def without_id(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if not key.endswith("_id")}


@pytest.mark.parametrize(
    ("path", "question"),
    [
        (CANDIDATES, {"job": {"id": "j-001"}, "limit": 2}),
        ("/v1/matches/jobs", {"learner": {"id": "l-001"}, "limit": 2}),
        ("/v1/recommendations/credentials", {"learner": {"id": "l-001"}, "limit": 2}),
    ],
)
def test_a_line_has_the_answer_of_the_single_route(
    client: TestClient, path: str, question: dict[str, Any]
) -> None:
    single = client.post(path, json=question).json()

    answered, summary = send(client, path, question)

    assert (answered["line"], answered["status"]) == (1, 200)
    assert without_id(answered["answer"]) == without_id(single)
    assert summary == {"summary": {"lines": 1, "answered": 1, "failed": 0}}


def test_a_bad_line_says_why_and_stops_no_other(client: TestClient) -> None:
    lines = send(
        client,
        CANDIDATES,
        {"job": {"id": "j-001"}, "limit": 1},
        "",
        "{not json",
        {"job": {"id": "j-none"}},
        {"job": {"title": "zzz", "skills": []}, "limit": 0},
        {"job": {"skills": ["SQL"]}, "limit": 1},
    )

    assert [(each["line"], each["status"]) for each in lines[:-1]] == [
        (1, 200),
        (3, 422),
        (4, 404),
        (5, 422),
        (6, 200),
    ]
    assert lines[2]["problem"]["detail"] == "There is no job with the id 'j-none'."
    assert lines[3]["problem"]["errors"][0]["pointer"] == "/limit"
    assert lines[-1] == {"summary": {"lines": 5, "answered": 2, "failed": 3}}


def test_more_lines_than_are_at_work_at_once_come_back_in_order(client: TestClient) -> None:
    count = 3 * AHEAD + 1
    lines = send(client, CANDIDATES, *({"job": {"skills": [f"SQL {row}"]}} for row in range(count)))

    assert [each["line"] for each in lines[:-1]] == list(range(1, count + 1))
    assert lines[-1]["summary"]["lines"] == count


def test_a_batch_without_a_line_is_a_summary(client: TestClient) -> None:
    assert send(client, CANDIDATES) == [{"summary": {"lines": 0, "answered": 0, "failed": 0}}]


def test_lines_have_to_be_declared_as_lines(client: TestClient) -> None:
    refused = client.post(f"{CANDIDATES}:batch", json={"job": {"id": "j-001"}})

    assert refused.status_code == 415


def test_a_list_of_skills_stands_for_a_job(client: TestClient) -> None:
    skills = [{"name": "SQL", "importance": "required"}, "use spreadsheets software"]

    answer = client.post(CANDIDATES, json={"job": {"skills": skills}, "near_misses": True}).json()

    assert len(answer["requirements"]) == 2
    assert answer["items"]
    (missing,) = answer["near_misses"][0]["missing_required"]
    assert answer["labels"][missing] == "SQL"


def test_a_job_without_title_and_skills_is_refused(client: TestClient) -> None:
    refused = client.post(CANDIDATES, json={"job": {"text": "We need somebody."}})

    assert refused.status_code == 422
    fault = refused.json()["errors"][0]
    assert fault == {
        "pointer": "/job/title",
        "detail": "is missing; give the job a title, or skills.",
    }


def test_a_near_miss_names_the_credential_that_would_close_it(client: TestClient) -> None:
    body = {
        "job": {"skills": [{"name": "SQL", "importance": "required"}, "use spreadsheets software"]}
    }

    answer = client.post(CANDIDATES, json={**body, "one_credential_away": True}).json()

    found = answer["near_misses"][0]["one_credential_away"]
    assert found["covers"] == answer["near_misses"][0]["missing_required"]
    assert found["cost"]["currency"] == "USD"
    assert found["score"] > answer["near_misses"][0]["score"]
    assert set(found["fit"]) == {"forward", "reverse", "overall"}

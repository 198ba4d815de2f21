"""Any pair is explained over HTTP, with what if; and answers are replayed by their ids."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types

from service.api.examples import example
from service.domain.decision import Verdict
from service.domain.ids import DEFAULT_TENANT
from service.wiring import Services

PATH = "/v1/explanations"


def explained(client: TestClient, **body: Any) -> Any:
    response = client.post(PATH, json=body)
    assert response.status_code == 200, response.text
    return response.json()


def test_the_example_has_an_answer_of_the_declared_shape(client: TestClient) -> None:
    document = client.get("/openapi.json").json()

    answer = explained(client, **example("explain"))

    schema = {"$ref": "#/components/schemas/Explanation", "components": document["components"]}
    Draft202012Validator(schema).validate(answer)
    assert answer.keys() == example("explanation").keys()
    assert answer["what_if"].keys() == example("explanation")["what_if"].keys()


def test_a_recommended_credential_is_explained_as_it_was_recommended(client: TestClient) -> None:
    learner = {"id": "l-001"}
    listed = client.post(
        "/v1/recommendations/credentials", json={"learner": learner, "limit": 3}
    ).json()

    answers = [
        explained(client, learner=learner, credential=item["id"]) for item in listed["items"]
    ]

    # What an item adds beyond those before it is told by the list alone.
    alone = {"rank": 0, "marginal_gain": 0}
    assert [each["credential"] | alone for each in answers] == [
        item | alone for item in listed["items"]
    ]
    assert answers[0]["gap"] == listed["gap"]
    assert answers[0]["job"] is None


def test_a_job_is_explained_and_what_a_credential_would_change(client: TestClient) -> None:
    learner = {"text": "I was a receptionist.", "skills": ["customer service"]}
    credentials = [{"id": "rhen-nurse-aide"}]

    answer = explained(
        client,
        learner=learner,
        job={"id": "j-001"},
        what_if={"add": {"credentials": credentials, "skills": [{"name": "SQL", "level": 2}]}},
    )

    effect = answer["what_if"]
    assert answer["credential"] is None
    assert {each["skill"] for each in answer["requirements"]} == {
        *answer["covered"],
        *answer["missing"],
    }
    assert effect["score"]["before"] == answer["job"]["score"]
    assert effect["score"]["after"] == effect["job"]["score"] >= answer["job"]["score"]
    assert set(effect["gained"]) == set(effect["covered"]) - set(answer["covered"])
    assert effect["components"].keys() == answer["job"]["components"].keys()


@pytest.mark.parametrize(
    ("body", "pointer", "said"),
    [
        ({"credential": "c", "job": "j"}, "/credential", "either a credential or a job"),
        ({}, "/credential", "either a credential or a job"),
        ({"job": "j-001", "goal": "nurse"}, "/goal", "goes with a credential"),
        ({"job": "j-001", "what_if": {}}, "/what_if", "changes nothing"),
        ({"job": "j-001", "what_if": {"ad": {}}}, "/what_if/ad", "Did you mean 'add'?"),
        (
            {"job": "j-001", "what_if": {"remove": {"credentials": ["c-x"]}}},
            "/what_if/remove/credentials/0",
            "no credential of the learner's",
        ),
        (
            {"job": "j-001", "what_if": {"add": {"skills": [{"name": "SQL", "level": 9}]}}},
            "/what_if/add/skills/0/level",
            "",
        ),
    ],
)
def test_what_cannot_be_explained_says_where_and_why(
    client: TestClient, body: dict[str, Any], pointer: str, said: str
) -> None:
    problem = client.post(PATH, json={"learner": {"id": "l-001"}, **body}).json()

    assert problem["status"] == 422
    assert pointer in [each["pointer"] for each in problem["errors"]]
    assert said in str(problem["errors"])


def test_what_is_not_in_the_store_is_not_found(client: TestClient) -> None:
    for body in ({"credential": "c-404"}, {"job": "j-404"}):
        response = client.post(PATH, json={"learner": {"id": "l-001"}, **body})

        assert response.status_code == 404


def test_every_answer_over_http_can_be_replayed(client: TestClient, api_services: Services) -> None:
    learner = {"id": "l-001"}
    asked = [
        ("/v1/recommendations/credentials", {"learner": learner}, "recommendation_id"),
        ("/v1/matches/candidates", {"job": {"id": "j-001"}, "near_misses": True}, "match_id"),
        ("/v1/matches/jobs", {"learner": learner}, "match_id"),
        (PATH, {"learner": learner, "job": "j-001"}, "explanation_id"),
        (
            "/v1/recommendations/credentials",
            {"learner": {"text": "I weld."}, "goal": "nurse", "keep": True},
            "recommendation_id",
        ),
    ]

    ids = [client.post(path, json=body).json()[name] for path, body, name in asked]

    replay = api_services.replaying.replay
    assert [replay(DEFAULT_TENANT, each).verdict for each in ids] == [Verdict.SAME] * 5

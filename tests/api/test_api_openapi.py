import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types

from service.api.examples import example
from service.api.problems import PROBLEM_JSON

ROOT = Path(__file__).parents[2]
METHODS = {"get", "put", "post", "delete"}
LINES = "x-item-schema"


class Operation(NamedTuple):
    path: str
    method: str
    description: dict[str, Any]


@pytest.fixture(scope="module")
def document(client: TestClient) -> Any:
    return client.get("/openapi.json").json()


def operations(document: Any) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            yield Operation(path, method, item[method])


def contents(document: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield every body that goes in or out as (where, media type, what is said of it)."""
    for operation in operations(document):
        where = f"{operation.method} {operation.path}"
        sent = operation.description.get("requestBody", {}).get("content", {})
        for media_type, content in sent.items():
            yield f"{where} request", media_type, content
        for status, response in operation.description["responses"].items():
            for media_type, content in response.get("content", {}).items():
                yield f"{where} {status}", media_type, content


def examples_of(document: Any, content: dict[str, Any]) -> Iterator[Any]:
    if "example" in content:
        yield content["example"]
    for named in content.get("examples", {}).values():
        name = named["$ref"].removeprefix("#/components/examples/")
        yield document["components"]["examples"][name]["value"]


def validate(document: Any, schema: Any, value: Any) -> None:
    Draft202012Validator({**schema, "components": document["components"]}).validate(value)


def test_the_document_that_is_checked_in_is_that_of_today(document: Any) -> None:
    kept = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))

    assert kept == document, "run: make openapi, and look at what would break for whoever calls"


def test_it_is_openapi_3_1_with_schemas_that_are_schemas(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_operation_has_a_name_of_its_own(document: Any) -> None:
    names = [operation.description["operationId"] for operation in operations(document)]

    assert len(names) == len(set(names)) == 77
    assert {"put_credential", "bulk_learners", "recommend_credentials", "ready"} <= set(names)


def test_every_body_has_an_example_that_is_one(document: Any) -> None:
    for where, media_type, content in contents(document):
        examples = list(examples_of(document, content))
        assert examples, where
        for value in examples:
            assert value, where
            if LINES not in content:
                validate(document, content["schema"], value)
        assert media_type != "application/problem+json" or "ProblemDocument" in str(content), where


def test_every_answer_with_a_body_declares_it(document: Any) -> None:
    for operation in operations(document):
        for status, response in operation.description["responses"].items():
            assert response["description"]
            assert ("content" in response) == (status not in {"204", "304"}), operation.path


def test_every_problem_is_declared_as_one(document: Any) -> None:
    for operation in operations(document):
        for status, response in operation.description["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == [PROBLEM_JSON], (operation.path, status)
                example_ = response["content"][PROBLEM_JSON]["example"]
                assert example_["status"] == int(status)


QUESTIONS = [
    ("/v1/recommendations/credentials", "recommend", "Recommendations"),
    ("/v1/matches/candidates", "candidates", "Matches"),
    ("/v1/matches/jobs", "jobs", "Matches"),
    ("/v1/skills/extract", "extract", "FoundSkills"),
    ("/v1/skills/gap", "gap", "Gap"),
    ("/v1/credit/evaluate", "credit_evaluate", "CreditEvaluation"),
    ("/v1/pathways", "pathway", "Pathway"),
    ("/v1/skills/normalize", "normalize", "NormalizedNames"),
    ("/v1/similar", "similar", "SimilarItems"),
]


@pytest.mark.parametrize(("path", "name", "schema"), QUESTIONS)
def test_an_example_question_has_an_answer_of_the_declared_shape(
    client: TestClient, document: Any, path: str, name: str, schema: str
) -> None:
    response = client.post(path, json=example(name))

    assert response.status_code == 200, response.text
    validate(document, {"$ref": f"#/components/schemas/{schema}"}, response.json())
    answer = response.json()
    key = next(each for each in ("items", "skills", "open", "steps", "names") if each in answer)
    assert answer[key]


@pytest.mark.parametrize("kind", ["credential", "learner", "job", "skill"])
def test_an_example_record_can_be_put_and_comes_back_as_it_was(
    client: TestClient, kind: str
) -> None:
    record = example(kind)
    path = f"/v1/{kind}s/{record['id']}"

    put = client.put(path, json=record)
    read = client.get(path)
    client.delete(path)

    assert put.status_code == 201
    assert read.json() == record

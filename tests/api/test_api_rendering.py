"""Long answers: the same JSON as any other's, and nothing that is none."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typing_extensions import TypedDict  # as in the shapes

from service.api.rendering import LongAnswer


class Said(TypedDict):
    a: list[float | None]
    b: dict[str, str]
    c: str


def test_a_long_answer_is_read_back_as_it_was() -> None:
    said = {"a": [1, 0.1, -2.5e-7, None], "b": {"é": '\u2028 <b> "NaN" Infinity'}, "c": ""}

    answer = LongAnswer(said, Said)

    assert json.loads(bytes(answer.body)) == said
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert b" " not in bytes(LongAnswer({"a": [1, 2], "b": {}, "c": ""}, Said).body)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_an_error_and_no_answer(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        LongAnswer({"a": [number], "b": {}, "c": ""}, Said)


LEARNER, JOB = {"learner": {"id": "l-001"}}, {"job": {"id": "j-001"}}
QUESTIONS: dict[str, dict[str, Any]] = {
    "recommendations/credentials": {**LEARNER, "explain": "full", "unlocks": True},
    "matches/jobs": LEARNER,
    "matches/candidates": JOB,
    "pathways": {**LEARNER, "budget": {"amount": 900, "currency": "USD"}},
    "explanations": {**LEARNER, **JOB, "what_if": {"add": {"skills": [{"name": "SQL"}]}}},
}


@pytest.mark.parametrize("path", QUESTIONS)
def test_nothing_of_an_answer_is_left_out(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    contents: list[Any] = []
    render = LongAnswer.render

    def noted(self: LongAnswer, content: Any) -> bytes:
        contents.append(content)
        return render(self, content)

    monkeypatch.setattr(LongAnswer, "render", noted)

    reply = client.post(f"/v1/{path}", json=QUESTIONS[path])

    assert reply.status_code == 200, reply.text
    assert [reply.json()] == json.loads(json.dumps(contents))

"""Long answers: the same JSON as any other's, and nothing that is none."""

import json

import pytest

from service.api.rendering import LongAnswer


def test_a_long_answer_is_read_back_as_it_was() -> None:
    said = {"a": [1, 0.1, -2.5e-7, None, True], "b": {"é": '\u2028 <b> "NaN" Infinity'}, "c": ""}

    answer = LongAnswer(said)

    assert json.loads(bytes(answer.body)) == said
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert b" " not in bytes(LongAnswer({"a": [1, 2], "b": 3}).body)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_an_error_and_no_answer(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        LongAnswer({"a": number})

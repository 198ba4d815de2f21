"""Hostile JSON is refused with a reason, and never crashes."""

import pytest

from service.domain.record import Kind
from service.errors import InvalidRecord
from service.standards.native import parse_json, parse_text

HOSTILE = [
    ("", "is not JSON: expecting value at character 1."),
    ("{", "is not JSON: expecting property name enclosed in double quotes at character 2."),
    ('{"a": 1} x', "is not JSON: extra data at character 10."),
    ('{"a": 1, "a": 2}', "has the key 'a' twice in one object."),
    ('{"a": NaN}', "has NaN, which is not JSON."),
    ('{"a": -Infinity}', "has -Infinity, which is not JSON."),
    ('{"a": 1e400}', "has a number that is too large: 1e400."),
    ('{"a": [-1e999]}', "has a number that is too large: -1e999."),
    ('{"a": 9223372036854775808}', "has a whole number of more than 15 digits."),
    ('{"a": ' + "9" * 5000 + "}", "has a whole number of more than 15 digits."),
    ("[" * 100_000, "is nested more than 32 levels deep."),
    ('{"a":' * 100_000, "is nested more than 32 levels deep."),
    ("[" * 40 + "]" * 40, "is nested more than 32 levels deep."),
]


@pytest.mark.parametrize(("text", "reason"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_json_is_refused_in_plain_words(text: str, reason: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        parse_json(text)

    assert caught.value.reason == reason


def test_json_within_the_bounds_is_read_as_it_is() -> None:
    text = '{"a": [1.5, 123456789012345, true, null], "b": {"c": "\\u00e9"}}'

    assert parse_json(text) == {"a": [1.5, 123456789012345, True, None], "b": {"c": "é"}}


@pytest.mark.parametrize("kind", list(Kind)[:4])
@pytest.mark.parametrize("text", ["null", "[]", "5", '"x"', "true"])
def test_a_record_is_an_object(kind: Kind, text: str) -> None:
    record, problems = parse_text(kind, text)

    assert record is None
    assert [problem.reason.endswith("is not an object.") for problem in problems] == [True]


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        (
            '{"id": "l", "text": "\\ud800"}',
            "text",
            "has half a character in it (a lone surrogate).",
        ),
        ('{"id": "l", "text": "a\\u0000b"}', "text", "has a NUL character in it; take it out."),
        (
            '{"id": "\\ud800", "text": "a"}',
            "id",
            "'\\ud800' is not an id; use 1 to 128 of the characters A-Z a-z 0-9 . _ : -",
        ),
    ],
)
def test_characters_that_no_store_keeps_are_refused(text: str, field: str, reason: str) -> None:
    record, problems = parse_text(Kind.LEARNER, text)

    assert record is None
    assert [(problem.field, problem.reason) for problem in problems] == [(field, reason)]


def test_a_key_with_half_a_character_is_refused_in_words_that_can_be_written() -> None:
    record, problems = parse_text(Kind.LEARNER, '{"id": "l", "text": "a", "\\ud800": 1}')

    assert record is None
    assert problems
    for problem in problems:
        (problem.field + problem.reason).encode()

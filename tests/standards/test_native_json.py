"""Hostile JSON is refused with a reason, and never crashes."""

import json
from typing import Any

import pytest

from service.domain.record import Kind
from service.errors import InvalidRecord
from service.standards.native import QUESTION, parse_json, parse_text
from service.standards.native.problems import nearest
from service.standards.native.strict_json import twice

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
    ("[" * 30_000, "is nested more than 32 levels deep."),
    ('{"a":' * 30_000, "is nested more than 32 levels deep."),
    ("[" * 100_000, "has more than 40,000 values in all."),
    ('{"a":' * 100_000, "has more than 40,000 values in all."),
    ("[" + "0," * 40_000 + "0]", "has more than 40,000 values in all."),
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


def test_commas_and_brackets_of_a_text_are_no_values() -> None:
    said = '\\"' + "[,{" * 30_000

    assert parse_json(json.dumps({"text": said})) == {"text": said}


def test_a_question_may_have_less_in_it_than_a_record() -> None:
    keys = json.dumps(dict.fromkeys((str(each) for each in range(2_001)), 0))

    assert len(parse_json(keys)) == 2_001
    with pytest.raises(InvalidRecord, match="more than 2,000 keys"):
        parse_json(keys, most=QUESTION)


class Counted(str):
    """A key that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_a_key_that_comes_twice_is_found_by_comparing_few() -> None:
    keys = [Counted(f"k{each}") for each in [*range(5_000), 4_999]]
    pairs: list[tuple[str, Any]] = [(key, 0) for key in keys]
    Counted.compared = 0

    found = twice(pairs)

    assert found == "k4999"
    assert Counted.compared < 5_000


def test_a_text_that_does_not_end_is_looked_through_once() -> None:
    # Each quote in it could begin a string that goes on to the end.
    text = "[" + "," * 50_000 + '"' + '\\"' * 400_000

    with pytest.raises(InvalidRecord, match="more than 40,000 values"):
        parse_json(text)


def test_of_a_list_that_is_too_long_no_item_is_looked_at() -> None:
    record, problems = parse_text(Kind.LEARNER, '{"id": "l", "skills": [' + "0," * 30_000 + "0]}")

    assert record is None
    assert [(each.field, each.reason) for each in problems] == [
        ("skills", "has more than 1,000 items.")
    ]


def test_what_is_meant_by_a_word_of_thousands_of_letters_is_not_asked() -> None:
    assert nearest("occupatoin", ["occupation"]) == " Did you mean 'occupation'?"
    assert nearest("occupatoin" * 10_000, ["occupation"]) == ""

"""What is written in the native format is read back as it was, and obeys its schema."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types

from service.domain.ids import OccupationId
from service.domain.job import Occupation
from service.domain.record import Kind
from service.errors import InvalidRecord
from service.standards.native import (
    BODIES,
    body_of,
    json_schema,
    parse_body,
    parse_text,
    read_native,
)
from tests.builders.native_data import NATIVE_DATA
from tests.builders.parsed import a_file, the_record

VALIDATORS = {kind: Draft202012Validator(json_schema(kind)) for kind in BODIES}
ANY_NATIVE = st.one_of([st.tuples(st.just(kind), data) for kind, data in NATIVE_DATA.items()])


@given(ANY_NATIVE)
@settings(max_examples=60, deadline=None)
def test_a_record_that_is_written_is_read_back_as_it_was(drawn: tuple[Kind, Any]) -> None:
    kind, data = drawn
    record, problems = parse_body(kind, data)
    assert problems == ()
    assert record is not None

    line = json.dumps(body_of(record).to_json())

    assert parse_text(kind, line).record == record


@given(ANY_NATIVE)
@settings(max_examples=60, deadline=None)
def test_what_is_accepted_and_what_is_written_obey_the_published_schema(
    drawn: tuple[Kind, Any],
) -> None:
    kind, data = drawn
    record, _ = parse_body(kind, data)
    assert record is not None

    VALIDATORS[kind].validate(data)
    VALIDATORS[kind].validate(body_of(record).to_json())


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    ),
    st.sampled_from(list(BODIES)),
)
@settings(max_examples=60, deadline=None)
def test_data_of_any_shape_gives_a_record_or_faults_and_never_a_crash(
    data: Any, kind: Kind
) -> None:
    record, problems = parse_body(kind, data)

    assert (record is None) == bool(problems)


@given(st.data(), st.sampled_from(list(BODIES)))
@settings(max_examples=60, deadline=None)
def test_one_odd_value_in_a_good_record_never_crashes(drawn: st.DataObject, kind: Kind) -> None:
    data = dict(drawn.draw(NATIVE_DATA[kind]))
    key = drawn.draw(st.sampled_from(sorted(BODIES[kind].model_fields)))
    data[key] = drawn.draw(
        st.sampled_from([10**400, float("inf"), "\ud800", [[]], {"": None}, [{"\ud800": 1}], b"x"])
    )

    record, problems = parse_body(kind, data)

    assert record is None
    assert all(problem.reason.encode() and problem.path[0] == key for problem in problems)


def test_a_file_of_written_records_is_read_back(tmp_path: Path) -> None:
    data = {"id": "j1", "title": "Welder", "skills": [{"name": "weld", "min_level": 2}]}
    record, _ = parse_body(Kind.JOB, data)
    assert record is not None

    path = a_file(tmp_path, "jobs.jsonl.gz", json.dumps(body_of(record).to_json()) + "\n")

    assert the_record(read_native(Kind.JOB, [path])) == record
    assert body_of(record).to_json() == data


def test_an_occupation_has_no_native_form() -> None:
    occupation = Occupation(id=OccupationId("onet:51-4121.00"), title="Welders")

    with pytest.raises(InvalidRecord, match="an occupation has no native form"):
        body_of(occupation)

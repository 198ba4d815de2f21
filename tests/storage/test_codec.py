"""What the store keeps of a record's own words."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.credential import Pacing
from service.domain.job import ImportanceFigure
from service.domain.learner import Constraints
from service.domain.quantities import Duration, Money
from service.domain.record import Kind, Record
from service.errors import DamagedStore, InvalidRecord
from service.storage.codec import canonical_body, content_hash, decode
from tests.builders.record_strategies import records
from tests.builders.records import a_credential, a_job, a_learner, a_skill, an_occupation

# A record of all fields is large, and drawing it is slow: neither says anything of the codec.
BIG = settings(suppress_health_check=list(HealthCheck), max_examples=30)


@pytest.mark.parametrize("kind", list(Kind))
@BIG
@given(data=st.data())
def test_every_field_of_every_kind_survives(kind: Kind, data: st.DataObject) -> None:
    record = data.draw(records(kind))

    body = canonical_body(record)

    again = decode(kind, body)
    assert again == record
    assert type(again) is type(record)
    assert canonical_body(again) == body
    assert hash(again) == hash(record)


def test_a_body_holds_what_is_known_and_nothing_else() -> None:
    record = replace(
        a_credential(), duration=Duration(weeks=6), cost=Money(amount=300, currency="USD")
    )

    body = json.loads(canonical_body(record))

    assert body == {
        "id": "cred-1",
        "name": "Welding Basics",
        "provider": {"name": "Harbor College"},
        "cost": {"amount": 300.0, "currency": "USD"},
        "duration": {"weeks": 6.0},
    }


def test_the_order_of_fields_and_a_default_that_is_spelled_out_do_not_change_the_hash() -> None:
    left_out = a_credential()
    spelled_out = replace(left_out, duration=Duration(), pacing=None, keywords=())

    assert content_hash(spelled_out) == content_hash(left_out)
    assert content_hash(left_out) == (
        "8af49cc6fa631c7448c0ff2ec54a78e379f6969d18b5aaa7a2990af6ef700220"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(a_credential(), pacing=Pacing.COHORT),
        replace(a_credential(), name="Welding basics"),
        replace(a_credential(), keywords=("",)),
    ],
)
def test_another_content_has_another_hash(other: Record) -> None:
    assert content_hash(other) != content_hash(a_credential())


def test_a_whole_number_has_the_hash_of_the_same_decimal_number() -> None:
    whole = replace(a_credential(), cost=Money(amount=300, currency="USD"))
    decimal = replace(a_credential(), cost=Money(amount=300.0, currency="USD"))

    assert content_hash(whole) == content_hash(decimal)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_refused(number: float) -> None:
    limits = replace(a_learner(), constraints=Constraints(max_weeks=number))
    figures = replace(
        an_occupation(), knowledge=(ImportanceFigure(element="Physics", value=number),)
    )

    for record in (limits, figures):
        with pytest.raises(InvalidRecord, match="is not finite"):
            canonical_body(record)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="lone surrogate"):
        canonical_body(a_skill(label="weld \ud800"))


def test_the_word_null_is_a_word() -> None:
    record = a_learner(text="null and NaN")

    assert decode(Kind.LEARNER, canonical_body(record)) == record


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"id":"job-1"}', b'{"id":"job 1","title":"Welder"}', b'{"id":"a","title":" "}'],
)
def test_a_body_that_is_no_record_is_damage(body: bytes) -> None:
    with pytest.raises(DamagedStore, match="The store holds a job that cannot be read"):
        decode(Kind.JOB, body)


def test_a_body_of_one_kind_is_not_read_as_another() -> None:
    with pytest.raises(DamagedStore):
        decode(Kind.SKILL, canonical_body(a_job()))

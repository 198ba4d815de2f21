"""Protected traits are refused by name, and no feature is one."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from service.domain.answer import Match, Recommendation
from service.domain.condition import ConditionField
from service.domain.credential import Credential
from service.domain.job import Job
from service.domain.learner import Course, Experience, Learner
from service.domain.protected import is_protected
from service.domain.ranking import Weights
from service.domain.record import Kind
from service.matching.evidence import PieceRow
from service.matching.texts import text_fields
from service.standards.native import BODIES, parse_body
from service.storage.schema import metadata
from tests.builders.records import a_credential, a_job

TRAITS = [
    "sex", "gender", "genderIdentity", "race", "ethnicity", "ethnic_group", "religion", "age",
    "birthDate", "date_of_birth", "dob", "DOB", "disability", "hasDisability", "nationality",
    "national-origin", "maritalStatus", "familyStatus", "sexual_orientation", "pregnant",
    "veteran_status", "citizenship", "unionMembership", "politicalOpinion", "skin color",
]  # fmt: skip


@pytest.mark.parametrize("trait", TRAITS)
@pytest.mark.parametrize(
    ("kind", "place"),
    [
        (Kind.LEARNER, ()),
        (Kind.LEARNER, ("courses", 0)),
        (Kind.LEARNER, ("skills", 0)),
        (Kind.LEARNER, ("constraints", "max_cost")),
        (Kind.JOB, ()),
        (Kind.JOB, ("skills", 0)),
    ],
)
def test_a_protected_trait_is_refused_wherever_it_stands(
    trait: str, kind: Kind, place: tuple[str | int, ...]
) -> None:
    body: dict[str, Any] = {
        "id": "r-1",
        "title" if kind is Kind.JOB else "text": "I weld.",
        "skills": [{"name": "weld"}],
    }
    if kind is Kind.LEARNER:
        body |= {"courses": [{"name": "Welding"}]}
        body |= {"constraints": {"max_cost": {"amount": 1, "currency": "USD"}}}
    inner: Any = body
    for part in place:
        inner = inner[part]
    inner[trait] = "x"

    [problem] = parse_body(kind, body).problems

    assert problem.path == (*place, trait)
    assert problem.reason == "is a protected trait, which is never kept or used; leave it out."


@pytest.mark.parametrize(
    "name", ["page", "language", "stage", "trace", "average", "sextant", "colr"]
)
def test_other_words_are_no_traits(name: str) -> None:
    assert not is_protected(name)


# How old a piece of evidence is, and no person.
OF_EVIDENCE = {"age_factor"}


def names_in(form: Any, seen: set[Any]) -> Iterator[str]:
    """Yield the names of all fields of a type, at any depth."""
    for argument in get_args(form):
        yield from names_in(argument, seen)
    if form in seen or not isinstance(form, type):
        return
    seen.add(form)
    if issubclass(form, BaseModel):
        for name, facts in form.model_fields.items():
            yield name
            yield from names_in(facts.annotation, seen)
    elif is_dataclass(form):
        hints = get_type_hints(form)
        for each in fields(form):
            yield each.name
            yield from names_in(hints[each.name], seen)


def features() -> Iterator[str]:
    """Yield the name of everything that an answer is made from, or is kept of a record."""
    for form in (*BODIES.values(), Learner, Job, Credential, Recommendation, Match, Weights):
        yield from names_in(form, set())
    yield from map(str, ConditionField)
    yield from PieceRow._fields
    told = Learner(
        id="l-1",  # type: ignore[arg-type]  # any will do
        text="x",
        courses=(Course(name="x"),),
        experience=(Experience(title="x", text="x"),),
    )
    for record in (told, a_job(), a_credential()):
        yield from (part for each in text_fields(record) for part in each.field.split("."))
    for table in metadata.tables.values():
        yield table.name
        yield from (column.name for column in table.columns)


def test_no_feature_is_a_protected_trait() -> None:
    names = set(features())

    assert {"max_cost", "courses", "level", "region", "delivery", "covers"} <= names
    assert sorted(filter(is_protected, names - OF_EVIDENCE)) == []

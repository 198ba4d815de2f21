"""Records with anything in any field, for laws that must hold for all of them."""

import datetime
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from service.domain.credential import Credential
from service.domain.goal import Goal
from service.domain.job import Job, Occupation
from service.domain.learner import Learner
from service.domain.record import Kind
from service.domain.skill import Skill
from service.errors import InvalidRecord

CLASSES: dict[Kind, type[Any]] = {
    Kind.CREDENTIAL: Credential,
    Kind.LEARNER: Learner,
    Kind.JOB: Job,
    Kind.SKILL: Skill,
    Kind.OCCUPATION: Occupation,
}

# All of Unicode but halves of characters, which no store can keep.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = TEXTS.filter(lambda text: bool(text.strip()))
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    float: st.floats(0, 1e9),
    bool: st.booleans(),
    datetime.date: st.dates(),
}
# What a goal may be; it is never two of them.
ONE_OF = ["occupation", "job", "skills", "text"]
# Fields whose rule is narrower than their type.
NARROWER: dict[tuple[str, Any], st.SearchStrategy[Any]] = {
    ("id", str): st.from_regex(r"[A-Za-z0-9._:-]{1,128}", fullmatch=True),
    ("name", str): NAMES,
    ("title", str): NAMES,
    ("policy", str): st.from_regex(r"[A-Za-z0-9._:-]{1,128}", fullmatch=True),
    ("preferred_label", str): NAMES,
    ("currency", str): st.sampled_from(["USD", "EUR", "XXX"]),
    ("weight", float): st.floats(0, 1),
    ("level", int): st.integers(1, 5),
    ("requires_parts", int): st.integers(1, 1000),
}


def records(kind: Kind) -> st.SearchStrategy[Any]:
    """Draw records of the kind; any field that may be unknown is there or not."""
    return _instances(CLASSES[kind])


def _instances(cls: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(cls)
    values = {field.name: _values(field.name, hints[field.name]) for field in fields(cls)}
    if cls is Goal:
        return st.sampled_from(ONE_OF).flatmap(
            lambda name: st.builds(Goal, mode=values["mode"], **{name: values[name].filter(bool)})
        )
    required = {
        field.name: values.pop(field.name)
        for field in fields(cls)
        if field.default is MISSING and field.default_factory is MISSING
    }
    drawn = st.fixed_dictionaries(required, optional=values)
    lawful: st.SearchStrategy[Any] = drawn.map(lambda given: _lawful(cls, given))
    return lawful.filter(lambda value: value is not None)


def _lawful(cls: type[Any], values: dict[str, Any]) -> Any:
    try:
        return cls(**values)
    except InvalidRecord:
        return None


def _values(name: str, hint: Any) -> st.SearchStrategy[Any]:
    plain = getattr(hint, "__supertype__", hint)
    alternatives = [each for each in get_args(plain) if each is not NoneType]
    if NoneType in get_args(plain):
        return st.none() | _values(name, alternatives[0])
    if get_origin(plain) is tuple:
        return st.lists(_values("", alternatives[0]), max_size=3).map(tuple)
    if is_dataclass(plain):
        return _instances(plain)  # type: ignore[arg-type]  # a class, since it comes from a hint
    if issubclass(plain, StrEnum):
        return st.sampled_from(list(plain))
    return NARROWER.get((name, plain), PLAIN[plain] if plain in PLAIN else st.nothing())

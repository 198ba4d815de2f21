"""A person as canonical JSON and back: equal ones have equal bytes."""

import json
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from service.domain.person import Person
from service.errors import InvalidRecord

FORMAT: Final = "onramp-person/1"
_ADAPTER: Final = TypeAdapter(Person)
# Kept as texts in the log; written out here, for people to read.
_WRITTEN_OUT: Final = ("request", "answer")


def person_json(person: Person) -> dict[str, Any]:
    """Return a person as a JSON object, without what says nothing."""
    found: dict[str, Any] = _ADAPTER.dump_python(person, mode="json", exclude_defaults=True)
    for decision in found["decisions"]:
        for key in _WRITTEN_OUT:
            decision[key] = None if decision[key] is None else json.loads(decision[key])
    return {"format": FORMAT, **found}


def person_text(person: Person) -> str:
    """Return a person as canonical JSON (UTF-8, keys in order, no space)."""
    return canonical(person_json(person))


def canonical(value: Any) -> str:
    """Return JSON with its keys in order and no space."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read_person(data: Any) -> Person:
    """Return the person that a JSON object stands for.

    Raises:
        InvalidRecord: if it is no export of a person; it names the first place that is wrong.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InvalidRecord(f"is no export of a person; its `format` is not {FORMAT!r}.")
    rest = {key: value for key, value in data.items() if key != "format"}
    try:
        return _ADAPTER.validate_json(json.dumps(_with_texts(rest)))
    except ValidationError as error:
        [first, *_] = error.errors(include_url=False)
        where = ".".join(map(str, first["loc"]))
        raise InvalidRecord(f"{first['msg']}.", field=where) from None


def _with_texts(data: dict[str, Any]) -> dict[str, Any]:
    decisions = [
        {
            **each,
            **{
                key: None if each.get(key) is None else canonical(each[key]) for key in _WRITTEN_OUT
            },
        }
        for each in data.get("decisions", ())
        if isinstance(each, dict)
    ]
    return {**data, "decisions": decisions}

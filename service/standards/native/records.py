"""Native records: from parsed JSON to the domain and back, and their published schemas."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, assert_never

from pydantic import ValidationError

from service.domain.credential import Credential
from service.domain.job import Job, Occupation
from service.domain.learner import Learner
from service.domain.record import Kind, Record
from service.domain.skill import Skill
from service.errors import InvalidRecord
from service.standards.native.body import Body
from service.standards.native.credential import CredentialBody
from service.standards.native.job import JobBody
from service.standards.native.learner import LearnerBody
from service.standards.native.problems import Problem, faults_of, problem_of
from service.standards.native.skill import SkillBody
from service.standards.native.strict_json import parse_json
from service.standards.native.types import shown
from service.standards.reading import Line, Parsed, Place, Reader, read_json_lines

RecordBody = CredentialBody | LearnerBody | JobBody | SkillBody

BODIES: Final[dict[Kind, type[RecordBody]]] = {
    Kind.CREDENTIAL: CredentialBody,
    Kind.LEARNER: LearnerBody,
    Kind.JOB: JobBody,
    Kind.SKILL: SkillBody,
}


class Checked(NamedTuple):
    """Either a record, or everything that is wrong with the data that should have been one."""

    record: Record | None
    problems: tuple[Problem, ...] = ()


def parse_body(kind: Kind, data: object) -> Checked:
    """Check data, as a JSON parser gives it, against the native form of a kind."""
    model = BODIES[kind]
    if not isinstance(data, dict):
        return Checked(None, (Problem((), f"{shown(data)} is not an object."),))
    try:
        return Checked(model.model_validate(data).to_domain())
    except ValidationError as error:
        return Checked(None, tuple(faults_of(error, model)))


def parse_text(kind: Kind, text: str) -> Checked:
    """Check the JSON text of one record against the native form of a kind."""
    try:
        data = parse_json(text)
    except InvalidRecord as error:
        return Checked(None, (problem_of(error),))
    return parse_body(kind, data)


def body_of(record: Record) -> RecordBody:
    """Return the native body of a record.

    Raises:
        InvalidRecord: for an occupation, which has no native form.
    """
    match record:
        case Credential():
            return CredentialBody.from_domain(record)
        case Learner():
            return LearnerBody.from_domain(record)
        case Job():
            return JobBody.from_domain(record)
        case Skill():
            return SkillBody.from_domain(record)
        case Occupation():
            raise InvalidRecord("an occupation has no native form.")
        case _:
            assert_never(record)


def json_schema(kind: Kind) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one record of a kind."""
    return schema_of(BODIES[kind])


def schema_of(body: type[Body]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a native object."""
    schema = body.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def read_native(kind: Kind, paths: Sequence[Path]) -> Iterator[Parsed]:
    """Read JSON Lines files of one kind of record.

    Raises:
        UnreadableFile: if a file cannot be read, or is one JSON document of many lines.
    """
    for path in paths:
        for line in read_json_lines(path):
            yield _parsed(kind, line)


def native_reader(kind: Kind) -> Reader:
    """Return the reader of JSON Lines files of one kind of record."""
    return partial(read_native, kind)


def placed(place: Place, checked: Checked) -> Parsed:
    """Return what was found at a place of a file."""
    if checked.record is not None:
        return place.found(checked.record)
    return place.failed(*((problem.field, problem.reason) for problem in checked.problems))


def _parsed(kind: Kind, line: Line) -> Parsed:
    if line.reason:
        return line.place.failed(("", line.reason))
    return placed(line.place, parse_text(kind, line.text))

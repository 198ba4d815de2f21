"""Files of consents: JSON Lines, one learner on each, beside the file of learners."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from service.domain.consent import Consents
from service.domain.ids import LearnerId
from service.errors import InvalidRecord
from service.standards.native.consent import LearnerConsentsBody
from service.standards.native.problems import Problem, faults_of, problem_of
from service.standards.native.strict_json import parse_json
from service.standards.native.types import shown
from service.standards.reading import Fault, Line, Place, read_json_lines


class ReadConsents(NamedTuple):
    """What became of one line: what a learner says, or everything that is wrong with it."""

    place: Place
    learner: LearnerId
    consents: Consents
    faults: tuple[Fault, ...] = ()


def read_consents(paths: Sequence[Path]) -> Iterator[ReadConsents]:
    """Read what learners say from JSON Lines files.

    Raises:
        UnreadableFile: if a file cannot be read, or is one JSON document of many lines.
    """
    for path in paths:
        for line in read_json_lines(path):
            yield _read(line)


def _read(line: Line) -> ReadConsents:
    if line.reason:
        return _failed(line.place, Problem((), line.reason))
    try:
        data = parse_json(line.text)
    except InvalidRecord as error:
        return _failed(line.place, problem_of(error))
    if not isinstance(data, dict):
        return _failed(line.place, Problem((), f"{shown(data)} is not an object."))
    try:
        body = LearnerConsentsBody.model_validate(data)
    except ValidationError as error:
        return _failed(line.place, *faults_of(error, LearnerConsentsBody))
    return ReadConsents(line.place, LearnerId(body.learner), body.to_domain())


def _failed(place: Place, *problems: Problem) -> ReadConsents:
    parsed = place.failed(*((problem.field, problem.reason) for problem in problems))
    return ReadConsents(place, LearnerId(""), Consents(), parsed.faults)

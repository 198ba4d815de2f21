"""Files to read, and short views of what was read from them."""

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from service.domain.credential import Credential
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.record import Record
from service.domain.skill import Skill
from service.standards.reading import Parsed


class Found(NamedTuple):
    """One fault without its file."""

    line: int
    field: str
    reason: str


def a_file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    return path


def faults(parsed: Iterable[Parsed]) -> list[Found]:
    return [
        Found(fault.line, fault.field, fault.reason) for item in parsed for fault in item.faults
    ]


def records(parsed: Iterable[Parsed]) -> list[Record]:
    return [item.record for item in parsed if item.record is not None]


def the_record(parsed: Iterable[Parsed]) -> Record:
    """Return the only record; there must be no fault."""
    (item,) = list(parsed)
    assert item.faults == ()
    assert item.record is not None
    return item.record


def the_credential(parsed: Iterable[Parsed]) -> Credential:
    record = the_record(parsed)
    assert isinstance(record, Credential)
    return record


def the_learner(parsed: Iterable[Parsed]) -> Learner:
    record = the_record(parsed)
    assert isinstance(record, Learner)
    return record


def the_job(parsed: Iterable[Parsed]) -> Job:
    record = the_record(parsed)
    assert isinstance(record, Job)
    return record


def the_skill(parsed: Iterable[Parsed]) -> Skill:
    record = the_record(parsed)
    assert isinstance(record, Skill)
    return record

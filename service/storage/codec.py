"""Records as canonical JSON and back: what the store keeps of a record's own words."""

import hashlib
import json
from typing import Any, NoReturn

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from service.domain.credential import Credential
from service.domain.job import Job, Occupation
from service.domain.learner import Learner
from service.domain.record import Kind, Record, kind_of
from service.domain.skill import Skill
from service.errors import DamagedStore, InvalidRecord

# NaN would become null, and null would be read back as "unknown".
_CONFIG = ConfigDict(ser_json_inf_nan="constants", allow_inf_nan=False)

_ADAPTERS: dict[Kind, TypeAdapter[Any]] = {
    Kind.CREDENTIAL: TypeAdapter(Credential, config=_CONFIG),
    Kind.LEARNER: TypeAdapter(Learner, config=_CONFIG),
    Kind.JOB: TypeAdapter(Job, config=_CONFIG),
    Kind.SKILL: TypeAdapter(Skill, config=_CONFIG),
    Kind.OCCUPATION: TypeAdapter(Occupation, config=_CONFIG),
}


def canonical_body(record: Record) -> bytes:
    """Return the record as JSON (UTF-8): equal records have equal bytes.

    Fields stand in the order in which the domain declares them; those that have their default
    value are left out, so that a new field changes no old record.

    Raises:
        InvalidRecord: if a text holds half a character, or a number is not finite.
    """
    try:
        body = _ADAPTERS[kind_of(record)].dump_json(record, exclude_defaults=True)
    except (PydanticSerializationError, UnicodeEncodeError):
        raise InvalidRecord(
            f"{record.id!r} has a text with half a character (a lone surrogate)."
        ) from None
    if b"NaN" in body or b"Infinity" in body:
        json.loads(body, parse_constant=_refuse)
    return body


def content_hash(record: Record) -> str:
    """Return the SHA-256 (hex) of the record's canonical body."""
    return hashlib.sha256(canonical_body(record)).hexdigest()


def decode(kind: Kind, body: str | bytes) -> Any:
    """Return the record of this kind that the body stands for.

    Raises:
        DamagedStore: if it is not the body of such a record.
    """
    try:
        return _ADAPTERS[kind].validate_json(body)
    except (ValidationError, InvalidRecord) as error:
        raise DamagedStore(f"The store holds a {kind} that cannot be read: {error}") from error


def _refuse(constant: str) -> NoReturn:
    raise InvalidRecord(f"{constant} is not a number that can be kept.")

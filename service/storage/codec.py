"""Records as canonical JSON and back: what the store keeps of a record's own words."""

import hashlib
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from service.domain.credential import Credential
from service.domain.job import Job, Occupation
from service.domain.learner import Learner
from service.domain.record import Kind, Record, kind_of
from service.domain.skill import Skill
from service.errors import DamagedStore, InvalidRecord

_ADAPTERS: dict[Kind, TypeAdapter[Any]] = {
    Kind.CREDENTIAL: TypeAdapter(Credential),
    Kind.LEARNER: TypeAdapter(Learner),
    Kind.JOB: TypeAdapter(Job),
    Kind.SKILL: TypeAdapter(Skill),
    Kind.OCCUPATION: TypeAdapter(Occupation),
}


def canonical_body(record: Record) -> bytes:
    """Return the record as JSON (UTF-8): equal records have equal bytes.

    Fields stand in the order in which the domain declares them; those that have their default
    value are left out, so that a new field changes no old record.

    Raises:
        InvalidRecord: if a text holds half a character, or a number is not finite.
    """
    adapter = _ADAPTERS[kind_of(record)]
    try:
        body = adapter.dump_json(record, exclude_defaults=True)
    except (PydanticSerializationError, UnicodeEncodeError):
        raise InvalidRecord(
            f"{record.id!r} has a text with half a character (a lone surrogate)."
        ) from None
    # A number that is not finite is written as null, which would be read back as unknown.
    if b"null" in body and not _reads_back(adapter, body, record):
        raise InvalidRecord(f"{record.id!r} has a number that is not finite.")
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


def _reads_back(adapter: TypeAdapter[Any], body: bytes, record: Record) -> bool:
    try:
        return bool(adapter.validate_json(body) == record)
    except ValidationError:
        return False

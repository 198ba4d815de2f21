"""Records: what the store keeps, whatever their kind."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from service.domain.credential import Credential
from service.domain.job import Job, Occupation
from service.domain.learner import Learner
from service.domain.skill import Skill, SkillLink

Record = Credential | Learner | Job | Skill | Occupation
Vector = NDArray[np.float32]


class Kind(StrEnum):
    """The kinds of record; the value is the word in messages and tables."""

    CREDENTIAL = "credential"
    LEARNER = "learner"
    JOB = "job"
    SKILL = "skill"
    OCCUPATION = "occupation"


_KINDS: dict[type[Record], Kind] = {
    Credential: Kind.CREDENTIAL,
    Learner: Kind.LEARNER,
    Job: Kind.JOB,
    Skill: Kind.SKILL,
    Occupation: Kind.OCCUPATION,
}


def kind_of(record: Record) -> Kind:
    """Return the kind of the record."""
    return _KINDS[type(record)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DerivedRecord:
    """A record with all that is derived from it, as one transaction keeps it.

    Attributes:
        content_hash: SHA-256 (hex) of the record's canonical body.
        text_hash: SHA-256 (hex) of the text that the vector stands for.
        vector: float32 of shape ``(dim,)``, unit length.
    """

    record: Record
    content_hash: str
    text_hash: str
    vector: Vector
    links: tuple[SkillLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredRecord(DerivedRecord):
    """A record as it was read back.

    Attributes:
        revision: 1 for a new record, one more at each change.
    """

    revision: int


class ChangeType(StrEnum):
    """What a row of the change log says."""

    PUT = "put"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of a tenant's change log; ``seq`` grows by one at each."""

    seq: int
    kind: Kind
    id: str
    type: ChangeType
    revision: int

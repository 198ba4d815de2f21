"""The work that faults interrupt: puts and deletes that follow from a seed and a number."""

from contextlib import suppress
from typing import NamedTuple

import numpy as np

from benchmarks.torture.small import Small
from service.domain.credential import Credential, Provider
from service.domain.ids import DEFAULT_TENANT, CredentialId, LearnerId
from service.domain.learner import Learner
from service.domain.record import Kind, Record
from service.errors import NotFound
from service.matching.ports import RecordKey

IDS = 24
_KINDS = (Kind.CREDENTIAL, Kind.LEARNER)
_DELETED = 0.3
_PADDING = " and more words of the same"


class Operation(NamedTuple):
    """One acknowledged step: a record put in a version, or deleted (no version)."""

    key: RecordKey
    version: str | None


def operation(seed: int, number: int) -> Operation:
    """Return the operation of this number; the same for all who ask."""
    chance = np.random.default_rng([seed, number])
    kind = _KINDS[chance.integers(len(_KINDS))]
    key = RecordKey(kind, f"{kind.value}-{chance.integers(IDS)}")
    return Operation(key, None if chance.random() < _DELETED else f"{seed}.{number}")


def record(key: RecordKey, version: str) -> Record:
    """Return the record in a version, which can be read off it again."""
    words = f"{version}{_PADDING * (hash_of(version) % 40)}"
    if key.kind is Kind.LEARNER:
        return Learner(id=LearnerId(key.id), text=words)
    provider = Provider(name="Lakefield")
    return Credential(id=CredentialId(key.id), name=words, provider=provider)


def version_of(found: Record) -> str:
    """Return the version that a record was put in."""
    words = found.text if isinstance(found, Learner) else getattr(found, "name", "")
    return str(words).removesuffix(_PADDING * (str(words).count(_PADDING)))


def hash_of(version: str) -> int:
    """Return a number that follows from the version, so that records differ in length."""
    return int(version.replace(".", "").replace("-", "") or 0)


def perform(product: Small, step: Operation) -> None:
    """Do it, through the one way in; when this returns, it is acknowledged."""
    if step.version is not None:
        product.intake.put(DEFAULT_TENANT, record(step.key, step.version))
        return
    # Deleting what is not there is answered as well.
    with suppress(NotFound):
        product.intake.delete(DEFAULT_TENANT, step.key.kind, step.key.id)

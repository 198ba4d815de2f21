"""Requests that come twice under one key, and what became of the first."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from service.domain.access import PrincipalId
from service.domain.ids import TenantId


class RepeatKey(NamedTuple):
    """Whose key it is; ``key`` is a hash of it."""

    tenant: TenantId
    principal: PrincipalId
    key: str


class RepeatState(StrEnum):
    """How a request with a key stands to those that came before."""

    NEW = "new"
    IN_FLIGHT = "in_flight"
    DIFFERENT = "different"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What is known of a key.

    Attributes:
        answer: the sealed answer of one that is done; none if it was too long to be kept.
    """

    state: RepeatState
    answer: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """An answer as it was given: status, the headers that belong to it, and its bytes."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

"""Operations: many questions or records that were sent at once, and are worked on afterwards."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from service.domain.access import Principal


class OperationState(StrEnum):
    """Where an operation is."""

    ARRIVING = "arriving"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What somebody asked for, and how far it is.

    Attributes:
        owner: who asked; it is done as by them, and nobody else sees it.
        task: what is done with each line: the id of the API's operation.
        total: how many lines it has.
        done: how many of them have a result.
        failed: how many of these say what went wrong.
        ended: when the last result was there, or it was canceled.
    """

    id: str
    owner: Principal
    task: str
    state: OperationState
    total: int
    done: int
    failed: int
    created: datetime
    ended: datetime | None = None


class SentLine(NamedTuple):
    """One line as it was sent, in JSON; ``number`` counts from 1, ``ids`` are all that it names."""

    number: int
    text: str
    ids: tuple[str, ...] = ()


class LineResult(NamedTuple):
    """What became of a line, in JSON; none if it named a learner who was erased."""

    number: int
    text: str | None
    is_failure: bool


class MostOperations(NamedTuple):
    """How much there may be of one tenant.

    ``waiting`` operations that are not over, and ``bytes`` of lines and results in all of them.
    """

    waiting: int = 20
    bytes: int = 256_000_000


def bytes_of(line: SentLine | LineResult) -> int:
    """Return how many bytes a line takes that is kept."""
    return len((line.text or "").encode())

"""Outcomes: what became of each record that was brought in."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.record import Kind


class OutcomeStatus(StrEnum):
    """What became of a record."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one record.

    Attributes:
        revision: the record's revision now; 0 if it was rejected.
        warnings: what was kept but cannot be used, as sentences.
        reason: why it was rejected; empty if it was not.
        field: where the fault is, as a dotted path; empty for the whole record.
    """

    id: str
    kind: Kind
    status: OutcomeStatus
    revision: int
    warnings: tuple[str, ...] = ()
    reason: str = ""
    field: str = ""

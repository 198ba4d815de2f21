"""Events: what became of an answer, as whoever saw it tells."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from service.domain.access import PrincipalId
from service.domain.ids import LearnerId
from service.errors import InvalidRecord

EVENT_NOTE_LENGTH = 1_000
MAX_EVENT_ITEMS = 100


class EventType(StrEnum):
    """What happened."""

    IMPRESSION = "impression"
    VIEW = "view"
    CLICK = "click"
    SAVE = "save"
    DISMISS = "dismiss"
    NOT_INTERESTED = "not_interested"
    APPLY_START = "apply_start"
    APPLY_FINISH = "apply_finish"
    ENROLL = "enroll"
    COMPLETE = "complete"
    DROP = "drop"
    INTERVIEW = "interview"
    OFFER = "offer"
    HIRED = "hired"
    NOT_QUALIFIED = "not_qualified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to items of an answer.

    Attributes:
        id: the sender's own; the same event sent again has the same.
        recommendation: the answer's ``recommendation_id``.
        subject: the learner whom it happened to; none where nobody is named.
        items: ids of the answer's items; none where it is about the answer as a whole.
        at: when, as the sender says.
        reason: why somebody was not qualified; with that type alone, and always.

    Raises:
        InvalidRecord: if the reason is missing, or has no place.
    """

    id: str
    recommendation: str
    type: EventType
    at: datetime
    subject: LearnerId | None = None
    items: tuple[str, ...] = ()
    reason: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if (self.type is EventType.NOT_QUALIFIED) != (self.reason is not None):
            needs = (
                "is missing; say why" if self.reason is None else "goes with not_qualified alone"
            )
            raise InvalidRecord(f"{needs}.", field="reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEvent:
    """An event, who sent it, and when it was kept."""

    event: Event
    principal: PrincipalId
    received: datetime


class EventPlace(NamedTuple):
    """Where a page of events begins: after the one that was received then, with this id."""

    received: datetime
    id: str


class EventFate(StrEnum):
    """What became of an event that was sent."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    DIFFERENT = "different"
    UNKNOWN_RECOMMENDATION = "unknown_recommendation"
    UNKNOWN_SUBJECT = "unknown_subject"
    UNKNOWN_ITEM = "unknown_item"

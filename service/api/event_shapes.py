"""Events as JSON: the body of one, what became of it, and a page of them."""

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, Strict, model_validator
from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from service.api.conditions import STRICT, fault
from service.api.errors import InvalidBody
from service.domain.event import (
    EVENT_NOTE_LENGTH,
    MAX_EVENT_ITEMS,
    Event,
    EventFate,
    EventPlace,
    EventType,
    KeptEvent,
)
from service.domain.ids import ID_PATTERN, LearnerId, check_id
from service.errors import InvalidRecord
from service.intake import Problem
from service.intake.events import FROM_THE_FIRST

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_YEARS = range(2000, 2200)


def _id(value: str) -> str:
    try:
        return check_id(value)
    except InvalidRecord as error:
        raise fault(error.reason) from None


def _time(value: object) -> object:
    if isinstance(value, str) and _TIME.fullmatch(value):
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise fault(f"{value} is not a time of the calendar.") from None
        if found.year in _YEARS:
            return found
    raise fault("is not a time with its offset, such as 2026-03-01T09:30:00Z.")


def _visible(value: str) -> str:
    if not value.strip():
        raise fault("is blank.")
    return value


Id = Annotated[str, Strict(), Field(json_schema_extra={"pattern": ID_PATTERN}), AfterValidator(_id)]
Text = Annotated[str, Strict(), Field(max_length=EVENT_NOTE_LENGTH)]


class EventBody(BaseModel):
    """What became of an answer, or of some of its items."""

    model_config = STRICT

    event_id: Id = Field(description="Your own id; the same event sent again has the same.")
    recommendation_id: Id = Field(description="The answer that it is about.")
    type: EventType = Field(description="What happened.")
    ts: Annotated[datetime, BeforeValidator(_time)] = Field(
        description="When it happened: RFC 3339 with an offset."
    )
    subject: Id | None = Field(
        default=None, description="The learner whom it happened to, one whom the answer concerns."
    )
    item_ids: Annotated[tuple[Id, ...], Field(max_length=MAX_EVENT_ITEMS)] = Field(
        default=(), description="Which of the answer's items it is about; none: the whole answer."
    )
    reason: Annotated[Text, AfterValidator(_visible)] | None = Field(
        default=None, description="Why somebody was not qualified; with `not_qualified` alone."
    )
    note: Text | None = Field(default=None, description="Anything else.")

    @model_validator(mode="after")
    def _says_why(self) -> "EventBody":
        try:
            self.to_domain()
        except InvalidRecord as error:
            raise fault(error.reason, field=error.field) from None
        return self

    def to_domain(self) -> Event:
        """Return the event.

        Raises:
            InvalidRecord: if a reason is missing, or has no place.
        """
        return Event(
            id=self.event_id,
            recommendation=self.recommendation_id,
            type=self.type,
            at=self.ts,
            subject=LearnerId(self.subject) if self.subject else None,
            items=self.item_ids,
            reason=self.reason,
            note=self.note,
        )


class TakenEvent(TypedDict):
    """What became of an event: `stored`, or `duplicate` if it was there already."""

    event_id: str
    status: str


class TakenEventLine(TakenEvent):
    """What became of a line's event."""

    line: int


class ShownEvent(TypedDict):
    """One event; unknown values are null."""

    event_id: str
    recommendation_id: str
    type: EventType
    ts: str
    subject: str | None
    item_ids: list[str]
    reason: str | None
    note: str | None
    received: str


class EventPage(TypedDict):
    """Events in the order in which they were received; `next` is the `cursor` of the next page."""

    items: list[ShownEvent]
    next: str | None


_FAULTS = {
    EventFate.DIFFERENT: Problem(
        ("event_id",), "belongs to another event, which is kept; give each its own."
    ),
    EventFate.UNKNOWN_RECOMMENDATION: Problem(
        ("recommendation_id",),
        "names no answer in the decision log: it was never given, was not logged, is kept no "
        "longer, or concerned somebody who was deleted.",
    ),
    EventFate.UNKNOWN_SUBJECT: Problem(
        ("subject",), "is no learner whom this answer concerns and for whom you may speak."
    ),
    EventFate.UNKNOWN_ITEM: Problem(("item_ids",), "names what this answer does not."),
}


def taken_json(event: Event, fate: EventFate) -> TakenEvent:
    """Return what became of an event.

    Raises:
        InvalidBody: if it was not kept.
    """
    if fate in _FAULTS:
        raise InvalidBody([_FAULTS[fate]])
    return {"event_id": event.id, "status": fate.value}


def shown(kept: KeptEvent) -> ShownEvent:
    """Return an event as it is listed."""
    event = kept.event
    return {
        "event_id": event.id,
        "recommendation_id": event.recommendation,
        "type": event.type,
        "ts": event.at.isoformat(),
        "subject": event.subject,
        "item_ids": list(event.items),
        "reason": event.reason,
        "note": event.note,
        "received": kept.received.astimezone(UTC).isoformat(),
    }


def cursor_of(last: KeptEvent) -> str:
    """Return the cursor of the page after this event."""
    place = f"{last.received.astimezone(UTC).isoformat()} {last.event.id}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_of(cursor: str | None) -> EventPlace:
    """Return where a page begins.

    Raises:
        InvalidBody: if the cursor is not one that a page gave.
    """
    if cursor is None:
        return FROM_THE_FIRST
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        place = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        received, _, event = place.partition(" ")
        return EventPlace(datetime.fromisoformat(received).astimezone(UTC), check_id(event))
    except (binascii.Error, ValueError, OverflowError, InvalidRecord):
        reason = "is not a cursor; take `next` of the page before, or leave it out."
        raise InvalidBody([Problem(("query", "cursor"), reason)]) from None

"""The native form of consents: what one learner says about who may see them."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from service.domain.consent import ANY_EMPLOYER, Consent, Consents, Part, Purpose
from service.standards.native.body import Body
from service.standards.native.types import Id, Many, Name, broken, shown

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")


def _instant(value: object) -> object:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            raise broken(f"{value} is no point in time.") from None
    raise broken(f"{shown(value)} is not a time with its zone such as 2026-09-01T08:00:00Z.")


def instant_text(at: datetime) -> str:
    """Return a point in time as RFC 3339 has it, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(instant_text),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class ConsentBody(Body):
    """One consent that a learner signed."""

    id: Id = Field(description="The consent's id; one for each that is signed.")
    purpose: Purpose = Field(
        description="`matching`: to be found for jobs; `contact`: to be named and written to."
    )
    party: Id = Field(description=f"An employer's id, or `{ANY_EMPLOYER}`.")
    covers: Many[Part] = Field(
        default=(),
        description="The parts of the record that may be used and shown; absent: all of them.",
    )
    signed_at: Instant = Field(description="From when it holds.")
    expires_at: Instant | None = Field(
        default=None, description="From when it does not hold any more; absent: no end."
    )
    policy_version: Name = Field(description="Which text was signed.")
    withdrawn_at: Instant | None = Field(
        default=None, description="When it was withdrawn; it then never holds again."
    )

    def to_domain(self) -> Consent:
        """Return the domain's value."""
        known = self.known_fields()
        return Consent(**{key: value for key, value in known.items() if key != "covers" or value})


class ConsentsBody(Body):
    """All that a learner says about who may see them."""

    consents: Many[ConsentBody] = Field(
        default=(), description="What was signed; one that is left out is withdrawn."
    )
    opted_out_at: Instant | None = Field(
        default=None,
        description="Since when no employer may see them, whatever was signed; absent: may.",
    )

    def to_domain(self) -> Consents:
        """Return the domain's value."""
        signed: tuple[Any, ...] = self.known_fields()["consents"]
        return Consents(signed=signed, opted_out_at=self.opted_out_at)

    @classmethod
    def of(cls, consents: Consents) -> "ConsentsBody":
        """Return the body that stands for what a learner said."""
        signed = tuple(ConsentBody.from_domain(each) for each in consents.signed)
        return cls(consents=signed, opted_out_at=consents.opted_out_at)


class LearnerConsentsBody(ConsentsBody):
    """One line of a file of consents."""

    learner: Id = Field(description="The learner's id.")

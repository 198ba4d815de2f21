"""Contacts and disclosures in and out, as JSON."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field
from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from service.answers.personal import NamedContact
from service.api.conditions import STRICT
from service.api.questions import checked_id
from service.domain.disclosure import ContactStatus, Disclosure
from service.intake.consents import instant_text

Id = Annotated[str, AfterValidator(checked_id)]


class ContactBody(BaseModel):
    """An employer wants to write to a candidate."""

    model_config = STRICT

    candidate: Id = Field(description="The name under which the candidate was shown.")
    job: Id | None = Field(default=None, description="The posting that it is about, by id.")


class ContactAnswerBody(BaseModel):
    """What a learner says to an employer who wants to write to them."""

    model_config = STRICT

    status: ContactStatus = Field(description="`accepted` or `declined`; it may be said anew.")


class ContactShape(TypedDict):
    """A wish to write to somebody, and what became of it.

    `candidate` is the learner's id once they accepted, and else the name for this employer alone.
    """

    id: str
    employer: str
    candidate: str
    job: str | None
    status: str
    asked_at: str
    answered_at: str | None


class Contacts(TypedDict):
    """Wishes, oldest first."""

    contacts: list[ContactShape]


class DisclosureShape(TypedDict):
    """One answer in which a learner was shown to an employer; `fields` are parts of the record."""

    recommendation_id: str
    employer: str
    purpose: str
    at: str
    shown_as: str
    fields: list[str]


class Disclosures(TypedDict):
    """To whom a learner was shown, oldest first."""

    learner: str
    disclosures: list[DisclosureShape]


class PersonExport(TypedDict):
    """All that is kept about one learner, to be read, or taken in elsewhere.

    `texts` are those that the vector comes from (`*`) and the links, by field.
    """

    format: str
    learner: dict[str, Any]
    consents: dict[str, Any]
    skills: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]
    texts: dict[str, str]
    disclosures: list[dict[str, Any]]
    contacts: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    events: list[dict[str, Any]]


def contact_json(found: NamedContact) -> ContactShape:
    """Return a wish as JSON."""
    contact = found.contact
    answered = contact.answered_at
    return {
        "id": contact.id,
        "employer": contact.party,
        "candidate": found.candidate,
        "job": contact.job,
        "status": contact.status,
        "asked_at": instant_text(contact.asked_at),
        "answered_at": None if answered is None else instant_text(answered),
    }


def contacts_json(found: Iterable[NamedContact]) -> Contacts:
    """Return wishes as JSON."""
    return {"contacts": [contact_json(each) for each in found]}


def disclosures_json(learner: str, found: Iterable[Disclosure]) -> Disclosures:
    """Return to whom a learner was shown as JSON."""
    rows: list[DisclosureShape] = [
        {
            "recommendation_id": each.recommendation_id,
            "employer": each.party,
            "purpose": each.purpose,
            "at": instant_text(each.at),
            "shown_as": each.shown_as,
            "fields": list(each.fields),
        }
        for each in found
    ]
    return {"learner": learner, "disclosures": rows}

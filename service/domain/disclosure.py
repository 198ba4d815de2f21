"""Disclosures and contacts: who was shown to whom, and who wants to write to whom."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from service.domain.consent import Purpose
from service.domain.ids import EmployerId, JobId, LearnerId

Pseudonym = NewType("Pseudonym", str)
"""By what one employer knows a learner who has not agreed to be named."""

ContactId = NewType("ContactId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """One learner who was shown to one employer in one answer (34 CFR 99.32).

    Attributes:
        recommendation_id: the answer's id, as the employer was given it.
        learner: after an erasure a salted hash of the id.
        shown_as: what the learner was called there; empty after an erasure.
        fields: the parts of the record that were shown something of.
    """

    recommendation_id: str
    learner: LearnerId
    party: EmployerId
    purpose: Purpose
    at: datetime
    shown_as: str
    fields: tuple[str, ...]


class ContactStatus(StrEnum):
    """What became of an employer's wish to write to a learner."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """An employer's wish to write to a learner, and the learner's answer.

    Attributes:
        pseudonym: by what the employer knew the learner when asking.
        job: the posting that it is about; none if it is about none.
        answered_at: when the learner last answered; none before.
    """

    id: ContactId
    party: EmployerId
    learner: LearnerId
    pseudonym: Pseudonym
    asked_at: datetime
    job: JobId | None = None
    status: ContactStatus = ContactStatus.ASKED
    answered_at: datetime | None = None

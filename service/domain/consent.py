"""Consent: which parts of a learner's record may be shown, to whom, for what, and until when.

The elements are those of a signed consent under FERPA, 34 CFR 99.30(b): the records that may be
disclosed, the purpose, and the party or class of parties; and 99.37 for the one who opts out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, NewType

from service.domain.ids import EmployerId, check_id
from service.errors import InvalidRecord

ConsentId = NewType("ConsentId", str)

ANY_EMPLOYER: Final = EmployerId("any_employer")
"""The class of parties that every employer belongs to; no employer goes by this id."""


class Purpose(StrEnum):
    """What a learner agrees to: to be found for a job, or to be named and written to."""

    MATCHING = "matching"
    CONTACT = "contact"


class Part(StrEnum):
    """A part of a learner's record; the value is the field's name there."""

    TEXT = "text"
    SKILLS = "skills"
    CREDENTIALS = "credentials"
    COURSES = "courses"
    EXPERIENCE = "experience"


ALL_PARTS: Final = tuple(Part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One consent that a learner signed.

    Attributes:
        party: an employer, or ``ANY_EMPLOYER``.
        covers: the parts of the record that may be used and shown.
        signed_at: from when it holds.
        expires_at: from when it does not hold any more; none if it has no end.
        policy_version: which text was signed.
        withdrawn_at: when it was withdrawn; it has not held since, whatever the clocks say.
    """

    id: ConsentId
    purpose: Purpose
    party: EmployerId
    covers: tuple[Part, ...] = ALL_PARTS
    signed_at: datetime
    expires_at: datetime | None = None
    policy_version: str
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        check_id(self.party, field="party")
        if not self.covers:
            raise InvalidRecord(
                f"is empty; name some of {', '.join(Part)}, or leave it out for all of them.",
                field="covers",
            )
        if self.expires_at is not None and self.expires_at <= self.signed_at:
            raise InvalidRecord("is not after signed_at.", field="expires_at")
        # The order in which parts were named means nothing.
        object.__setattr__(self, "covers", tuple(each for each in Part if each in self.covers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    """All that a learner has said about who may see them.

    Attributes:
        signed: every consent, those that ended among them, by ascending id.
        opted_out_at: since when nobody outside may see them, whatever was signed; none if not.
    """

    signed: tuple[Consent, ...] = ()
    opted_out_at: datetime | None = None


NO_CONSENTS: Final = Consents()


class Asking(NamedTuple):
    """Which employer asks, for what, and when."""

    party: EmployerId
    purpose: Purpose
    at: datetime


class Grant(NamedTuple):
    """What a consent comes to: from ``start`` until just before ``end``, if it has one."""

    party: EmployerId
    purpose: Purpose
    start: datetime
    end: datetime | None
    parts: frozenset[Part]

    def answers(self, asking: Asking) -> bool:
        """Tell whether this lets somebody ask."""
        return (
            self.purpose is asking.purpose
            and self.party in (asking.party, ANY_EMPLOYER)
            and self.start <= asking.at
            and (self.end is None or asking.at < self.end)
        )


def grants_of(consents: Consents) -> Iterator[Grant]:
    """Yield what a learner's consents come to; nothing from one who opted out."""
    if consents.opted_out_at is not None:
        return
    for each in consents.signed:
        if each.withdrawn_at is None:
            yield Grant(
                each.party, each.purpose, each.signed_at, each.expires_at, frozenset(each.covers)
            )


def covered_parts(consents: Consents, asking: Asking) -> frozenset[Part]:
    """Return which parts of a learner's record an employer may see; none is not to see them.

    This is the one rule: who sees nothing does not learn that the learner is there. The index
    applies it to all learners at once, by what ``grants_of`` yields.
    """
    covered = (grant.parts for grant in grants_of(consents) if grant.answers(asking))
    return frozenset().union(*covered)


def replaced(before: Consents, given: Consents, *, now: datetime) -> Consents:
    """Return a learner's consents after they were given anew.

    What is left out is withdrawn, and stays on record; what is withdrawn never holds again.

    Raises:
        InvalidRecord: if one that was withdrawn comes back, or an id stands there twice.
    """
    known = {each.id: each for each in before.signed}
    new: dict[ConsentId, Consent] = {}
    for place, each in enumerate(given.signed):
        if each.id in new:
            raise InvalidRecord(f"{each.id!r} stands there twice.", field=f"consents.{place}.id")
        new[each.id] = _kept(known.get(each.id), each, place)
    gone = {each.id: withdrawn(each, now=now) for each in before.signed if each.id not in new}
    since = given.opted_out_at
    if since is not None and before.opted_out_at is not None:
        since = before.opted_out_at
    together = gone | new
    return Consents(
        signed=tuple(together[each] for each in sorted(together)),
        opted_out_at=since,
    )


def narrowed(before: Consents, later: Consents) -> Consents:
    """Return older consents as far as they go later, too.

    What was withdrawn, left out, or ends sooner later does so now; an opting out stays.
    """
    known = {each.id: each for each in later.signed}
    return Consents(
        signed=tuple(
            _narrowed(each, known[each.id]) if each.id in known else each for each in before.signed
        ),
        opted_out_at=before.opted_out_at or later.opted_out_at,
    )


def _narrowed(before: Consent, later: Consent) -> Consent:
    covers = tuple(part for part in before.covers if part in later.covers)
    ends = [each for each in (before.expires_at, later.expires_at) if each is not None]
    is_same = (before.party, before.purpose) == (later.party, later.purpose)
    if later.withdrawn_at is not None or not covers or not is_same:
        return withdrawn(before, now=later.withdrawn_at or later.signed_at)
    if ends and min(ends) <= before.signed_at:
        return withdrawn(before, now=min(ends))
    return replace(before, covers=covers, expires_at=min(ends, default=None))


def withdrawn(consent: Consent, *, now: datetime) -> Consent:
    """Return a consent as it is once it was withdrawn; when that was first stays."""
    return consent if consent.withdrawn_at is not None else replace(consent, withdrawn_at=now)


def _kept(known: Consent | None, given: Consent, place: int) -> Consent:
    if known is None or known.withdrawn_at is None:
        return given
    if given.withdrawn_at is None:
        raise InvalidRecord(
            f"{given.id!r} was withdrawn; a consent that is signed anew has an id of its own.",
            field=f"consents.{place}.id",
        )
    return known

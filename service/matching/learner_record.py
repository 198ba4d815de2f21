"""One record of all that a learner has done, with totals for each unit of credit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from service.domain.credential import Credential
from service.domain.credit_answer import LearnerRecord, RecordedCredential, RecordTotal
from service.domain.ids import CredentialId
from service.domain.learner import HeldCredential, Learner
from service.domain.quantities import CreditUnit, CreditValue
from service.domain.skill import EvidenceClass
from service.matching.credit_checks import lapsed
from service.matching.credit_terms import exact


def record_of(
    learner: Learner, catalog: Mapping[CredentialId, Credential], *, today: date
) -> LearnerRecord:
    """Return a learner's record, newest first, undated entries last.

    Credit is as courses state it and as the catalog states it of credentials, before any
    institution's rules; that of a credential is in the totals if it is verified and valid.

    Args:
        learner: whose record it is.
        catalog: the credentials that the learner holds, as far as they are known.
        today: by which credentials have expired.
    """
    credentials = [_recorded(held, catalog.get(held.id), today) for held in learner.credentials]
    return LearnerRecord(
        learner=learner.id,
        program=learner.program,
        courses=tuple(sorted(learner.courses, key=lambda each: (*_newest(each.date), each.name))),
        credentials=tuple(
            sorted(credentials, key=lambda each: (*_newest(each.held.issued), each.held.id))
        ),
        experience=tuple(
            sorted(learner.experience, key=lambda each: (*_newest(each.start), each.title))
        ),
        totals=_totals(learner, credentials),
    )


def _newest(day: date | None) -> tuple[bool, int]:
    return day is None, -day.toordinal() if day else 0


def _recorded(
    held: HeldCredential, credential: Credential | None, today: date
) -> RecordedCredential:
    caveat = _caveat(held, credential, today)
    return RecordedCredential(
        held=held,
        name=credential.name if credential else held.id,
        provider=credential.provider.name if credential else None,
        kind=credential.kind if credential else None,
        credit=credential.credit if credential else (),
        counts=not caveat,
        caveat=caveat,
    )


def _caveat(held: HeldCredential, credential: Credential | None, today: date) -> str:
    gone = lapsed(held, None, today)
    if gone is not None:
        return gone.reason
    if held.evidence is not EvidenceClass.VERIFIED:
        return f"not verified: its evidence is {held.evidence or 'unknown'}"
    return "" if credential else "the catalog does not know it"


def _totals(learner: Learner, credentials: Sequence[RecordedCredential]) -> tuple[RecordTotal, ...]:
    courses = _by_unit(course.credits for course in learner.courses if course.credits)
    counted = _by_unit(value for each in credentials if each.counts for value in each.credit)
    rest = _by_unit(value for each in credentials if not each.counts for value in each.credit)
    return tuple(
        RecordTotal(
            units=units,
            courses=float(courses[units]),
            credentials=float(counted[units]),
            not_counted=float(rest[units]),
        )
        for units in CreditUnit
        if units in courses or units in counted or units in rest
    )


def _by_unit(values: Iterable[CreditValue]) -> dict[CreditUnit, Fraction]:
    totals: dict[CreditUnit, Fraction] = defaultdict(Fraction)
    for value in values:
        totals[value.units] += exact(value.value)
    return totals

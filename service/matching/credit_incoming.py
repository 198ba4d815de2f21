"""What a learner brings: each course and credential, with what it yields before caps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from service.domain.credential import Credential
from service.domain.credit import CreditKind
from service.domain.credit_answer import CreditAward
from service.domain.ids import CredentialId
from service.domain.learner import Course, HeldCredential, Learner
from service.domain.quantities import CreditValue
from service.matching.credit_awards import NOTHING, credential_yield, granted
from service.matching.credit_checks import course_refusal
from service.matching.credit_terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One course or credential, and what it yields before caps.

    Attributes:
        same: what tells whether two are the same thing, which counts once.
        worth: what is granted, in the policy's unit, exactly.
    """

    field: str
    id: CredentialId | None
    name: str
    kind: CreditKind
    date: date | None
    own: bool
    same: tuple[str, ...]
    stated: CreditValue | None
    award: CreditAward
    worth: Fraction = NOTHING


def incoming_of(
    learner: Learner, catalog: Mapping[CredentialId, Credential], terms: Terms
) -> list[Incoming]:
    """Return what each of a learner's courses and credentials yields.

    Args:
        learner: whose record it is.
        catalog: the credentials that the learner holds, as far as they are known.
        terms: the policy, the degree, the agreements and the day.
    """
    courses = [_course(row, course, terms) for row, course in enumerate(learner.courses)]
    held = [
        _held(f"credentials.{row}", held, catalog.get(held.id), terms)
        for row, held in enumerate(learner.credentials)
    ]
    return [*courses, *held]


def _course(row: int, course: Course, terms: Terms) -> Incoming:
    own = terms.policy.institution.is_same(course.provider)
    refusal = course_refusal(course, terms, own=own)
    rule = terms.rule("own-credit" if own else "courses")
    value = course.credits or CreditValue(units=terms.policy.units, value=0.0)
    found = granted(value, CreditKind.COURSE, rule, terms, refusal=refusal, own=own)
    return Incoming(
        field=f"courses.{row}",
        id=None,
        name=course.name,
        kind=found.kind,
        date=course.date,
        own=own,
        same=("course", _words(course.provider or ""), _words(course.name)),
        stated=course.credits,
        award=found.award,
        worth=found.worth,
    )


def _held(
    field: str, held: HeldCredential, credential: Credential | None, terms: Terms
) -> Incoming:
    found = credential_yield(held, credential, terms)
    return Incoming(
        field=field,
        id=held.id,
        name=credential.name if credential else held.id,
        kind=found.kind,
        date=held.issued,
        own=found.own,
        same=("credential", held.id),
        stated=found.stated,
        award=found.award,
        worth=found.worth,
    )


def _words(text: str) -> str:
    return " ".join(text.casefold().split())

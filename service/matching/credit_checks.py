"""What keeps a course or a credential from counting: each check names the rule that refuses."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from service.domain.credit import CreditLevel, TransferValueProfile
from service.domain.credit_policy import CreditPolicy
from service.domain.learner import Course, HeldCredential
from service.domain.quantities import CreditValue
from service.domain.skill import EvidenceClass
from service.matching.credit_terms import NamedProfile, Terms, rate_of, years_before


class Refusal(NamedTuple):
    """The rule that refuses, if it is one, and why, as a phrase for people."""

    rule: str | None
    reason: str


Check = Callable[[], Refusal | None]


def first(checks: Sequence[Check]) -> Refusal | None:
    """Return the first refusal of the checks, made in their order."""
    return next((found for check in checks if (found := check())), None)


def course_refusal(course: Course, terms: Terms, *, own: bool) -> Refusal | None:
    """Return why a course that states credits does not count, if it does not."""
    value = course.credits
    if value is None:
        return Refusal(terms.rule("courses"), "it states no credits")
    return first(
        (
            lambda: None if own else _provider(course, terms),
            lambda: level_refusal(course.level, terms),
            lambda: _course_grade(course, terms),
            lambda: age_refusal(course.date, terms),
            lambda: unit_refusal(value, terms),
        )
    )


def holding_refusal(
    held: HeldCredential, accepts: Sequence[EvidenceClass], *, rule: str, terms: Terms
) -> Refusal | None:
    """Return why a credential that is held is not good enough by itself, if it is not."""
    return first(
        (
            lambda: lapsed(held, rule, terms.today),
            lambda: _evidence(held, accepts, rule),
            lambda: age_refusal(held.issued, terms),
        )
    )


def profile_refusal(found: NamedProfile, held: HeldCredential, terms: Terms) -> Refusal | None:
    """Return why a profile grants nothing for a credential that is held, if it does not."""
    rule, profile = found
    return first(
        (
            lambda: holding_refusal(held, profile.accepts, rule=rule, terms=terms),
            lambda: window_refusal(profile, held.issued, rule),
            lambda: grade_refusal(held.grade, profile.min_grade, policy=terms.policy, rule=rule),
            lambda: _score(profile, held, rule),
            lambda: level_refusal(profile.level, terms),
            lambda: unit_refusal(profile.value, terms),
        )
    )


def lapsed(held: HeldCredential, rule: str | None, today: date) -> Refusal | None:
    """Return the refusal of a credential that has expired."""
    if held.expires is not None and held.expires < today:
        return Refusal(rule, f"expired on {held.expires.isoformat()}")
    return None


def window_refusal(profile: TransferValueProfile, issued: date | None, rule: str) -> Refusal | None:
    """Return the refusal of a credential that was not awarded while the profile is good."""
    if profile.starts is None and profile.ends is None:
        return None
    window = f"{profile.starts or 'any day'} to {profile.ends or 'any day'}"
    if issued is None:
        return Refusal(rule, f"when it was awarded is unknown; the rule is for {window}")
    if (profile.starts or issued) <= issued <= (profile.ends or issued):
        return None
    return Refusal(rule, f"awarded on {issued.isoformat()}; the rule is for {window}")


def grade_refusal(
    grade: str | None, lowest: str | None, *, policy: CreditPolicy, rule: str
) -> Refusal | None:
    """Return the refusal of a grade that is lower than the lowest, unknown or not on the scale."""
    if lowest is None or grade in policy.passing:
        return None
    if grade is None:
        return Refusal(rule, f"its grade is unknown; {lowest} or better is asked for")
    scale = policy.grades
    if grade not in scale or lowest not in scale:
        missing = lowest if grade in scale else grade
        return Refusal(rule, f"{missing!r} is not on the policy's scale of grades")
    if scale.index(grade) <= scale.index(lowest):
        return None
    return Refusal(rule, f"its grade is {grade}; {lowest} or better is asked for")


def level_refusal(level: CreditLevel | None, terms: Terms) -> Refusal | None:
    """Return the refusal of a level that the degree does not take."""
    taken = terms.degree.levels
    has = terms.level_of(level)
    if not taken or has in taken or has.broad in taken:
        return None
    wanted = " or ".join(taken)
    return Refusal(terms.degree_rule("levels"), f"its level is {has}; {wanted} is asked for")


def age_refusal(earned: date | None, terms: Terms) -> Refusal | None:
    """Return the refusal of learning that is too old, or of unknown age where that matters."""
    years = terms.policy.validity_years
    if years is None:
        return None
    rule = terms.rule("validity")
    if earned is None:
        return Refusal(rule, f"its date is unknown; credit is good for {years} years")
    if earned >= years_before(terms.today, years):
        return None
    return Refusal(rule, f"from {earned.isoformat()}; credit is good for {years} years")


def unit_refusal(value: CreditValue, terms: Terms) -> Refusal | None:
    """Return the refusal of credit in a unit for which the policy has no rate."""
    if rate_of(terms.policy, value.units) is not None:
        return None
    reason = f"the policy has no rate from {value.units} to {terms.policy.units}"
    return Refusal(terms.rule("conversions"), reason)


def min_grade_of(level: CreditLevel, policy: CreditPolicy) -> str | None:
    """Return the lowest grade for a level: its own, else that of undergraduates or graduates."""
    by_level = {each.level: each.grade for each in policy.min_grades}
    return by_level.get(level) or by_level.get(level.broad)


def _course_grade(course: Course, terms: Terms) -> Refusal | None:
    lowest = min_grade_of(terms.level_of(course.level), terms.policy)
    rule = terms.rule("min-grade")
    return grade_refusal(course.grade, lowest, policy=terms.policy, rule=rule)


def _provider(course: Course, terms: Terms) -> Refusal | None:
    taken = terms.policy.course_providers
    if not taken or any(each.is_same(course.provider) for each in taken):
        return None
    taught = f"taught by {course.provider!r}" if course.provider else "who taught it is unknown"
    return Refusal(
        terms.rule("course-providers"), f"{taught}; the policy lists whose courses count"
    )


def _evidence(held: HeldCredential, accepts: Sequence[EvidenceClass], rule: str) -> Refusal | None:
    if held.evidence in accepts:
        return None
    has = held.evidence or "unknown"
    return Refusal(rule, f"not {' or '.join(accepts)}: its evidence is {has}")


def _score(profile: TransferValueProfile, held: HeldCredential, rule: str) -> Refusal | None:
    lowest = profile.min_score
    if lowest is None or (held.score is not None and held.score >= lowest):
        return None
    has = "unknown" if held.score is None else f"{held.score:g}"
    return Refusal(rule, f"its score is {has}; {lowest:g} or more is asked for")

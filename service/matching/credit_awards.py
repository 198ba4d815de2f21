"""What one credential yields under a policy and its agreements, before caps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from service.domain.credential import Credential
from service.domain.credit import CreditKind, Program, TransferAgreement
from service.domain.credit_answer import CreditAward, CreditStatus
from service.domain.credit_policy import CreditPolicy
from service.domain.ids import CredentialId
from service.domain.learner import HeldCredential
from service.domain.quantities import CreditUnit, CreditValue
from service.matching.credit_checks import (
    Refusal,
    first,
    holding_refusal,
    lapsed,
    level_refusal,
    profile_refusal,
    unit_refusal,
    window_refusal,
)
from service.matching.credit_terms import NamedProfile, Terms, in_policy_units, rate_of

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """What a credential yields, and as what."""

    award: CreditAward
    kind: CreditKind = CreditKind.CREDENTIAL
    own: bool = False
    stated: CreditValue | None = None
    worth: Fraction = NOTHING


def credit_yield(
    credential: Credential,
    policy: CreditPolicy,
    agreements: Sequence[TransferAgreement],
    *,
    program: Program,
    today: date,
) -> CreditAward:
    """Return what a credential would yield if it were earned today and verified.

    As `ProgramCredit`, which is faster for many credentials.

    Raises:
        InvalidQuestion: if the policy says nothing of the program's degree.
    """
    terms = Terms.of(policy, program, agreements, today=today)
    return ProgramCredit(terms).credit_yield(credential)


class ProgramCredit:
    """What credentials would yield toward one program, were they earned today and verified."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def credit_yield(self, credential: Credential) -> CreditAward:
        """Return what a credential would yield.

        The grade or score that a rule asks for is taken as reached; caps are not applied, since
        they depend on what else the learner brings.
        """
        terms = self._terms
        found = [
            _by_profile(named, terms, _earned_today(named, terms))
            for named in terms.on(credential.id)
            if named.profile.is_granted
        ]
        found = found or _own_or_training(credential, terms, None)
        return _best(found, credential.id, credential, terms).award


def credential_yield(held: HeldCredential, credential: Credential | None, terms: Terms) -> Yield:
    """Return what a credential that a learner holds yields; ``credential`` if it is known.

    A profile of an agreement goes before the institution's own credit, that before hours of
    training, and any of them before a recommendation, of which nothing counts.
    """
    found = [
        _by_profile(named, terms, profile_refusal(named, held, terms))
        for named in terms.on(held.id)
        if named.profile.is_granted
    ]
    found = found or _own_or_training(credential, terms, held)
    gone = lapsed(held, None, terms.today)
    if not found and gone:
        return Yield(award=_refusal_award(gone, terms.policy.units))
    return _best(found, held.id, credential, terms, issued=held.issued)


def _best(
    found: Sequence[Yield],
    credential_id: CredentialId,
    credential: Credential | None,
    terms: Terms,
    *,
    issued: date | None = None,
) -> Yield:
    sure = [each for each in found if each.award.status is CreditStatus.GRANTED_BY_RULE]
    if sure:
        return max(sure, key=lambda each: each.worth)
    if found:
        return found[0]
    return Yield(award=_recommended(credential_id, credential, terms, issued or terms.today))


def _by_profile(named: NamedProfile, terms: Terms, refusal: Refusal | None) -> Yield:
    profile = named.profile
    return granted(profile.value, profile.kind, named.rule, terms, refusal=refusal)


def granted(
    value: CreditValue,
    kind: CreditKind,
    rule: str,
    terms: Terms,
    *,
    refusal: Refusal | None,
    own: bool = False,
) -> Yield:
    """Return what a rule grants: the value in the policy's unit, or why it grants nothing."""
    worth = in_policy_units(terms.policy, value)
    if refusal is not None or worth is None:
        told = refusal or unit_refusal(value, terms) or Refusal(rule, "")
        return Yield(
            award=_refusal_award(told, terms.policy.units), kind=kind, own=own, stated=value
        )
    award = CreditAward(
        units=terms.policy.units,
        value=float(worth),
        rule=rule,
        status=CreditStatus.GRANTED_BY_RULE,
        reason=_granted_words(value, worth, rule, terms),
    )
    return Yield(award=award, kind=kind, own=own, stated=value, worth=worth)


def _granted_words(value: CreditValue, worth: Fraction, rule: str, terms: Terms) -> str:
    program = terms.program.name or f"the {terms.program.degree}"
    converted = "" if value.units is terms.policy.units else f" for {said(value)}"
    return f"{float(worth):g} {terms.policy.units}{converted} toward {program} by {rule}"


def said(value: CreditValue) -> str:
    """Return a value as people read it: ``3 SemesterHour``."""
    return f"{value.value:g} {value.units}"


def _refusal_award(refusal: Refusal, units: CreditUnit) -> CreditAward:
    return CreditAward(
        units=units,
        value=0.0,
        rule=refusal.rule,
        status=CreditStatus.NONE,
        reason=refusal.reason,
    )


def _own_or_training(
    credential: Credential | None, terms: Terms, held: HeldCredential | None
) -> list[Yield]:
    """Return what the institution's own rules say, if they do; with no ``held``, of a new one."""
    if credential is None:
        return []
    policy = terms.policy
    provider = credential.provider
    if policy.institution.is_same(provider.name, provider.id) and credential.credit:
        rule, kind, value, own = (
            "own-credit",
            CreditKind.CREDENTIAL,
            _countable(credential, policy),
            True,
        )
    elif policy.counts_training and credential.duration.effort_hours:
        hours = CreditValue(units=CreditUnit.CLOCK_HOUR, value=credential.duration.effort_hours)
        rule, kind, value, own = "training", CreditKind.EXPERIENTIAL, hours, False
    else:
        return []
    named = terms.rule(rule)
    refusal = holding_refusal(held, policy.accepts, rule=named, terms=terms) if held else None
    refusal = refusal or level_refusal(None, terms) or unit_refusal(value, terms)
    return [granted(value, kind, named, terms, refusal=refusal, own=own)]


def _countable(credential: Credential, policy: CreditPolicy) -> CreditValue:
    """Return the credit in the policy's unit, else the first that has a rate, else the first."""
    stated = credential.credit
    same = (each for each in stated if each.units is policy.units)
    rated = (each for each in stated if rate_of(policy, each.units) is not None)
    return next(same, None) or next(rated, None) or stated[0]


def _recommended(
    credential_id: CredentialId, credential: Credential | None, terms: Terms, day: date
) -> CreditAward:
    for rule, profile in terms.on(credential_id):
        if not profile.is_granted and window_refusal(profile, day, rule) is None:
            return _recommendation(profile.value, rule, f"by {profile.recommended_by}")
    if credential is None or not (credential.credit or credential.credit_recommendations):
        return _refusal_award(
            Refusal(None, "no rule or agreement speaks of it"), terms.policy.units
        )
    if credential.credit:
        value = _countable(credential, terms.policy)
        return _recommendation(value, None, f"{credential.provider.name} states {said(value)}")
    nothing = CreditValue(units=terms.policy.units, value=0.0)
    return _recommendation(nothing, None, "; ".join(credential.credit_recommendations))


def _recommendation(value: CreditValue, rule: str | None, words: str) -> CreditAward:
    return CreditAward(
        units=value.units,
        value=value.value,
        rule=rule,
        status=CreditStatus.RECOMMENDED,
        reason=f"recommended, not guaranteed: {words}",
    )


def _earned_today(named: NamedProfile, terms: Terms) -> Refusal | None:
    rule, profile = named
    return first(
        (
            lambda: window_refusal(profile, terms.today, rule),
            lambda: level_refusal(profile.level, terms),
            lambda: unit_refusal(profile.value, terms),
        )
    )

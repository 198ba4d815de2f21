"""The terms on which credit is counted: a policy, a degree, agreements, and a day."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from service.domain.credit import (
    CreditLevel,
    Program,
    TransferAgreement,
    TransferValueProfile,
    same_words,
)
from service.domain.credit_policy import CreditPolicy, DegreeRule
from service.domain.ids import CredentialId
from service.domain.quantities import CreditUnit, CreditValue
from service.errors import InvalidQuestion

_UNSAFE = re.compile(r"[^a-z0-9]+")
_LEAP_DAY = (2, 29)


class NamedProfile(NamedTuple):
    """A profile with the id that answers give it: ``<agreement>:<profile>``."""

    rule: str
    profile: TransferValueProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms credit is counted.

    Attributes:
        degree: the policy's rule on the program.
        profiles: those that are in force for the program, by credential, then by rule id.
        today: by which credentials have lapsed and agreements are in force.
    """

    policy: CreditPolicy
    program: Program
    degree: DegreeRule
    profiles: Mapping[CredentialId, Sequence[NamedProfile]]
    today: date

    @classmethod
    def of(
        cls,
        policy: CreditPolicy,
        program: Program,
        agreements: Sequence[TransferAgreement],
        *,
        today: date,
    ) -> "Terms":
        """Return the terms for a program; agreements that do not apply are passed over.

        Raises:
            InvalidQuestion: if the policy says nothing of the program's degree.
        """
        degree = policy.rule_for(program)
        if degree is None:
            known = ", ".join(dict.fromkeys(rule.degree for rule in policy.degrees))
            reason = (
                f"The policy {policy.id!r} has no rule on this {program.degree}; it has {known}."
            )
            raise InvalidQuestion(reason, field="program.degree")
        in_force = [each for each in agreements if each.in_force(today)]
        profiles = _profiles(policy, program, in_force)
        return cls(policy=policy, program=program, degree=degree, profiles=profiles, today=today)

    def rule(self, name: str) -> str:
        """Return the id of one of the policy's own rules, such as ``<policy>:min-grade``."""
        return f"{self.policy.id}:{name}"

    def degree_rule(self, name: str) -> str:
        """Return the id of one of the degree's rules: ``<policy>:<degree>:<name>``."""
        return ":".join((self.policy.id, *_degree_words(self.degree), name))

    def level_of(self, level: CreditLevel | None) -> CreditLevel:
        """Return a level as stated, else that of the degree."""
        return level or self.degree.level

    def on(self, credential: CredentialId) -> Sequence[NamedProfile]:
        """Return the profiles on a credential, by rule id."""
        return self.profiles.get(credential, ())


def _profiles(
    policy: CreditPolicy, program: Program, agreements: Sequence[TransferAgreement]
) -> dict[CredentialId, list[NamedProfile]]:
    found: dict[CredentialId, list[NamedProfile]] = defaultdict(list)
    for agreement in agreements:
        binds = _binds(agreement, policy, program)
        for profile in agreement.profiles:
            if binds or not profile.is_granted:
                named = NamedProfile(f"{agreement.id}:{profile.id}", profile)
                found[profile.credential].append(named)
    return {each: sorted(found[each], key=lambda named: named.rule) for each in found}


def _binds(agreement: TransferAgreement, policy: CreditPolicy, program: Program) -> bool:
    receiving = agreement.receiving
    here = receiving is not None and policy.institution.is_same(receiving.name, receiving.id)
    wanted = agreement.program
    return here and (wanted is None or same_words(wanted, program.name or ""))


def exact(number: float) -> Fraction:
    """Return the fraction that a number's shortest decimal form stands for: 0.1 is a tenth."""
    return Fraction(repr(number))


def in_policy_units(policy: CreditPolicy, value: CreditValue) -> Fraction | None:
    """Return a value in the policy's unit; none if the policy has no rate for its unit."""
    rate = rate_of(policy, value.units)
    return None if rate is None else exact(value.value) / rate


def in_units(policy: CreditPolicy, amount: Fraction, units: CreditUnit) -> Fraction | None:
    """Return an amount of the policy's unit in another one; none if the policy has no rate."""
    rate = rate_of(policy, units)
    return None if rate is None else amount * rate


def rate_of(policy: CreditPolicy, units: CreditUnit) -> Fraction | None:
    """Return how many of a unit equal one of the policy's, if the policy says so."""
    if units is policy.units:
        return Fraction(1)
    stated = (exact(each.per_unit) for each in policy.conversions if each.units is units)
    return next(stated, None)


def years_before(today: date, years: int) -> date:
    """Return the same day so many years before; of a leap day the day before it."""
    if (today.month, today.day) == _LEAP_DAY:
        today = today.replace(day=28)
    return today.replace(year=max(date.min.year, today.year - years))


def _degree_words(rule: DegreeRule) -> Iterator[str]:
    yield rule.degree
    if rule.program is not None:
        yield _UNSAFE.sub("-", rule.program.casefold()).strip("-")

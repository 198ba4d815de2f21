"""Residency: how much has still to be earned at the institution itself."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from service.domain.credit_policy import LastCredits, Residency
from service.matching.credit_terms import exact


class Counted(NamedTuple):
    """Credit that counts, oldest first in a sequence; ``own`` if from the institution itself."""

    amount: Fraction
    own: bool


def remaining(rule: Residency, counted: Sequence[Counted], *, required: Fraction) -> Fraction:
    """Return how much has to be earned at the institution, at the least, for the rule to hold.

    Args:
        rule: how much in all, and of the last credits before the degree.
        counted: what counts, oldest first.
        required: what the degree takes in all.
    """
    have = sum((each.amount for each in counted), Fraction(0))
    own = sum((each.amount for each in counted if each.own), Fraction(0))
    needs = [exact(rule.credits) - own]
    if rule.in_last is not None:
        left = max(Fraction(0), required - have)
        needs.append(_in_last(rule.in_last, counted, left))
    return max(Fraction(0), *needs)


def _in_last(last: LastCredits, counted: Sequence[Counted], left: Fraction) -> Fraction:
    """Return what the last credits need: at most ``of - credits`` of them are from elsewhere.

    The last credits before the degree are what is left to it and, if that is less than ``of``,
    the newest of those that count. If too many of these are from elsewhere, more has to be
    earned than is left, until they are no longer among the last.
    """
    window = exact(last.of)
    reach = max(Fraction(0), window - left)
    elsewhere = window - exact(last.credits)
    back = newest_own = Fraction(0)
    for each in reversed(counted):
        amount = min(each.amount, reach - back)
        taken = amount if each.own else min(amount, elsewhere)
        back += taken
        if each.own:
            newest_own += taken
        else:
            elsewhere -= taken
        if taken < amount:
            return window - back
    return exact(last.credits) - newest_own

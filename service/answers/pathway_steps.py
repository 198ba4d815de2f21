"""The steps of a pathway: what each adds, when, for how much, and by which words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from service.answers.pathway_problem import Numbered
from service.domain.credential import Credential
from service.domain.ids import CredentialId, SkillId
from service.domain.pathway import GreedyPathway, PathwayStep, PathwayTotals
from service.domain.quantities import CreditUnit, CreditValue, Money
from service.matching.explanation import by_position, each_once, reason_from_link
from service.matching.gaps import MeasuredGap, bridges
from service.matching.plan_order import Placed, place
from service.matching.plan_problem import EQUAL
from service.matching.planning import Plan

_DIGITS = 4
_WEEK_DIGITS = 2


def steps_of(
    placed: Sequence[Placed], numbered: Numbered, gap: MeasuredGap, *, today: date
) -> tuple[PathwayStep, ...]:
    """Return the steps of a pathway, with reasons."""
    steps: list[PathwayStep] = []
    for each in placed:
        before = tuple(step.id for step in steps)
        steps.append(_step(each, numbered, gap, before=before, today=today))
    return tuple(steps)


def _step(
    placed: Placed,
    numbered: Numbered,
    gap: MeasuredGap,
    *,
    before: tuple[CredentialId, ...],
    today: date,
) -> PathwayStep:
    member = numbered.members[placed.number]
    credential = member.credential
    credit = numbered.credits[placed.number]
    awarded = member.needed is not None
    adds = (placed.adds * gap.need > EQUAL).astype(np.bool_)
    worth = placed.adds * numbered.problem.need
    added = sorted(np.flatnonzero(adds).tolist(), key=lambda at: (-worth[at], gap.asked.skills[at]))
    reasons = by_position(member.stored.links, (int(credit.by[at]) for at in added))
    asked = {*credential.prerequisites.credentials, *(member.parts if awarded else ())}
    return PathwayStep(
        position=len(before) + 1,
        id=credential.id,
        name=credential.name,
        provider=credential.provider,
        kind=credential.kind,
        awarded=awarded,
        added=tuple(gap.asked.skills[at] for at in added),
        gain=round(float(worth.sum()), _DIGITS),
        coverage=coverage_with(gap, float(placed.met @ numbered.problem.need)),
        starts=_known(placed.starts),
        ends=_known(placed.ends),
        hours=member.time.hours,
        cost=None if awarded else credential.cost,
        credit=credential.credit,
        needs=tuple(each for each in before if each in asked),
        bridges=bridges([link.skill for link in member.stored.links], gap.asked, credit, adds),
        evidence=each_once(
            reason_from_link(f"credential:{credential.id}", link) for link in reasons
        ),
        caveats=tuple(_caveats(credential, awarded=awarded, today=today)),
    )


def totals_of(steps: Sequence[PathwayStep], gap: MeasuredGap, gain: float) -> PathwayTotals:
    """Return what the steps take and give together; ``gain`` is their share of the gap."""
    studied = [each for each in steps if not each.awarded]
    hours = [each.hours for each in studied]
    return PathwayTotals(
        cost=costs_of(each.cost for each in studied),
        cost_unknown=tuple(each.id for each in studied if each.cost is None),
        weeks=steps[-1].ends if steps else 0.0,
        hours=None if None in hours else round(sum(filter(None, hours)), _WEEK_DIGITS),
        credit=_credits_of(studied),
        coverage_before=gap.gap.coverage,
        coverage_after=steps[-1].coverage if steps else gap.gap.coverage,
        gain=round(gain, _DIGITS),
    )


def coverage_with(gap: MeasuredGap, gain: float) -> float:
    """Return the share of the goal that is covered with a gain, a share of the gap; in [0, 1]."""
    total = float(gap.asked.weights.sum())
    share = gain * float(gap.need.sum()) / total if total else 0.0
    return round(min(gap.gap.coverage + share, 1.0), _DIGITS)


def left_open(placed: Sequence[Placed], gap: MeasuredGap) -> tuple[SkillId, ...]:
    """Return the open requirements that no step teaches, heaviest first."""
    met = placed[-1].met if placed else np.zeros(len(gap.need))
    still = np.flatnonzero((gap.need > 0) & (met <= 0)).tolist()
    ordered = sorted(still, key=lambda at: (-gap.need[at], gap.asked.skills[at]))
    return tuple(gap.asked.skills[at] for at in ordered)


def costs_of(costs: Iterable[Money | None]) -> tuple[Money, ...]:
    """Return the sum of those that are known, in each currency, by its code."""
    sums: defaultdict[str, float] = defaultdict(float)
    for cost in costs:
        if cost is not None:
            sums[cost.currency] += cost.amount
    return tuple(
        Money(amount=round(sums[currency], _WEEK_DIGITS), currency=currency)
        for currency in sorted(sums)
    )


def greedy_of(made: Plan, numbered: Numbered, gap: MeasuredGap) -> GreedyPathway:
    """Return what always taking what adds most comes to."""
    placed = place(numbered.problem, made.greedy, numbered.hours)
    members = [numbered.members[each.number] for each in placed]
    gain = numbered.problem.gain(made.greedy)
    return GreedyPathway(
        steps=tuple(each.credential.id for each in members),
        coverage=coverage_with(gap, gain),
        gain=round(gain, _DIGITS),
        cost=costs_of(each.credential.cost for each in members if each.needed is None),
        weeks=_known(placed[-1].ends if placed else 0.0),
    )


def _credits_of(studied: Sequence[PathwayStep]) -> tuple[CreditValue, ...]:
    sums: defaultdict[CreditUnit, float] = defaultdict(float)
    for credit in (credit for each in studied for credit in each.credit):
        sums[credit.units] += credit.value
    return tuple(
        CreditValue(units=unit, value=round(sums[unit], _WEEK_DIGITS)) for unit in sorted(sums)
    )


def _caveats(credential: Credential, *, awarded: bool, today: date) -> Iterable[str]:
    if awarded:
        yield "earned by its parts; its own cost and duration are not counted on top"
    needed = [skill.name or str(skill.id) for skill in credential.prerequisites.skills]
    if needed:
        yield f"prerequisite skills: {', '.join(needed)}"
    if credential.prerequisites.text:
        yield f"prerequisite: {credential.prerequisites.text}"
    if credential.status is None:
        yield "status not stated; counted as Active"
    if credential.expires and credential.expires < today:
        yield f"expired on {credential.expires.isoformat()}"


def _known(weeks: float) -> float | None:
    return None if np.isnan(weeks) else round(float(weeks), _WEEK_DIGITS)

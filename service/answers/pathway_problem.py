"""From a pool of credentials to the planning problem that stands for it."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from service.answers.pathway_pool import Member, Pool, earnable
from service.domain.credential import Credential
from service.domain.ids import CredentialId
from service.domain.pathway import PathwayLimits
from service.domain.quantities import CreditUnit
from service.matching.gaps import MeasuredGap
from service.matching.integer_program import Numbers
from service.matching.plan_problem import PartsNeeded, PlanProblem, Target
from service.matching.scoring import TAUGHT_AT, Credit, credit_of
from service.matching.teaching import teaching_strengths


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Numbered:
    """A planning problem, and the members that its numbers stand for.

    Attributes:
        credits: how far each member meets each requirement, and by which of its skills.
        hours: float64 ``(n,)``; NaN for unknown.
    """

    problem: PlanProblem
    members: tuple[Member, ...]
    credits: tuple[Credit, ...]
    hours: Numbers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wanted:
    """The credential that is the goal, what counts towards it, and what of that is held.

    Attributes:
        counted: the unit in which parts count; ``None`` where each part counts as one.
        held: the parts, as the store has them, that the learner holds.
    """

    credential: Credential
    parts: tuple[CredentialId, ...]
    counted: CreditUnit | None
    held: tuple[Credential, ...]


def number(
    pool: Pool,
    gap: MeasuredGap,
    *,
    limits: PathwayLimits,
    wanted: Wanted | None,
) -> Numbered:
    """Return the planning problem of what in the pool can be earned."""
    ids = tuple(sorted(earnable(pool)))
    members = tuple(pool.members[each] for each in ids)
    credit = tuple(credit_for(each, gap) for each in members)
    places = {each: place for place, each in enumerate(ids)}
    taught = [np.where(each.best >= TAUGHT_AT, each.best, 0.0) for each in credit]
    total = float(gap.need.sum())
    problem = PlanProblem(
        ids=ids,
        credit=np.array(taught, dtype=np.float64).reshape(len(ids), len(gap.need)),
        need=gap.need.astype(np.float64) / (total or 1.0),
        cost=_costs(members, limits),
        weeks=_figures([each.time.weeks for each in members]),
        budget=limits.budget.amount if limits.budget else None,
        max_weeks=limits.weeks,
        max_steps=limits.steps,
        prerequisites=tuple(
            _places(each.credential.prerequisites.credentials, places) for each in members
        ),
        stacks=_stacks(members, pool, places),
        target=_target(wanted, members, places) if wanted else None,
    )
    hours = _figures([each.time.hours for each in members])
    return Numbered(problem=problem, members=members, credits=credit, hours=hours)


def credit_for(member: Member, gap: MeasuredGap) -> Credit:
    """Return how far a credential meets what is asked for, by the links of its record."""
    links = member.stored.links
    has = [link.skill for link in links]
    strengths = np.array(teaching_strengths(links), dtype=np.float32)
    return credit_of(has, strengths, gap.asked)


def award_of(credential: Credential, unit: CreditUnit | None) -> float:
    """Return how much credit of a unit a credential awards; 1 where parts count as one each."""
    if unit is None:
        return 1.0
    return sum(each.value for each in credential.credit if each.units is unit)


def _figures(values: list[float | None]) -> Numbers:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _costs(members: Collection[Member], limits: PathwayLimits) -> Numbers:
    """Return costs in the budget's currency, else in the one that most ask for."""
    known = Counter(each.credential.cost.currency for each in members if each.credential.cost)
    often = min(known, key=lambda currency: (-known[currency], currency), default=None)
    currency = limits.budget.currency if limits.budget else often
    costs = [each.credential.cost for each in members]
    return _figures([cost.amount if cost and cost.currency == currency else None for cost in costs])


def _places(ids: Collection[CredentialId], places: Mapping[CredentialId, int]) -> tuple[int, ...]:
    # What is held has no place; what can neither be held nor earned keeps its dependents out.
    return tuple(sorted(places[each] for each in set(ids) if each in places))


def _stacks(
    members: Collection[Member], pool: Pool, places: Mapping[CredentialId, int]
) -> dict[int, PartsNeeded]:
    return {
        places[each.credential.id]: PartsNeeded(
            count=max(each.needed - sum(part in pool.held for part in each.parts), 0),
            parts=_places([part for part in each.parts if not _leads_to(part, each, pool)], places),
        )
        for each in members
        if each.needed is not None
    }


def _leads_to(part: CredentialId, stack: Member, pool: Pool) -> bool:
    """Tell whether a part asks, in the end, for the stack itself, which it then cannot earn."""
    seen: set[CredentialId] = set()
    following = [part]
    while following:
        each = following.pop()
        if each == stack.credential.id:
            return True
        member = pool.members.get(each)
        if member is not None and each not in seen:
            seen.add(each)
            following += member.credential.prerequisites.credentials
            following += member.parts if member.needed is not None else ()
    return False


def _target(
    wanted: Wanted, members: Collection[Member], places: Mapping[CredentialId, int]
) -> Target:
    own, unit, parts = wanted.credential, wanted.counted, set(wanted.parts)
    # By credit a part within a larger part counts with it; by number each part counts.
    nested = {part.id for part in wanted.held} if unit else set()
    amounts = [
        award_of(each.credential, unit)
        if each.credential.id in parts and not nested & set(each.credential.part_of)
        else 0.0
        for each in members
    ]
    inside = [
        (places[each.credential.id], places[whole])
        for each in members
        for whole in each.credential.part_of
        if unit and each.credential.id in parts and whole in parts and whole in places
    ]
    return Target(
        asked_first=_places(own.prerequisites.credentials, places),
        amounts=np.array(amounts, dtype=np.float64),
        most=max(in_all(wanted) - held_amount(wanted), 0.0),
        inside=tuple(inside),
    )


def in_all(wanted: Wanted) -> float:
    """Return how much leads all the way: the credit of the whole, or the number of its parts."""
    if wanted.counted is not None:
        return award_of(wanted.credential, wanted.counted)
    return float(wanted.credential.requires_parts or len(wanted.parts))


def held_amount(wanted: Wanted) -> float:
    """Return how much of that the parts that are held give."""
    return amount_of(wanted.held, wanted.counted)


def amount_of(parts: Collection[Credential], unit: CreditUnit | None) -> float:
    """Return what parts give together; by credit, one within a larger one counts with it."""
    ids = {each.id for each in parts} if unit else set()
    return sum(award_of(each, unit) for each in parts if not ids & set(each.part_of))

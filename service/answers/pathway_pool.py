"""The pool of a pathway: what may be part of it, with what that asks for, as the store has it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from service.answers.reading import Reader
from service.domain.condition import Condition, ConditionField, Truth, judge
from service.domain.credential import Credential
from service.domain.ids import CredentialId
from service.domain.pathway import PathwayLimits
from service.domain.record import Kind, StoredRecord
from service.matching.plan_problem import EQUAL
from service.matching.study_time import StudyTime, exceeds, study_time, unknown_times

NUMERIC = frozenset({ConditionField.COST, ConditionField.WEEKS, ConditionField.EFFORT_HOURS})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Member:
    """A credential of the pool.

    Attributes:
        parts: the credentials that count towards it.
        needed: how many of these earn it; ``None`` where it takes more than its parts.
        missing: fields without which it cannot be told whether it keeps to the limits.
        beyond: why it cannot be part of the pathway, if it is beyond a limit.
    """

    stored: StoredRecord
    credential: Credential
    time: StudyTime
    parts: tuple[CredentialId, ...]
    needed: int | None
    missing: tuple[str, ...] = ()
    beyond: str | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it is known to keep to the limits."""
        return not self.missing and self.beyond is None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """All that was looked at.

    Attributes:
        members: by id; none of them is held.
        held: the credentials that the learner holds.
    """

    members: Mapping[CredentialId, Member]
    held: frozenset[CredentialId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What each member must be, and what all of them together may take."""

    conditions: tuple[Condition, ...]
    limits: PathwayLimits
    held: frozenset[CredentialId] = field(default_factory=frozenset)


def gather(seeds: Iterable[CredentialId], rules: Rules, reader: Reader) -> Pool:
    """Return the seeds with what they ask for, the stacks they lead to, and these one's parts."""
    view = reader.opened.view.credentials
    members: dict[CredentialId, Member] = {}
    wanted = {each for each in seeds if each not in rules.held}
    _add(members, wanted, rules, reader)
    towards = wholes_of((each.credential for each in members.values()), rules.held, reader)
    wanted = _asked_by(members.values())
    wanted |= {each.id for each in towards if each.requires_parts is not None}
    while wanted := {
        each for each in wanted - members.keys() - rules.held if view.name_of(each) is not None
    }:
        _add(members, wanted, rules, reader)
        wanted = _asked_by(members.values())
    return Pool(members=members, held=rules.held)


def _asked_by(members: Iterable[Member]) -> set[CredentialId]:
    """Return the prerequisites of all, and the parts of stacks."""
    return {
        asked
        for each in members
        for asked in (
            *each.credential.prerequisites.credentials,
            *(each.parts if each.needed is not None else ()),
        )
    }


def _add(
    members: dict[CredentialId, Member],
    wanted: Collection[CredentialId],
    rules: Rules,
    reader: Reader,
) -> None:
    found = reader.many(Kind.CREDENTIAL, sorted(wanted))
    for stored in found.values():
        if isinstance(stored.record, Credential):
            parts = reader.opened.view.credentials.parts_of(stored.record.id)
            member = _judged(stored, stored.record, parts, rules)
            members[stored.record.id] = member


def wholes_of(
    credentials: Iterable[Credential], held: frozenset[CredentialId], reader: Reader
) -> list[Credential]:
    """Return what credentials, and those that are held, count towards; by ascending id."""
    kept = reader.many(Kind.CREDENTIAL, sorted(held)).values()
    parts = [*credentials, *(each.record for each in kept if isinstance(each.record, Credential))]
    ids = {whole for part in parts for whole in part.part_of} - held
    found = reader.many(Kind.CREDENTIAL, sorted(ids))
    records = (found[each].record for each in sorted(found))
    return [each for each in records if isinstance(each, Credential)]


def _judged(
    stored: StoredRecord, credential: Credential, parts: tuple[CredentialId, ...], rules: Rules
) -> Member:
    is_stack = credential.requires_parts is not None
    # A stack is had for its parts: their cost and time count, its own say the same again.
    time = (
        StudyTime(weeks=0.0, hours=0.0, hours_per_week=0.0)
        if is_stack
        else study_time(credential, rules.limits)
    )
    missing = []
    broken = []
    for condition in rules.conditions:
        if is_stack and condition.field in NUMERIC:
            continue
        truth = judge(condition, credential)
        if truth is Truth.UNKNOWN:
            missing.append(condition.field.value)
        elif truth is Truth.VIOLATED:
            broken.append(condition.field.value)
    if not is_stack:
        missing += _unknown(credential, time, rules.limits)
        broken += _beyond(credential, time, rules.limits)
    return Member(
        stored=stored,
        credential=credential,
        time=time,
        parts=parts,
        needed=credential.requires_parts,
        missing=tuple(dict.fromkeys(missing)),
        beyond=f"its {' and '.join(dict.fromkeys(broken))} is beyond the limits"
        if broken
        else None,
    )


def _unknown(credential: Credential, time: StudyTime, limits: PathwayLimits) -> Iterable[str]:
    cost = credential.cost
    budget = limits.budget
    if budget is not None and (cost is None or cost.currency != budget.currency):
        yield ConditionField.COST.value
    yield from unknown_times(time, limits)


def _beyond(credential: Credential, time: StudyTime, limits: PathwayLimits) -> Iterable[str]:
    cost, budget = credential.cost, limits.budget
    known = cost is not None and budget is not None and cost.currency == budget.currency
    if known and cost is not None and budget is not None and cost.amount > budget.amount + EQUAL:
        yield ConditionField.COST.value
    if exceeds(time, limits):
        yield "duration"


def earnable(pool: Pool) -> frozenset[CredentialId]:
    """Return the usable members whose prerequisites and parts can be had, too; circles cannot."""
    found: set[CredentialId] = set()
    usable = {id_: each for id_, each in pool.members.items() if each.is_usable}
    growing = True
    while growing:
        new = {
            id_
            for id_, each in usable.items()
            if id_ not in found and not still_missing(each, found | pool.held)
        }
        found |= new
        growing = bool(new)
    return frozenset(found)


def still_missing(member: Member, had: Collection[CredentialId]) -> tuple[CredentialId, ...]:
    """Return the prerequisites, or the parts of a stack, that are not had and would be needed."""
    before = tuple(each for each in member.credential.prerequisites.credentials if each not in had)
    if member.needed is None:
        return before
    lacking = tuple(each for each in member.parts if each not in had)
    enough = len(member.parts) - len(lacking) >= member.needed
    # With too few parts in the catalog none is named; the stack itself is.
    return before if enough else (*before, *(lacking or (member.credential.id,)))

"""Pathways: which credentials, in which order, lead from a profile to a goal within limits."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from service.answers.desk import Desk
from service.answers.limits import UNKNOWN_SHOWN, held_now
from service.answers.pathway_pool import Pool, Rules, earnable, gather, still_missing
from service.answers.pathway_problem import Numbered, Wanted, number
from service.answers.pathway_question import PathwayQuestion, conditions_for, limits_for
from service.answers.pathway_stacks import on_ramp, stacks_of, wanted_of
from service.answers.pathway_steps import greedy_of, left_open, steps_of, totals_of
from service.answers.reading import Person, Reader
from service.domain.answer import GoalReading, UnknownConstraint
from service.domain.condition import cost_at_most, describe
from service.domain.ids import CredentialId, SkillId, TenantId
from service.domain.pathway import (
    OutOfReach,
    PathwayAnswer,
    PathwayStep,
    PlanMethod,
    Proof,
    Stack,
)
from service.domain.record import Kind
from service.errors import InvalidQuestion
from service.matching.by_gap import ByGap, rank_by_gap, where_to_look_for
from service.matching.gaps import MeasuredGap, measure
from service.matching.goals import Aim
from service.matching.integer_program import Solver
from service.matching.plan_order import Placed, place
from service.matching.planning import Plan, plan
from service.matching.requirements import requirements_of
from service.matching.wording import gap_words

# So many of those that add most are planned with; more would take seconds to prove.
CONSIDERED = 80
MODE_WARNING = "The goal's mode is kept, and does not change the pathway yet."


class _Asked(NamedTuple):
    """A question with what was read for it."""

    reader: Reader
    person: Person
    rules: Rules
    gap: MeasuredGap
    wanted: Wanted | None
    ranked: dict[CredentialId, ByGap]


class _Planned(NamedTuple):
    """What was planned with, and what came of it."""

    pool: Pool
    numbered: Numbered
    made: Plan
    placed: tuple[Placed, ...]


class Pathways:
    """Answers how to get there. Blocking; ``run`` hands it to a bounded executor."""

    def __init__(self, desk: Desk, solver: Solver) -> None:
        self._desk = desk
        self._solver = solver
        self.run = desk.run

    def find(self, tenant: TenantId, question: PathwayQuestion) -> PathwayAnswer:
        """Return the pathway that covers most of the weighted gap, and how good that is.

        Raises:
            NotFound: if the learner, the goal's job or the target credential is not in the store.
            GoalWithoutSkills: if nothing is known of what the goal asks for.
            InvalidQuestion: if the learner holds the target credential.
        """
        asked = self._read(tenant, question)
        planned = _plan(asked, self._solver, seconds=question.seconds)
        steps = steps_of(planned.placed, planned.numbered, asked.gap, today=self._desk.today())
        pool, made = planned.pool, planned.made
        ids = tuple(step.id for step in steps)
        stacks = stacks_of(ids, pool, asked.reader)
        greedy = greedy_of(made, planned.numbered, asked.gap)
        still_open = left_open(planned.placed, asked.gap)
        answer = PathwayAnswer(
            pathway_id=self._desk.new_id(),
            versions=self._desk.versions(tenant, asked.reader),
            steps=steps,
            totals=totals_of(steps, asked.gap, planned.numbered.problem.gain(made.chosen)),
            open=still_open,
            gap=asked.gap.gap,
            stacks=stacks,
            target=on_ramp(asked.wanted, ids, pool, asked.reader) if asked.wanted else None,
            proof=Proof(
                method=made.method,
                optimal=made.optimal,
                proven_gap=round(made.proven_gap, 4),
                considered=len(planned.numbered.members),
            ),
            greedy=greedy,
            unknown_constraints=_unknown(asked, pool),
            out_of_reach=_out_of_reach(asked, pool),
            applied=_applied(asked.rules),
            warnings=tuple(_warnings(asked, steps, made, question)),
            names=_names(asked, (*ids, *greedy.steps), stacks),
            labels=_labels(asked, steps, still_open),
        )
        return self._desk.decided(tenant, question, answer, asked.reader)

    def _read(self, tenant: TenantId, question: PathwayQuestion) -> _Asked:
        reader = self._desk.reader(tenant)
        person = reader.person(question.learner, stored=question.stored)
        held = held_now(person.learner, self._desk.today())
        wanted = wanted_of(question.target, held, reader) if question.target else None
        if wanted is not None and wanted.credential.id in held:
            raise InvalidQuestion(
                f"The learner holds {wanted.credential.id!r} already.", field="target_credential"
            )
        aim = _aim_at(wanted, reader) if wanted else reader.aim(person, question.goal)
        asked = reader.opened.goals.posed(aim.reading).asked
        gap = measure(aim.reading, person.evidence, asked)
        rules = Rules(
            conditions=conditions_for(question, person.learner),
            limits=limits_for(question, person.learner),
            held=held,
        )
        ranked = {} if wanted else _ranked(gap, aim, rules, reader)
        return _Asked(reader, person, rules, gap, wanted, ranked)


def _plan(asked: _Asked, solver: Solver, *, seconds: float) -> _Planned:
    pool = gather(_seeds(asked), asked.rules, asked.reader)
    numbered = number(
        pool,
        asked.gap,
        limits=asked.rules.limits,
        wanted=asked.wanted,
    )
    made = plan(numbered.problem, solver, seconds=seconds)
    placed = place(numbered.problem, made.chosen, numbered.hours)
    return _Planned(pool, numbered, made, placed)


def _aim_at(wanted: Wanted, reader: Reader) -> Aim:
    """Return as a goal what the target teaches, itself and through what counts towards it.

    A stack of k of n teaches what it says itself, since no single part is needed for it.
    """
    own = reader.stored(Kind.CREDENTIAL, wanted.credential.id)
    links = list(own.links)
    if wanted.credential.requires_parts is None or not links:
        parts = reader.many(Kind.CREDENTIAL, list(wanted.parts))
        links += (link for each in sorted(parts) for link in parts[each].links)
    heaviest = sorted(links, key=lambda link: (-link.weight, link.skill))
    reading = GoalReading(
        goal=None,
        described_as=wanted.credential.name,
        requirements=requirements_of(heaviest),
    )
    return Aim(reading=reading, vector=own.vector)


def _ranked(gap: MeasuredGap, aim: Aim, rules: Rules, reader: Reader) -> dict[CredentialId, ByGap]:
    budget = rules.limits.budget
    ranked = rank_by_gap(
        gap,
        where_to_look_for(gap, aim.vector, reader.opened.view.skills),
        credentials=reader.opened.view.credentials,
        conditions=(*rules.conditions, *((cost_at_most(budget),) if budget else ())),
        refused=rules.held,
        words=gap_words(gap, reader.opened.view.skills),
    )
    known = [each for each in ranked if not each.unknown][:CONSIDERED]
    unknown = [each for each in ranked if each.unknown][:CONSIDERED]
    return {each.id: each for each in (*known, *unknown)}


def _seeds(asked: _Asked) -> Iterable[CredentialId]:
    if asked.wanted is None:
        return asked.ranked
    own = asked.wanted.credential
    # A whole that is had for its parts is earned on the way; any other is what is left.
    stack = (own.id,) if own.requires_parts is not None else ()
    return (*asked.wanted.parts, *own.prerequisites.credentials, *stack)


def _score(asked: _Asked, credential: CredentialId) -> float:
    ranked = asked.ranked.get(credential)
    return ranked.score if ranked else 0.0


def _of_interest(asked: _Asked, pool: Pool) -> list[CredentialId]:
    """Return what would add to the goal by itself, or counts towards the target; best first."""
    wanted = asked.wanted
    among = {*wanted.parts, *wanted.credential.prerequisites.credentials} if wanted else set()
    ids = [each for each in pool.members if each in asked.ranked or each in among]
    return sorted(ids, key=lambda each: (-_score(asked, each), each))


def _unknown(asked: _Asked, pool: Pool) -> tuple[UnknownConstraint, ...]:
    members = [pool.members[each] for each in _of_interest(asked, pool)]
    found = [each for each in members if each.missing and each.beyond is None]
    return tuple(
        UnknownConstraint(
            id=each.credential.id,
            name=each.credential.name,
            score=_score(asked, each.credential.id),
            missing=each.missing,
        )
        for each in found[:UNKNOWN_SHOWN]
    )


def _out_of_reach(asked: _Asked, pool: Pool) -> tuple[OutOfReach, ...]:
    had = earnable(pool) | pool.held
    rows = []
    for id_ in _of_interest(asked, pool):
        member = pool.members[id_]
        reason = member.beyond
        if reason is None and member.is_usable and id_ not in had:
            lacking = [_reason(each, pool) for each in still_missing(member, had)]
            reason = f"it asks for {'; '.join(lacking)}"
        if reason is not None:
            rows.append(OutOfReach(id=id_, name=member.credential.name, reason=reason))
    return tuple(rows[:UNKNOWN_SHOWN])


def _reason(credential: CredentialId, pool: Pool) -> str:
    member = pool.members.get(credential)
    if member is None:
        return f"{credential}, which is not in the catalog"
    if member.beyond is not None:
        return f"{credential}, and {member.beyond}"
    if member.missing:
        return f"{credential}, whose {' and '.join(member.missing)} is not known"
    return f"{credential}, which cannot be earned first"


def _applied(rules: Rules) -> tuple[str, ...]:
    words = [*(describe(each) for each in rules.conditions), *rules.limits.described()]
    if rules.held:
        words.append(f"not held already ({', '.join(sorted(rules.held))})")
    words.append("one credential after another")
    return tuple(words)


def _warnings(
    asked: _Asked, steps: Sequence[PathwayStep], made: Plan, question: PathwayQuestion
) -> Iterable[str]:
    yield from asked.person.warnings
    yield from asked.gap.gap.reading.warnings
    goal = asked.gap.gap.reading.goal
    if goal is not None and goal.mode is not None:
        yield MODE_WARNING
    if made.method is PlanMethod.GREEDY:
        yield (
            f"In {question.seconds:g} seconds nothing better than the greedy pathway was found; "
            "it is the answer. Allow more seconds to prove more."
        )
    elif not made.optimal:
        yield (
            f"After {question.seconds:g} seconds it was not yet proven that this is the best; "
            "proven_gap says how much a better one could add."
        )
    elif not made.ties_broken:
        yield "Another pathway may cover as much for less; the time did not do to rule that out."
    if not asked.gap.gap.open:
        yield "The evidence covers all that the goal asks for; nothing is left to add."
    elif not steps:
        yield "No credential fits that adds to the goal. Widen the limits, or name another goal."


def _names(
    asked: _Asked, steps: Iterable[CredentialId], stacks: Iterable[Stack]
) -> dict[CredentialId, str]:
    named = {*steps}
    for stack in stacks:
        named |= {stack.id, *stack.done, *stack.planned, *stack.remaining}
    if asked.wanted is not None:
        own = asked.wanted.credential
        named |= {own.id, *asked.wanted.parts, *own.prerequisites.credentials}
    known = asked.reader.opened.view.credentials.name_of
    return {each: known(each) or each for each in sorted(named)}


def _labels(
    asked: _Asked, steps: Iterable[PathwayStep], still_open: Iterable[SkillId]
) -> dict[SkillId, str]:
    gap = asked.gap.gap
    named = {row.requirement.skill for row in (*gap.held, *gap.open)} | set(still_open)
    for step in steps:
        named |= {reason.skill for reason in step.evidence}
        named |= {bridge.from_skill for bridge in step.bridges}
    return {skill: asked.reader.label(skill) for skill in sorted(named)}

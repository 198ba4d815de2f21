"""From profile to goal: the best set of credentials, in order, within what a learner has."""

import numpy as np
import pytest

from service.answers import PathwayQuestion
from service.domain.condition import Condition, ConditionField
from service.domain.credential import (
    Credential,
    CredentialKind,
    Delivery,
    Pacing,
    Prerequisites,
    Status,
)
from service.domain.goal import Goal, GoalMode
from service.domain.ids import DEFAULT_TENANT, CredentialId
from service.domain.learner import Constraints, HeldCredential, Learner
from service.domain.pathway import PathwayAnswer, PathwayLimits, PlanMethod
from service.domain.quantities import CreditUnit, CreditValue, Duration, Money
from service.errors import InvalidQuestion, NotFound
from tests.builders.worlds import World, credential, learner, stated

GOAL = Goal(skills=stated("SQL", "weld metal", "teach children"))
WHO = learner("l-1", "use spreadsheets software", goal=GOAL)


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


def course(
    id: str, *skills: str, cost: float = 100, weeks: float = 4, **facts: object
) -> Credential:
    known = {"cost": usd(cost), "duration": Duration(weeks=weeks, hours_per_week=5), **facts}
    return credential(id, f"Course {id}", *skills, **known)


def after(*ids: str) -> Prerequisites:
    return Prerequisites(credentials=tuple(CredentialId(each) for each in ids))


def part_of(*ids: str) -> tuple[CredentialId, ...]:
    return tuple(CredentialId(each) for each in ids)


def hours(value: float) -> tuple[CreditValue, ...]:
    return (CreditValue(units=CreditUnit.SEMESTER_HOUR, value=value),)


def find(world: World, who: Learner = WHO, **facts: object) -> PathwayAnswer:
    question = PathwayQuestion(
        **{  # type: ignore[arg-type]  # each test names the facts that it is about
            "learner": who,
            "stored": False,
            "seconds": 10.0,
            **facts,
        }
    )
    return world.pathways.find(DEFAULT_TENANT, question)


def limits(**facts: object) -> PathwayLimits:
    return PathwayLimits(**facts)  # type: ignore[arg-type]  # each test names its own


def ids_of(answer: PathwayAnswer) -> list[str]:
    return [step.id for step in answer.steps]


def test_the_pathway_covers_what_the_greedy_one_cannot_afford(world: World) -> None:
    world.put(
        course("c-two", "SQL", "weld metal", cost=300),
        course("c-sql", "SQL"),
        course("c-weld", "weld metal"),
        course("c-teach", "teach children"),
    )

    answer = find(world, limits=limits(budget=usd(300)))

    assert ids_of(answer) == ["c-sql", "c-teach", "c-weld"]
    assert answer.greedy.steps == ("c-two",)
    assert (answer.totals.gain, answer.greedy.gain) == (1.0, 0.6667)
    assert answer.totals.cost == (usd(300),)
    assert (answer.proof.method, answer.proof.optimal) == (PlanMethod.EXACT, True)
    assert answer.open == ()
    assert answer.totals.coverage_before == 0.0
    assert answer.totals.coverage_after == 1.0


def test_each_step_says_what_it_adds_when_and_for_how_much(world: World) -> None:
    world.put(
        course("c-sql", "SQL", weeks=6, credit=hours(3)),
        course("c-weld", "weld metal", "SQL", cost=250, weeks=2, credit=hours(1)),
    )

    answer = find(world)

    first, second = answer.steps
    assert (first.id, first.added, first.starts, first.ends) == (
        "c-weld",
        ("s:sql", "s:weld"),
        0.0,
        2.0,
    )
    assert answer.steps == (first,) or second.added == ()
    assert [(each.skill, each.text) for each in first.evidence] == [
        ("s:sql", "SQL"),
        ("s:weld", "weld metal"),
    ]

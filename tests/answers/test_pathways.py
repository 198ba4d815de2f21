"""From profile to goal: the best set of credentials, in order, within what a learner has."""

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
        course("c-weld", "weld metal", cost=250, weeks=2, credit=hours(1)),
    )

    first, second = find(world).steps

    assert (first.id, first.added, first.starts, first.ends) == ("c-weld", ("s:weld",), 0.0, 2.0)
    assert (second.id, second.added, second.starts, second.ends) == ("c-sql", ("s:sql",), 2.0, 8.0)
    assert (first.coverage, second.coverage) == (0.3333, 0.6667)
    assert (first.hours, first.cost, first.credit) == (10.0, usd(250), hours(1))
    assert [(each.skill, each.text) for each in first.evidence] == [("s:weld", "weld metal")]


def test_totals_add_up_and_say_what_stays_open(world: World) -> None:
    world.put(
        course("c-sql", "SQL", weeks=6, credit=hours(3)),
        course("c-weld", "weld metal", cost=250, weeks=2, credit=hours(1)),
    )

    answer = find(world)

    totals = answer.totals
    assert (totals.cost, totals.weeks, totals.hours) == ((usd(350),), 8.0, 40.0)
    assert totals.credit == hours(4)
    assert (totals.coverage_after, totals.gain) == (0.6667, 0.6667)
    assert answer.open == ("s:teach",)
    assert answer.labels["s:teach"] == "teach children"  # type: ignore[index]  # ids are strings


def test_prerequisites_come_first_and_are_paid_for(world: World) -> None:
    world.put(
        course("c-a-second", "SQL", "weld metal", "teach children", prerequisites=after("c-first")),
        course("c-first", "audit financial statements", prerequisites=after("c-zero")),
        course("c-zero"),
    )

    answer = find(world)
    poor = find(world, limits=limits(budget=usd(250)))

    assert ids_of(answer) == ["c-zero", "c-first", "c-a-second"]
    assert answer.steps[2].needs == ("c-first",)
    assert answer.totals.cost == (usd(300),)
    assert poor.steps == ()
    assert "No credential fits" in poor.warnings[-1]


def test_a_prerequisite_that_is_held_is_not_taken_again(world: World) -> None:
    world.put(course("c-second", "SQL", prerequisites=after("c-first")), course("c-first"))
    holder = learner("l-1", goal=GOAL, credentials=(HeldCredential(id=CredentialId("c-first")),))

    answer = find(world, holder)

    assert ids_of(answer) == ["c-second"]
    assert "not held already (c-first)" in answer.applied


def test_what_asks_for_something_out_of_reach_is_named_with_the_reason(world: World) -> None:
    world.put(
        course("c-adrift", "SQL", prerequisites=after("c-none")),
        course("c-dear", "SQL", prerequisites=after("c-gold")),
        course("c-gold", cost=5000),
        course("c-ring-1", "SQL", prerequisites=after("c-ring-2")),
        course("c-ring-2", prerequisites=after("c-ring-1")),
    )

    answer = find(world, limits=limits(budget=usd(500)))

    assert answer.steps == ()
    assert {each.id: each.reason for each in answer.out_of_reach} == {
        "c-adrift": "it asks for c-none, which is not in the catalog",
        "c-dear": "it asks for c-gold, and its cost is beyond the limits",
        "c-ring-1": "it asks for c-ring-2, which cannot be earned first",
    }


def test_what_is_unknown_never_satisfies_a_limit_and_stands_apart(world: World) -> None:
    euros = Money(amount=10, currency="EUR")
    five_hours = Duration(weeks=4, hours_per_week=5)
    world.put(
        credential("c-euro", "Euros", "SQL", cost=euros, duration=five_hours),
        credential("c-bare", "Bare", "SQL"),
        course("c-known", "weld metal"),
    )

    bound = limits(budget=usd(500), weeks=20, hours_per_week=10)
    answer = find(world, limits=bound)

    assert ids_of(answer) == ["c-known"]
    assert {each.id: each.missing for each in answer.unknown_constraints} == {
        "c-bare": ("cost", "duration.weeks", "duration.hours_per_week"),
        "c-euro": ("cost",),
    }


def test_without_a_budget_costs_are_summed_by_currency_and_the_unknown_are_named(
    world: World,
) -> None:
    world.put(
        course("c-1", "SQL"),
        credential("c-2", "Euros", "weld metal", cost=Money(amount=10, currency="EUR")),
        credential("c-3", "Bare", "teach children"),
    )

    totals = find(world).totals

    assert totals.cost == (Money(amount=10, currency="EUR"), usd(100))
    assert totals.cost_unknown == ("c-3",)
    assert (totals.weeks, totals.hours) == (None, None)


def test_a_learners_own_pace_sets_the_weeks_of_what_is_self_paced(world: World) -> None:
    own_pace = Duration(weeks=2, effort_hours=40)
    world.put(
        course("c-self", "SQL", duration=own_pace, pacing=Pacing.SELF_PACED),
        course("c-cohort", "weld metal", duration=own_pace, pacing=Pacing.COHORT),
    )

    slow = find(world, limits=limits(weeks=10, hours_per_week=10))
    quick = find(world, limits=limits(weeks=10, hours_per_week=20))

    assert [(each.id, each.ends) for each in slow.steps] == [("c-self", 4.0)]
    assert [each.id for each in slow.out_of_reach] == ["c-cohort"]
    assert quick.totals.weeks == 4.0
    assert len(quick.steps) == 2


def test_the_learners_own_limits_hold_for_the_whole_unless_others_are_asked(world: World) -> None:
    world.put(course("c-sql", "SQL"), course("c-weld", "weld metal"))
    own = Constraints(max_cost=usd(100), delivery=(Delivery.ONLINE,))
    who = learner("l-1", goal=GOAL, constraints=own)
    online = Condition(field=ConditionField.DELIVERY, any_of=("online",))

    assert find(world, who).steps == ()
    assert {each.missing for each in find(world, who).unknown_constraints} == {("delivery",)}
    assert ids_of(find(world, who, conditions=())) == ["c-sql", "c-weld"]
    assert find(world, who, conditions=(online,)).steps == ()
    free = learner("l-2", goal=GOAL, constraints=Constraints(max_cost=usd(100)))
    assert ids_of(find(world, free)) == ["c-sql"]
    assert "at most 100 USD in all" in find(world, free).applied
    assert len(find(world, free, limits=limits(budget=usd(200))).steps) == 2


def test_no_more_steps_are_planned_than_asked(world: World) -> None:
    world.put(course("c-sql", "SQL"), course("c-weld", "weld metal"))

    answer = find(world, limits=limits(steps=1))

    assert ids_of(answer) == ["c-sql"]
    assert "at most 1 step" in answer.applied


def a_stack(world: World, needed: int = 2, **facts: object) -> None:
    badge = part_of("c-badge")
    world.put(
        credential("c-badge", "Badge", "teach children", requires_parts=needed, **facts),
        course("c-sql", "SQL", part_of=badge),
        course("c-weld", "weld metal", part_of=badge),
        course("c-audit", "audit financial statements", cost=300, part_of=badge),
    )


def test_a_stack_of_k_of_n_is_earned_by_its_parts_and_names_what_remains(world: World) -> None:
    a_stack(world)

    answer = find(world, limits=limits(budget=usd(200)))

    assert ids_of(answer) == ["c-sql", "c-weld", "c-badge"]
    award = answer.steps[2]
    assert (award.awarded, award.cost, award.added) == (True, None, ("s:teach",))
    assert (award.starts, award.ends) == (8.0, 8.0)
    assert award.needs == ("c-sql", "c-weld")
    [stack] = answer.stacks
    assert (stack.id, stack.needed, stack.earned) == ("c-badge", 2, True)
    assert (stack.done, stack.planned, stack.remaining) == ((), ("c-sql", "c-weld"), ("c-audit",))
    assert answer.names["c-audit"] == "Course c-audit"  # type: ignore[index]  # ids are strings


def test_a_part_that_is_held_counts_towards_the_stack(world: World) -> None:
    a_stack(world)
    holder = learner("l-1", goal=GOAL, credentials=(HeldCredential(id=CredentialId("c-audit")),))

    answer = find(world, holder, limits=limits(budget=usd(100)))

    assert ids_of(answer) == ["c-sql", "c-badge"]
    assert answer.stacks[0].done == ("c-audit",)
    assert answer.stacks[0].remaining == ("c-weld",)


def test_a_stack_with_too_few_parts_in_the_catalog_is_out_of_reach(world: World) -> None:
    a_stack(world, needed=4)

    answer = find(world)

    assert "c-badge" not in ids_of(answer)
    assert answer.stacks[0].earned is False
    assert [each.id for each in answer.out_of_reach] == ["c-badge"]


def test_a_part_that_asks_for_the_stack_cannot_earn_it(world: World) -> None:
    badge = part_of("c-badge")
    world.put(
        credential("c-badge", "Badge", "teach children", requires_parts=2),
        course("c-one", "SQL", part_of=badge),
        course("c-two", "audit financial statements", part_of=badge),
        course("c-top", "weld metal", part_of=badge, prerequisites=after("c-badge")),
    )

    answer = find(world)

    assert ids_of(answer)[-1] == "c-top"
    assert set(ids_of(answer)) == {"c-one", "c-two", "c-badge", "c-top"}


def a_degree(world: World) -> None:
    towards = part_of("c-degree")
    world.put(
        credential(
            "c-degree",
            "Degree",
            "SQL",
            "weld metal",
            kind=CredentialKind.DEGREE,
            credit=hours(60),
            cost=usd(9000),
            duration=Duration(weeks=90),
        ),
        course("c-cert", "SQL", cost=400, credit=hours(9), part_of=towards),
        course("c-intro", "SQL", credit=hours(2), part_of=part_of("c-cert", "c-degree")),
        course("c-shop", "weld metal", credit=hours(3), part_of=towards),
        course("c-other", "weld metal", "SQL"),
    )


def test_an_on_ramp_leads_into_a_degree_and_says_what_is_left(world: World) -> None:
    a_degree(world)

    answer = find(
        world, target=CredentialId("c-degree"), limits=limits(budget=usd(500), hours_per_week=10)
    )

    assert set(ids_of(answer)) == {"c-cert", "c-shop"}
    target = answer.target
    assert target is not None
    assert (target.stack.planned, target.stack.remaining) == (("c-cert", "c-shop"), ("c-intro",))
    [credit] = target.credit
    assert (credit.of, credit.done, credit.planned, credit.left) == (60.0, 0.0, 12.0, 48.0)
    assert (target.in_pathway, target.cost, target.weeks) == (False, usd(9000), 90)
    assert answer.gap.reading.described_as == "Degree"


def test_credit_within_a_part_that_is_held_is_not_counted_again(world: World) -> None:
    a_degree(world)
    holder = learner("l-1", "SQL", credentials=(HeldCredential(id=CredentialId("c-cert")),))

    answer = find(world, holder, target=CredentialId("c-degree"))

    assert ids_of(answer) == ["c-shop"]
    assert answer.target is not None
    [credit] = answer.target.credit
    assert (credit.done, credit.planned, credit.left) == (9.0, 3.0, 48.0)


def test_a_stack_can_be_the_target(world: World) -> None:
    a_stack(world)

    answer = find(world, target=CredentialId("c-badge"))

    assert ids_of(answer) == ["c-sql", "c-weld", "c-badge"]
    assert answer.target is not None
    assert (answer.target.in_pathway, answer.target.stack.earned) == (True, True)


def test_a_credential_without_parts_is_reached_with_what_it_asks_for(world: World) -> None:
    world.put(course("c-top", "SQL", prerequisites=after("c-first")), course("c-first"))

    answer = find(world, target=CredentialId("c-top"))
    too_dear = find(world, target=CredentialId("c-top"), limits=limits(budget=usd(150)))

    assert ids_of(answer) == ["c-first", "c-top"]
    assert answer.target is not None
    assert answer.target.in_pathway
    assert ids_of(too_dear) == ["c-first"]
    assert too_dear.target is not None
    assert too_dear.target.missing_prerequisites == ()


def test_a_target_that_is_not_there_or_held_already_is_refused(world: World) -> None:
    world.put(course("c-top", "SQL"))
    holder = learner("l-1", "SQL", credentials=(HeldCredential(id=CredentialId("c-top")),))

    with pytest.raises(NotFound, match="'c-none'"):
        find(world, target=CredentialId("c-none"))
    with pytest.raises(InvalidQuestion, match="holds 'c-top' already"):
        find(world, holder, target=CredentialId("c-top"))


@pytest.mark.parametrize(
    "facts",
    [
        {"goal": GOAL, "target": CredentialId("c-1")},
        {"seconds": -1.0},
        {"seconds": float("nan")},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(InvalidQuestion):
        PathwayQuestion(
            learner=WHO,
            stored=False,
            **facts,  # type: ignore[arg-type]  # wrong on purpose
        )


@pytest.mark.parametrize("facts", [{"steps": 0}, {"steps": 21}, {"weeks": -1.0}])
def test_a_limit_out_of_range_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(InvalidQuestion):
        limits(**facts)


def test_without_time_the_greedy_pathway_is_the_answer_and_says_so(world: World) -> None:
    world.put(
        course("c-two", "SQL", "weld metal", cost=300),
        course("c-sql", "SQL"),
        course("c-weld", "weld metal"),
        course("c-teach", "teach children"),
    )

    answer = find(world, limits=limits(budget=usd(300)), seconds=0.0)

    assert ids_of(answer) == ["c-two"]
    assert (answer.proof.method, answer.proof.optimal) == (PlanMethod.GREEDY, False)
    assert answer.proof.proven_gap == 0.3333
    assert "In 0 seconds nothing better than the greedy pathway was found" in answer.warnings[-1]


def test_a_goals_mode_is_not_silently_ignored(world: World) -> None:
    world.put(course("c-sql", "SQL"))
    goal = Goal(skills=stated("SQL"), mode=GoalMode.SWITCH)

    answer = find(world, learner("l-1", "weld metal", goal=goal))

    assert "The goal's mode is kept, and does not change the pathway yet." in answer.warnings


def test_who_can_do_everything_is_told_so(world: World) -> None:
    world.put(course("c-sql", "SQL"))

    answer = find(world, learner("l-1", "SQL", goal=Goal(skills=stated("SQL"))))

    assert answer.steps == ()
    assert answer.proof.optimal
    assert "nothing is left to add" in answer.warnings[-1]


def test_the_same_question_has_the_same_pathway(world: World) -> None:
    a_stack(world)

    first, second = find(world), find(world)

    assert (first.steps, first.totals, first.greedy) == (second.steps, second.totals, second.greedy)


def test_ended_credentials_are_not_planned_with(world: World) -> None:
    world.put(course("c-ended", "SQL", status=Status.CEASED))

    assert find(world).steps == ()


def test_a_target_asks_for_what_its_parts_teach_too(world: World) -> None:
    towards = part_of("c-degree")
    world.put(
        credential("c-degree", "Degree", kind=CredentialKind.DEGREE),
        course("c-sql", "SQL", part_of=towards),
        course("c-weld", "weld metal", cost=900, part_of=towards),
    )

    answer = find(world, target=CredentialId("c-degree"), limits=limits(budget=usd(300)))

    assert [row.requirement.skill for row in answer.gap.open] == ["s:sql", "s:weld"]
    assert ids_of(answer) == ["c-sql"]
    assert (answer.totals.coverage_after, answer.open) == (0.5, ("s:weld",))
    assert [each.id for each in answer.out_of_reach] == ["c-weld"]

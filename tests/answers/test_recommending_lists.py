"""A list as a whole: modes, pins, relaxation, diversity, and where each item leads."""

from collections.abc import Sequence

import pytest

from service.answers import Explain, JobsQuestion, RecommendQuestion
from service.domain.answer import RecommendationAnswer
from service.domain.condition import ConditionField, cost_at_most
from service.domain.credential import Level, Prerequisites, Status
from service.domain.goal import Goal, GoalMode
from service.domain.ids import DEFAULT_TENANT, CredentialId, JobId, OccupationId
from service.domain.job import Job, Occupation
from service.domain.learner import Experience, HeldCredential, Learner
from service.domain.quantities import (
    CreditAward,
    CreditStatus,
    CreditUnit,
    CreditValue,
    Duration,
    Money,
)
from service.domain.ranking import Diversify, Weights
from service.domain.record import Kind
from service.domain.skill import Importance, StatedSkill
from service.errors import InvalidQuestion
from tests.builders.credit import BACHELOR, a_policy, an_agreement
from tests.builders.worlds import NOW, World, credential, job, learner, skill, stated

GOAL = Goal(skills=stated("SQL", "weld metal", "teach children"))
FREE = Money(amount=0, currency="USD")


def ask(world: World, who: Learner, **facts: object) -> RecommendationAnswer:
    question = RecommendQuestion(
        learner=who,
        stored=False,
        **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
    )
    return world.answers.recommend(DEFAULT_TENANT, question)


def ids(answer: RecommendationAnswer) -> list[CredentialId]:
    return [item.id for item in answer.items]


def a_school(world: World) -> None:
    """Put a catalog of levels and neighbors: MySQL is near SQL, and soldering near welding."""
    world.put(skill("s:mysql", "MySQL"), skill("s:solder", "solder metal"))
    world.put(
        credential("c-base", "Spreadsheets", "use spreadsheets software", level=Level.BEGINNER),
        credential("c-sql-1", "Databases 1", "SQL", level=Level.BEGINNER),
        credential("c-sql-2", "Databases 2", "SQL", level=Level.INTERMEDIATE),
        credential(
            "c-audit-2", "Auditing 2", "audit financial statements", level=Level.INTERMEDIATE
        ),
        credential("c-audit-3", "Auditing 3", "audit financial statements", level=Level.ADVANCED),
        credential("c-weld", "Welding", "weld metal"),
        credential("c-teach", "Teaching", "teach children", level=Level.BEGINNER),
        credential("c-shop", "Shop teacher", "solder metal", "teach children", "MySQL"),
        credential("c-mysql", "MySQL", "MySQL"),
        credential("c-solder", "Soldering", "solder metal"),
    )


def in_mode(world: World, mode: GoalMode, *, pinned: Sequence[str] = ()) -> RecommendationAnswer:
    skills = stated("SQL", "weld metal", "teach children", "audit financial statements")
    who = learner(
        "l-1",
        goal=Goal(skills=skills, mode=mode),
        credentials=(HeldCredential(id=CredentialId("c-base")),),
    )
    return ask(world, who, limit=5, pinned=tuple(CredentialId(each) for each in pinned))


def test_three_modes_give_three_lists_and_each_is_the_best_at_what_it_declares(
    world: World,
) -> None:
    a_school(world)

    lists = {mode: ids(in_mode(world, mode)) for mode in GoalMode}

    assert len({tuple(each) for each in lists.values()}) == 3
    for mode in GoalMode:
        own = in_mode(world, mode)
        assert own.objective.startswith(f"{mode}: ")
        assert own.objective in own.applied
        for other in GoalMode:
            # With all places pinned, the answer tells what the other list is worth here.
            value = in_mode(world, mode, pinned=lists[other]).objective_value
            assert own.objective_value >= value


def test_advancing_begins_near_to_what_is_there_and_one_level_up(world: World) -> None:
    a_school(world)

    answer = in_mode(world, GoalMode.ADVANCE)

    # SQL is nearer to spreadsheets than auditing is, and the learner's level is beginner.
    assert ids(answer)[:2] == ["c-sql-2", "c-audit-2"]
    assert "level intermediate" in answer.objective
    gap = {str(item.id): item.components["gap"] for item in answer.items}
    assert gap["c-sql-1"] ** 2 == pytest.approx(gap["c-sql-2"] ** 2 / 2, abs=1e-3)
    assert "c-weld" not in gap


def test_switching_counts_bridges_and_building_does_not(world: World) -> None:
    a_school(world)

    switch, build = in_mode(world, GoalMode.SWITCH), in_mode(world, GoalMode.BUILD)

    first = switch.items[0]
    assert first.id == "c-shop"
    assert set(first.added) == {"s:teach", "s:weld", "s:sql"}
    assert {bridge.from_skill for bridge in first.bridges} == {"s:mysql", "s:solder"}
    assert not any(item.bridges for item in build.items)
    assert {"c-mysql", "c-solder"}.isdisjoint(ids(build))


def test_building_takes_the_skills_that_the_goal_names(world: World) -> None:
    a_school(world)
    goal = Goal(text="I want to learn SQL", mode=GoalMode.BUILD)

    answer = ask(world, learner("l-1", "weld metal", goal=goal))

    # Soldering is near to welding, which is there; the goal's words name neither.
    added = {each for item in answer.items for each in item.added}
    assert "s:sql" in added
    assert added <= {"s:sql", "s:mysql"}
    assert not any(item.bridges for item in answer.items)


def test_advancing_looks_at_the_higher_occupations_near_the_role(world: World) -> None:
    world.put(
        Occupation(id=OccupationId("o:welder"), title="Welders", tasks=("Weld metal.",)),
        Occupation(
            id=OccupationId("o:boss"),
            title="Supervisors of Welders",
            tasks=("Teach children.", "Weld metal."),
        ),
    )
    world.put(credential("c-teach", "Teaching", "teach children"))
    goal = Goal(occupation="o:welder", mode=GoalMode.ADVANCE)

    who = learner("l-1", "weld metal", goal=goal, experience=(Experience(title="Welders"),))
    answer = ask(world, who)

    assert ("o:boss", "Supervisors of Welders") in answer.gap.reading.occupations
    assert any("Supervisors of Welders" in warning for warning in answer.warnings)


def test_a_pinned_item_that_breaks_a_limit_stays_and_says_so(world: World) -> None:
    dear = Money(amount=900, currency="USD")
    world.put(
        credential("c-sql", "Databases", "SQL", cost=FREE),
        credential("c-audit", "Auditing", "audit financial statements", cost=dear),
        credential("c-old", "Old", "SQL", cost=FREE, status=Status.CEASED),
    )
    limit = cost_at_most(Money(amount=300, currency="USD"))

    answer = ask(
        world,
        learner("l-1", goal=GOAL),
        conditions=(limit,),
        pinned=(CredentialId("c-audit"), CredentialId("c-old")),
    )

    assert ids(answer) == ["c-audit", "c-old", "c-sql"]
    first, second, third = answer.items
    assert first.pinned
    assert first.breaks == ("cost at most 300 USD",)
    assert "adds nothing to what is open" in first.caveats
    assert "breaks the limit: cost at most 300 USD" in first.caveats
    assert second.breaks == ("status Active or unstated",)
    assert not third.pinned
    assert third.breaks == ()
    assert "pinned first (c-audit, c-old)" in answer.applied


def test_what_is_excluded_never_comes(world: World) -> None:
    a_school(world)

    answer = ask(world, learner("l-1", goal=GOAL), exclude=(CredentialId("c-weld"),))

    assert "c-weld" not in ids(answer)
    assert "not excluded (c-weld)" in answer.applied


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"pinned": ("c-none",)}, "pinned.0"),
        ({"pinned": ("c-sql", "c-sql")}, "pinned.1"),
        ({"pinned": ("c-sql", "c-b"), "limit": 1}, "pinned"),
        ({"pinned": ("c-sql",), "exclude": ("c-sql",)}, "exclude"),
        ({"relax": (ConditionField.COST, ConditionField.COST)}, "relax.1"),
    ],
)
def test_a_list_that_cannot_be_made_is_refused_with_the_place(
    world: World, facts: dict[str, object], field: str
) -> None:
    world.put(credential("c-sql", "Databases", "SQL"))

    with pytest.raises(InvalidQuestion) as caught:
        ask(world, learner("l-1", goal=GOAL), **facts)

    assert caught.value.field == field


def test_limits_are_given_up_only_on_request_and_the_answer_says_which_and_by_whom(
    world: World,
) -> None:
    world.put(
        credential("c-sql", "Databases", "SQL", cost=FREE, duration=Duration(weeks=4)),
        credential("c-dear", "Welding", "weld metal", cost=Money(amount=900, currency="USD")),
        credential("c-long", "Teaching", "teach children", cost=FREE, duration=Duration(weeks=40)),
    )
    who = learner("l-1", goal=GOAL)
    limits = (cost_at_most(Money(amount=300, currency="USD")),)

    strict = ask(world, who, conditions=limits)
    relaxed = ask(world, who, conditions=limits, relax=(ConditionField.COST,))

    assert sorted(ids(strict)) == ["c-long", "c-sql"]
    assert strict.relaxed == ()
    assert ids(relaxed)[-1] == "c-dear"
    assert relaxed.relaxed == ("cost at most 300 USD",)
    assert relaxed.items[-1].breaks == ("cost at most 300 USD",)
    assert all(item.breaks == () for item in relaxed.items[:-1])


def test_one_provider_does_not_fill_the_list(world: World) -> None:
    world.put(
        credential("c-1", "Databases", "SQL"),
        credential("c-2", "Welding", "weld metal"),
        credential("c-3", "Teaching", "teach children"),
    )

    answer = ask(world, learner("l-1", goal=GOAL), diversify=Diversify(max_per_group=2))

    assert len(answer.items) == 2
    assert "at most 2 of one provider" in answer.applied


def test_a_weight_of_0_switches_its_component_off(world: World) -> None:
    world.put(
        credential("c-dear", "Databases", "SQL", cost=Money(amount=900, currency="USD")),
        credential("c-free", "Databases", "SQL", cost=FREE),
    )
    who = learner("l-1", goal=GOAL)

    costs = ask(world, who, weights=Weights(cost=0.04)).items
    without = ask(world, who, weights=Weights(cost=0.0)).items

    assert [item.id for item in costs] == ["c-free", "c-dear"]
    assert [item.id for item in without] == ["c-dear", "c-free"]
    assert costs[0].components["cost"] == 1.0
    assert costs[0].score - without[1].score == pytest.approx(4.0, abs=0.11)


def test_every_item_is_traced_from_a_posting_and_every_hop_can_be_fetched(world: World) -> None:
    closed = NOW.date().replace(day=1)
    world.put(
        credential(
            "c-both",
            "Shop and databases",
            "SQL",
            "weld metal",
            credit=(CreditValue(units=CreditUnit.SEMESTER_HOUR, value=3),),
        ),
        job("j-1", "Welder", StatedSkill(name="weld metal")),
        job("j-0", "Welder", StatedSkill(name="weld metal"), valid_through=closed),
    )

    item = ask(world, learner("l-1", goal=GOAL)).items[0]

    assert [(each.job, each.skill, each.credential) for each in item.trace] == [
        ("j-1", "s:weld", "c-both")
    ]
    for kind, record in ((Kind.JOB, "j-1"), (Kind.SKILL, "s:weld"), (Kind.CREDENTIAL, "c-both")):
        assert world.answers.read(DEFAULT_TENANT, kind, record).record.id == record
    assert item.credit is not None
    assert item.trace[0].credit == item.credit
    assert item.credit.credit.value == 3
    assert item.components["demand"] > 0


def test_without_a_posting_the_trace_starts_at_the_goals_occupation(world: World) -> None:
    world.put(
        Occupation(id=OccupationId("o:welder"), title="Welders", tasks=("Weld metal.",)),
        credential("c-weld", "Welding", "weld metal"),
    )

    answer = ask(world, learner("l-1", "SQL", goal=Goal(occupation="o:welder")))

    assert [(each.job, each.occupation, each.skill) for each in answer.items[0].trace] == [
        (None, "o:welder", "s:weld")
    ]
    assert "There is no open job in the store, so demand counts as 0." in answer.warnings


def test_what_a_credential_unlocks_is_what_matching_with_it_finds(world: World) -> None:
    def prefers(record_id: str, *names: str) -> Job:
        wanted = (StatedSkill(name=name, importance=Importance.PREFERRED) for name in names)
        return job(record_id, "Hand", *wanted)

    world.put(
        credential("c-weld", "Welding", "weld metal"),
        prefers("j-both", "SQL", "weld metal"),
        prefers("j-weld", "weld metal"),
        prefers("j-sql", "SQL"),
        prefers("j-teach", "teach children"),
    )
    who = learner("l-1", "SQL", goal=GOAL)
    with_it = learner(
        "l-1",
        "SQL",
        goal=GOAL,
        credentials=(HeldCredential(id=CredentialId("c-weld"), issued=NOW.date()),),
    )

    item = ask(world, who, explain=Explain.FULL).items[0]

    assert item.unlocks is not None
    found = fitting(world, with_it, item.unlocks.at) - fitting(world, who, item.unlocks.at)
    assert found == set(item.unlocks.sample) == {"j-both", "j-weld"}
    assert item.unlocks.jobs == 2
    assert ask(world, who, unlocks=True).items[0].unlocks == item.unlocks
    assert ask(world, who).items[0].unlocks is None


def fitting(world: World, who: Learner, at: float) -> set[str]:
    question = JobsQuestion(learner=who, stored=False, threshold=at, limit=100)
    return {str(match.id) for match in world.answers.jobs(DEFAULT_TENANT, question).items}


def test_without_a_goal_the_jobs_near_the_profile_say_what_is_in_demand(world: World) -> None:
    world.put(
        credential("c-sql", "Databases", "SQL"),
        job("j-1", "Spreadsheet analyst", StatedSkill(name="SQL")),
    )

    answer = ask(world, learner("l-1", text="I am a spreadsheet analyst."))

    assert answer.gap.reading.inferred
    assert answer.gap.reading.described_as == "demand near the profile (1 jobs)"
    assert any("nearest to the profile" in each and "j-1" in each for each in answer.warnings)
    assert answer.items[0].trace[0].job == JobId("j-1")


def test_credit_that_is_only_recommended_is_not_promised(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL", credit_recommendations=("ACE: 3 hours",)))

    item = ask(world, learner("l-1", goal=GOAL)).items[0]

    assert "credit recommended, not guaranteed: ACE: 3 hours" in item.caveats
    assert item.credit is None
    assert item.components["credit"] == 0


def test_a_skill_that_has_to_be_there_first_is_flagged_where_nothing_shows_it(
    world: World,
) -> None:
    needs = Prerequisites(skills=stated("weld metal", "SQL", "juggle"))
    world.put(credential("c-1", "Databases", "teach children", prerequisites=needs))

    item = ask(world, learner("l-1", "SQL", goal=GOAL)).items[0]

    assert "asks for skills that nothing shows: weld metal, juggle" in item.caveats


def test_a_cost_in_another_currency_is_unknown_and_told(world: World) -> None:
    world.put(
        credential("c-usd", "Databases", "SQL", cost=Money(amount=10, currency="USD")),
        credential("c-usd-2", "Welding", "weld metal", cost=Money(amount=10, currency="USD")),
        credential("c-eur", "Teaching", "teach children", cost=Money(amount=1, currency="EUR")),
    )

    answer = ask(world, learner("l-1", goal=GOAL))

    item = next(each for each in answer.items if each.id == "c-eur")
    assert item.components["cost"] == 0.5
    assert "cost in EUR, not compared with USD" in item.caveats


def test_an_item_carries_the_credit_that_a_rule_of_the_learners_program_grants(
    world: World,
) -> None:
    world.credit_intake.put(DEFAULT_TENANT, a_policy())
    world.credit_intake.put(DEFAULT_TENANT, an_agreement())
    stated_credit = (CreditValue(units=CreditUnit.SEMESTER_HOUR, value=9),)
    world.put(
        credential("emt", "Emergency Care", "SQL"),
        credential("c-2", "Databases", "SQL", credit=stated_credit),
    )
    goal = Goal(skills=stated("SQL"))

    with_program = ask(world, learner("l-1", "weld metal", goal=goal, program=BACHELOR))
    without = ask(world, learner("l-1", "weld metal", goal=goal))

    found = {str(item.id): item for item in with_program.items}
    granted = found["emt"].credit
    assert granted is not None
    assert (granted.credit.value, granted.rule) == (3, "agreement-1:tvp-1")
    assert granted.status is CreditStatus.GRANTED_BY_RULE
    # What a provider states is no credit at another institution.
    assert found["c-2"].credit is None
    assert found["emt"].components["credit"] == 1.0
    stated_alone = {str(item.id): item.credit for item in without.items}
    assert stated_alone["emt"] is None
    assert stated_alone["c-2"] == CreditAward(credit=stated_credit[0])


def test_a_program_whose_policy_is_not_there_takes_no_recommendation_away(world: World) -> None:
    world.put(credential("c-2", "Databases", "SQL"))
    goal = Goal(skills=stated("SQL"))

    answer = ask(world, learner("l-1", "weld metal", goal=goal, program=BACHELOR))

    assert [item.id for item in answer.items][:1] == ["c-2"]
    (told,) = [each for each in answer.warnings if "program" in each]
    assert told.startswith("Credit is shown as stated, not toward the learner's program: There is")

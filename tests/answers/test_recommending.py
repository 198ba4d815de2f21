"""Which credential next: what it adds, what is held, what stays open, and within which limits."""

from datetime import date

import pytest

from service.answers import RecommendQuestion, UnknownMode
from service.domain.answer import RecommendationAnswer
from service.domain.condition import Condition, ConditionField
from service.domain.credential import Delivery, Prerequisites, Status
from service.domain.goal import Goal, GoalMode
from service.domain.ids import DEFAULT_TENANT, CredentialId, JobId
from service.domain.learner import Constraints, HeldCredential, Learner
from service.domain.quantities import Duration, Money
from service.domain.skill import Importance, StatedSkill
from service.errors import GoalWithoutSkills, InvalidQuestion, NotFound
from tests.builders.worlds import World, credential, job, learner, stated

GOAL = Goal(skills=stated("SQL", "weld metal", "teach children"))


def ask(world: World, who: Learner, **facts: object) -> RecommendationAnswer:
    question = RecommendQuestion(
        learner=who,
        stored=False,
        **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
    )
    return world.answers.recommend(DEFAULT_TENANT, question)


def a_catalog(world: World) -> None:
    world.put(
        credential("c-sql", "Databases", "SQL"),
        credential("c-both", "Shop and databases", "SQL", "weld metal"),
        credential("c-audit", "Auditing", "audit financial statements"),
    )


def test_the_credential_that_adds_most_comes_first_and_says_what_it_adds(world: World) -> None:
    a_catalog(world)

    answer = ask(world, learner("l-1", "use spreadsheets software", goal=GOAL))

    assert [item.id for item in answer.items] == ["c-both", "c-sql"]
    assert [item.components["gap"] for item in answer.items] == [0.8165, 0.5774]
    assert [item.marginal_gain for item in answer.items] == [0.6667, 0.0]
    assert set(answer.items[0].added) == {"s:sql", "s:weld"}
    assert answer.items[0].open == ("s:teach",)
    assert answer.labels["s:weld"] == "weld metal"  # type: ignore[index]  # ids are strings
    assert [(each.skill, each.text, each.record) for each in answer.items[1].evidence] == [
        ("s:sql", "SQL", "credential:c-sql")
    ]


def test_what_the_learner_can_already_do_is_held_and_not_added(world: World) -> None:
    a_catalog(world)

    answer = ask(world, learner("l-1", "SQL", goal=GOAL))

    assert [item.id for item in answer.items] == ["c-both"]
    assert answer.items[0].held == ("s:sql",)
    assert answer.items[0].added == ("s:weld",)
    assert [row.requirement.skill for row in answer.gap.held] == ["s:sql"]


def test_a_held_credential_is_evidence_and_is_never_recommended(world: World) -> None:
    a_catalog(world)
    holder = learner("l-1", goal=GOAL, credentials=(HeldCredential(id=CredentialId("c-both")),))

    answer = ask(world, holder)

    assert answer.items == ()
    assert {row.requirement.skill for row in answer.gap.held} == {"s:sql", "s:weld"}
    assert "not held already (c-both)" in answer.applied


def test_a_credential_that_has_lapsed_may_be_earned_again(world: World) -> None:
    a_catalog(world)
    lapsed = HeldCredential(id=CredentialId("c-audit"), expires=date(2026, 11, 23))
    goal = Goal(skills=stated("audit financial statements", "SQL"))

    answer = ask(world, learner("l-1", "weld metal", goal=goal, credentials=(lapsed,)))

    assert "c-audit" not in " ".join(answer.applied)


def test_constraints_hold_inside_the_search_and_the_unknown_stands_apart(world: World) -> None:
    cheap = Money(amount=100, currency="USD")
    world.put(
        credential("c-cheap", "Databases", "SQL", cost=cheap, duration=Duration(weeks=8)),
        credential("c-dear", "SQL", "SQL", cost=Money(amount=900, currency="USD")),
        credential("c-unsaid", "Queries", "SQL", duration=Duration(weeks=3)),
        credential("c-ended", "Old", "SQL", cost=cheap, status=Status.CEASED),
    )
    limits = Constraints(max_cost=Money(amount=300, currency="USD"), max_weeks=8)

    answer = ask(world, learner("l-1", goal=GOAL, constraints=limits))

    assert [item.id for item in answer.items] == ["c-cheap"]
    assert [(each.id, each.missing) for each in answer.unknown_constraints] == [
        ("c-unsaid", ("cost",))
    ]
    assert answer.qualifying == 1
    assert answer.applied == (
        "status Active or unstated",
        "cost at most 300 USD",
        "duration.weeks at most 8",
    )


def test_the_unknown_may_be_asked_for(world: World) -> None:
    world.put(credential("c-unsaid", "Queries", "SQL"))
    limits = Constraints(max_weeks=8)

    answer = ask(world, learner("l-1", goal=GOAL, constraints=limits), unknown=UnknownMode.INCLUDE)

    assert [item.id for item in answer.items] == ["c-unsaid"]
    assert answer.unknown_constraints == ()


def test_the_conditions_of_the_question_go_before_the_learners_own(world: World) -> None:
    world.put(credential("c-online", "Queries", "SQL", delivery=(Delivery.ONLINE,)))
    picky = learner("l-1", goal=GOAL, constraints=Constraints(max_weeks=1))
    online = Condition(field=ConditionField.DELIVERY, any_of=("online",))

    answer = ask(world, picky, conditions=(online,))

    assert [item.id for item in answer.items] == ["c-online"]


def test_equal_credentials_stand_in_the_order_of_their_ids(world: World) -> None:
    world.put(*(credential(each, "Databases", "SQL") for each in ("c-b", "c-c", "c-a")))

    answer = ask(world, learner("l-1", goal=GOAL))

    assert [item.id for item in answer.items] == ["c-a", "c-b", "c-c"]


def test_what_is_asked_for_first_has_its_name_or_else_its_id(world: World) -> None:
    needs = Prerequisites(credentials=(CredentialId("c-first"), CredentialId("c-gone")))
    world.put(
        credential("c-first", "Databases I", "use spreadsheets software"),
        credential("c-second", "Databases II", "SQL", prerequisites=needs),
    )

    answer = ask(world, learner("l-1", goal=GOAL))

    assert answer.names == {"c-first": "Databases I", "c-gone": "c-gone"}


def test_a_missing_prerequisite_is_told(world: World) -> None:
    needs = Prerequisites(credentials=(CredentialId("c-first"),), text="Bring your own gloves")
    world.put(credential("c-second", "Databases II", "SQL", prerequisites=needs))

    item = ask(world, learner("l-1", goal=GOAL)).items[0]

    assert item.missing_prerequisites == ("c-first",)
    assert item.caveats == (
        "asks for c-first first",
        "prerequisite: Bring your own gloves",
        "status not stated; counted as Active",
        "cost not stated",
        "weeks not stated",
    )


def test_a_job_can_be_the_goal(world: World) -> None:
    a_catalog(world)
    required = StatedSkill(name="weld metal", importance=Importance.REQUIRED)
    world.put(job("j-1", "Shop hand", required))

    answer = ask(world, learner("l-1", "SQL", goal=Goal(job=JobId("j-1"))))

    assert answer.items[0].id == "c-both"
    assert answer.gap.reading.described_as == "Shop hand"


def test_a_goal_that_names_no_job_of_the_store_is_refused(world: World) -> None:
    with pytest.raises(NotFound, match="There is no job with the id 'j-none'"):
        ask(world, learner("l-1", "SQL", goal=Goal(job=JobId("j-none"))))


def test_a_goal_of_which_nothing_is_known_is_refused_with_what_to_do(world: World) -> None:
    with pytest.raises(GoalWithoutSkills, match="Name an occupation, a job or some skills"):
        ask(world, learner("l-1", "SQL", goal=Goal(text="happiness")))


def test_a_learners_own_words_can_say_the_goal(world: World) -> None:
    a_catalog(world)
    who = learner("l-1", text="I keep the books. I would like to weld metal.")

    answer = ask(world, who)

    assert [row.requirement.skill for row in answer.gap.open] == ["s:weld"]
    assert answer.items[0].id == "c-both"


def test_a_goals_mode_is_named_with_what_it_means(world: World) -> None:
    a_catalog(world)
    goal = Goal(skills=stated("SQL"), mode=GoalMode.SWITCH)

    answer = ask(world, learner("l-1", "weld metal", goal=goal))

    assert answer.objective.startswith("switch: ")
    assert answer.objective in answer.applied


def test_who_can_do_everything_is_told_so(world: World) -> None:
    a_catalog(world)

    answer = ask(world, learner("l-1", "SQL", goal=Goal(skills=stated("SQL"))))

    assert answer.items == ()
    assert "nothing is left to add" in answer.warnings[-1]


def test_the_same_question_has_the_same_answer(world: World) -> None:
    a_catalog(world)
    who = learner("l-1", "SQL", goal=GOAL)

    first, second = ask(world, who), ask(world, who)

    assert first.items == second.items
    assert (first.recommendation_id, second.recommendation_id) == ("answer-1", "answer-2")


@pytest.mark.parametrize("facts", [{"limit": 0}, {"limit": 101}, {"threshold": 101.0}])
def test_a_limit_out_of_range_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(InvalidQuestion):
        RecommendQuestion(
            learner=learner("l-1", "SQL"),
            stored=False,
            **facts,  # type: ignore[arg-type]  # wrong on purpose
        )


def test_a_threshold_leaves_out_what_adds_less(world: World) -> None:
    a_catalog(world)

    best, other = ask(world, learner("l-1", goal=GOAL)).items

    answer = ask(world, learner("l-1", goal=GOAL), threshold=best.score)

    assert other.score < best.score
    assert [item.id for item in answer.items] == ["c-both"]

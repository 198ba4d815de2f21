"""Goals that were read before: as if they were read anew, and nothing of anybody's own words."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.answers import RecommendQuestion
from service.domain.goal import Goal, GoalMode
from service.domain.ids import DEFAULT_TENANT, JobId, OccupationId, SkillId
from service.domain.job import Occupation
from service.domain.record import Kind, Record, StoredRecord
from service.indexing import known_goals
from service.indexing.known_goals import GoalsKept, KnownGoals
from service.indexing.tenant import Tenant
from service.matching.gaps import measure
from service.matching.goals import Aim, GoalReader
from service.matching.modes import Objective, objective_of
from service.matching.posing import Lesson, PosedGoal, lesson_of, pose
from service.matching.rules import DEFAULT_RULES
from tests.builders.worlds import World, credential, job, learner, skill, stated

WELDER, CLERK = OccupationId("o:welder"), OccupationId("o:clerk")


def occupation(of: OccupationId, *tasks: str, title: str = "Welders") -> Occupation:
    return Occupation(id=of, title=title, tasks=tasks)


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was worked out, and not taken from before."""
    done: list[str] = []
    read = GoalReader.read

    def noted(what: str, made: Callable[..., Any]) -> Callable[..., Any]:
        def made_and_noted(*args: Any, **facts: Any) -> Any:
            done.append(what)
            return made(*args, **facts)

        return made_and_noted

    monkeypatch.setattr(GoalReader, "read", noted("read", read))
    monkeypatch.setattr(known_goals, "pose", noted("posed", pose))
    monkeypatch.setattr(known_goals, "lesson_of", noted("lesson", lesson_of))
    return done


def listed(world: World, goal: Goal, *has: str) -> list[str]:
    asked = RecommendQuestion(learner=learner("l-1", *has, goal=goal), stored=False)
    return [item.id for item in world.answers.recommend(DEFAULT_TENANT, asked).items]


def test_what_a_line_of_work_asks_for_is_read_once_for_all_who_want_it(
    world: World, worked: list[str]
) -> None:
    world.put(occupation(WELDER, "Weld metal."), credential("c-1", "Shop", "weld metal"))

    first = listed(world, Goal(occupation=WELDER))
    worked_first = list(worked)
    second = listed(world, Goal(occupation=WELDER, mode=GoalMode.SWITCH), "SQL")

    assert first == second == ["c-1"]
    assert worked_first == ["read", "posed", "lesson"]
    # To switch, less counts as taught.
    assert worked[3:] == ["lesson"]


def test_each_has_a_goal_of_their_own_whoever_had_it_read(world: World) -> None:
    world.put(occupation(WELDER, "Weld metal."))
    goals = world.tenants.get(DEFAULT_TENANT).goals

    told = [
        goals.read(Goal(occupation=WELDER, mode=mode)).reading.goal
        for mode in (None, GoalMode.BUILD)
    ]

    assert [each and each.mode for each in told] == [None, GoalMode.BUILD]


def test_nothing_is_kept_of_where_a_learner_stands(world: World) -> None:
    world.put(
        occupation(WELDER, "Weld metal."),
        occupation(CLERK, "Audit financial statements.", title="Clerks"),
        credential("c-1", "Shop", "weld metal"),
    )
    tenant, kept = world.tenants.get(DEFAULT_TENANT), GoalsKept()
    goals = _with_room(tenant, kept)
    reading = goals.read(Goal(occupation=WELDER, mode=GoalMode.ADVANCE)).reading
    above = replace(reading.requirements[0], skill=SkillId("s:audit"), weight=0.2547)
    with_rungs = replace(reading, requirements=(*reading.requirements, above))

    posed = goals.posed(with_rungs)
    objective = Objective(mode=None, says="", need=posed.asked.weights, taught_from=0.4)
    goals.lesson(posed, objective, world.answers.read(DEFAULT_TENANT, Kind.CREDENTIAL, "c-1"))

    assert len(posed.asked.skills) == 2
    assert (len(kept.aims), len(kept.posed), len(kept.lessons)) == (1, 0, 0)


@pytest.mark.parametrize(
    "goal", [Goal(text="weld metal"), Goal(skills=stated("weld metal")), Goal(occupation="welding")]
)
def test_nothing_is_kept_of_a_learners_own_words(
    world: World, worked: list[str], goal: Goal
) -> None:
    world.put(occupation(WELDER, "Weld metal."), credential("c-1", "Shop", "weld metal"))

    listed(world, goal)
    once = list(worked)
    listed(world, goal)

    again = worked[len(once) :]
    # A title in somebody's own words is read anew, too; what that line of work asks for is not.
    assert again == (["read"] if goal.occupation else once)
    assert once == ["read", "posed", "lesson"]


ALL_OF_IT = ["read", "posed", "lesson", "lesson"]


@pytest.mark.parametrize(
    ("change", "after", "anew"),
    [
        (occupation(WELDER, title="Joiners"), ["c-1", "c-2"], ALL_OF_IT),
        (skill("s:more", "solder copper"), ["c-1", "c-2"], ALL_OF_IT),
        (credential("c-1", "School", "teach children"), ["c-2"], []),
        (credential("c-2", "Forge", "weld metal", "SQL"), ["c-1", "c-2"], ["lesson"]),
    ],
    ids=["a line of work", "a skill", "a credential that goes", "a credential that stays"],
)
def test_a_goal_is_read_anew_when_something_of_it_has_changed(
    world: World, worked: list[str], change: Record, after: list[str], anew: list[str]
) -> None:
    world.put(
        occupation(WELDER, "Weld metal."),
        credential("c-1", "Shop", "weld metal"),
        credential("c-2", "Forge", "weld metal"),
    )
    before = listed(world, Goal(occupation=WELDER))
    worked.clear()

    world.put(change)

    assert before == ["c-1", "c-2"]
    assert listed(world, Goal(occupation=WELDER)) == after
    assert worked == anew


def test_what_a_credential_teaches_is_told_from_the_links_that_it_has_now(world: World) -> None:
    world.put(occupation(WELDER, "Weld metal."), credential("c-1", "Shop", "weld metal"))
    goals = world.tenants.get(DEFAULT_TENANT).goals
    aim = goals.read(Goal(occupation=WELDER))

    def taught() -> list[str]:
        return [each.field for each in _lesson(world, aim)[2].reasons]

    before = taught()
    world.put(credential("c-1", "Shop", "teach children", description="We weld metal here."))

    assert (before, taught()) == (["skills.0"], ["description"])


def test_while_something_changes_nothing_is_kept(world: World, worked: list[str]) -> None:
    world.put(occupation(WELDER, "Weld metal."))
    tenant = world.tenants.get(DEFAULT_TENANT)
    tenant.view.occupations.changes += 1

    for _ in range(2):
        tenant.goals.posed(tenant.goals.read(Goal(occupation=WELDER)).reading)

    assert worked == ["read", "posed"] * 2


def test_what_is_worked_out_while_something_changes_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put(occupation(WELDER, "Weld metal."))
    goals, read = world.tenants.get(DEFAULT_TENANT).goals, GoalReader.read
    numbers = count()

    def overtaken(self: GoalReader, *args: Any, **facts: Any) -> Aim:
        made = read(self, *args, **facts)
        world.put(occupation(CLERK, f"Teach {next(numbers)} children.", title="Clerks"))
        return made

    monkeypatch.setattr(GoalReader, "read", overtaken)
    for _ in range(3):
        goals.read(Goal(occupation=WELDER))

    assert next(numbers) == 3


def test_two_tenants_share_the_room_and_nothing_else(
    world: World, new_world: Callable[[], World], worked: list[str]
) -> None:
    kept = GoalsKept(goals=1, lessons=1)
    told = []
    for each, tasks in ((world, "Weld metal."), (new_world(), "Teach children.")):
        each.put(occupation(WELDER, tasks))
        tenant = each.tenants.get(DEFAULT_TENANT)
        goals = _with_room(tenant, kept)
        told += [goals.read(Goal(occupation=WELDER)).reading.requirements for _ in range(2)]

    assert told[0] == told[1] != told[2] == told[3]
    assert worked == ["read", "read"]
    assert len(kept.aims) == 1


def _with_room(tenant: Tenant, kept: GoalsKept) -> KnownGoals:
    reader = GoalReader(
        tenant.model.encoder,
        tenant.linker,
        skills=tenant.view.skills,
        occupations=tenant.view.occupations,
    )
    return KnownGoals(
        reader, skills=tenant.view.skills, occupations=tenant.view.occupations, kept=kept
    )


def _lesson(world: World, aim: Aim) -> tuple[PosedGoal, StoredRecord, Lesson]:
    tenant = world.tenants.get(DEFAULT_TENANT)
    posed = tenant.goals.posed(aim.reading)
    gap = measure(aim.reading, (), posed.asked)
    objective = objective_of(gap, (), tenant.view.skills, held_levels=(), rules=DEFAULT_RULES)
    stored = world.answers.read(DEFAULT_TENANT, Kind.CREDENTIAL, "c-1")
    found = tenant.goals.lesson(posed, objective, stored)
    again = lesson_of(posed, objective, stored)
    assert found.teaches.tolist() == again.teaches.tolist()
    assert found[1:] == again[1:]
    return posed, stored, found


changes = st.lists(
    st.builds(
        lambda of, title: occupation(of, title=title),
        st.sampled_from([WELDER, CLERK]),
        st.sampled_from(["Welders", "Clerks", "Joiners"]),
    )
    | st.builds(lambda number: skill(f"s:{number}", f"solder copper {number}"), st.integers(0, 2))
    | st.builds(
        lambda name: credential("c-1", "Course", name),
        st.sampled_from(["weld metal", "teach children"]),
    )
    | st.builds(
        lambda name: job("j-1", "Work", *stated(name)),
        st.sampled_from(["weld metal", "teach children"]),
    ),
    min_size=1,
    max_size=6,
)
GOALS = (
    Goal(occupation=WELDER),
    Goal(occupation=CLERK, mode=GoalMode.SWITCH),
    Goal(job=JobId("j-1")),
)


@settings(max_examples=20)
@given(story=changes)
def test_whatever_changes_a_goal_asks_for_what_it_would_if_nothing_were_kept(
    new_world: Callable[[], World], story: list[Record]
) -> None:
    world = new_world()
    world.put(
        occupation(WELDER, "Weld metal."),
        occupation(CLERK, "Audit financial statements.", title="Clerks"),
        credential("c-1", "Course", "SQL"),
        job("j-1", "Work", *stated("SQL")),
    )
    tenant = world.tenants.get(DEFAULT_TENANT)
    for change in story:
        world.put(change)
        fresh = _with_room(tenant, GoalsKept(goals=0, lessons=0))
        stored = world.answers.read(DEFAULT_TENANT, Kind.JOB, "j-1")
        record = stored.record
        assert record.id == "j-1"
        for goal in GOALS:
            named = (record, stored.links, stored.vector) if goal.job else None
            aim, again = (each.read(goal, named) for each in (tenant.goals, fresh))  # type: ignore[arg-type]  # it is a job
            assert aim.reading == again.reading
            assert np.array_equal(aim.vector, again.vector)
            posed, other = tenant.goals.posed(aim.reading), fresh.posed(again.reading)
            assert np.array_equal(posed.asked.weights, other.asked.weights)
            assert posed.asked.bridges == other.asked.bridges
            assert (posed.by_weight, posed.soft) == (other.by_weight, other.soft)
            _lesson(world, aim)

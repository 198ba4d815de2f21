"""Rankings that were made before: the same list as one made anew, whatever changes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from service.answers import Answers, RecommendQuestion, UnknownMode
from service.answers.canonical import answer_text
from service.answers.rankings import Basis, Rankings, State
from service.answers.recommending import Recommender
from service.domain.condition import Condition, ConditionField
from service.domain.credential import Delivery, Level
from service.domain.goal import Goal, GoalMode
from service.domain.ids import DEFAULT_TENANT, CredentialId
from service.domain.learner import HeldCredential, Learner
from service.domain.quantities import Duration, Money
from service.domain.ranking import Diversify, Weights
from service.domain.record import Kind, Record
from service.errors import OnrampError
from service.matching.ranking import Ranked, Ranker, Ranking, Wanted
from tests.builders.worlds import World, credential, job, learner, skill, stated

SKILLS = ("SQL", "weld metal", "teach children", "audit financial statements")


def question(who: Learner, **facts: object) -> RecommendQuestion:
    return RecommendQuestion(
        learner=who,
        stored=False,
        **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
    )


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Wanted]:
    """What a list was made for."""
    found: list[Wanted] = []
    rank = Ranker.rank

    def noted(self: Ranker, wanted: Wanted) -> Ranking:
        found.append(wanted)
        return rank(self, wanted)

    monkeypatch.setattr(Ranker, "rank", noted)
    return found


def test_learners_who_lack_the_same_have_one_list_and_reasons_of_their_own(
    world: World, made: list[Wanted]
) -> None:
    world.put(credential("c-1", "Databases", "SQL"), credential("c-2", "Shop", "weld metal"))
    goal = Goal(skills=stated("SQL", "weld metal"))

    first = world.answers.recommend(DEFAULT_TENANT, question(learner("l-1", goal=goal)))
    other = learner("l-2", "teach children", goal=goal)
    second = world.answers.recommend(DEFAULT_TENANT, question(other))

    assert len(made) == 1
    assert [item.id for item in first.items] == [item.id for item in second.items] == ["c-2", "c-1"]
    assert first.recommendation_id != second.recommendation_id


def test_a_list_is_made_anew_when_a_credential_or_a_skill_has_changed(
    world: World, made: list[Wanted]
) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    asked = question(learner("l-1", goal=Goal(skills=stated("SQL", "weld metal"))))

    def listed() -> list[str]:
        return [item.id for item in world.answers.recommend(DEFAULT_TENANT, asked).items]

    before = [listed(), listed()]
    world.put(credential("c-2", "Shop", "weld metal"))
    put = [listed(), listed()]
    world.put(skill("s:more", "solder copper"))
    listed()
    world.intake.delete(DEFAULT_TENANT, Kind.CREDENTIAL, "c-1")
    gone = [listed(), listed()]

    assert before == [["c-1"]] * 2
    assert put == [["c-2", "c-1"]] * 2
    assert gone == [["c-2"]] * 2
    assert len(made) == 4


FACTS: dict[str, object] = {
    "limit": 1,
    "threshold": 60.0,
    "unknown": UnknownMode.INCLUDE,
    "exclude": (CredentialId("c-1"),),
    "pinned": (CredentialId("c-3"),),
    "weights": Weights(gap=0.1, cost=0.9),
    "diversify": Diversify(max_per_group=1),
    "conditions": (Condition(field=ConditionField.COST, at_most=100.0, currency="USD"),),
    "relax": (ConditionField.COST,),
}


@pytest.mark.parametrize("name", FACTS)
def test_who_wants_another_list_gets_another(world: World, name: str) -> None:
    world.put(
        credential("c-1", "Databases", "SQL", cost=Money(amount=300.0, currency="USD")),
        credential("c-2", "Shop", "weld metal", cost=Money(amount=50.0, currency="USD")),
        credential("c-3", "School", "teach children"),
    )
    who = learner("l-1", goal=Goal(skills=stated("SQL", "weld metal")))
    facts = {name: FACTS[name]}
    if name == "relax":
        facts["conditions"] = FACTS["conditions"]
    alone = Recommender(world.desk, rankings=Rankings(kept=0))

    for asked in (question(who), question(who, **facts), question(who)):
        told = world.answers.recommend(DEFAULT_TENANT, asked)
        expected = alone.recommend(DEFAULT_TENANT, asked)
        assert answer_text(told) == answer_text(expected)


def test_what_was_not_wanted_the_longest_goes_first(world: World, made: list[Wanted]) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    answers = Answers(world.desk, Recommender(world.desk, rankings=Rankings(kept=1)))
    who = learner("l-1", goal=Goal(skills=stated("SQL")))
    few, many = question(who, limit=1), question(who, limit=2)

    for asked in (few, few, many, few):
        answers.recommend(DEFAULT_TENANT, asked)

    assert len(made) == 3


def _reading(wanted: Wanted, **facts: Any) -> Wanted:
    gap = wanted.gap.gap
    told = replace(gap, reading=replace(gap.reading, **facts))
    return replace(wanted, gap=replace(wanted.gap, gap=told))


def _objective(wanted: Wanted, **facts: Any) -> Wanted:
    return replace(wanted, objective=replace(wanted.objective, **facts))


def _need(wanted: Wanted) -> NDArray[np.float32]:
    return (wanted.gap.need / 2).astype(np.float32)


OTHERS: dict[str, Callable[[Wanted], Wanted]] = {
    "aim": lambda one: replace(one, aim=-one.aim),
    "need of the gap": lambda one: replace(one, gap=replace(one.gap, need=_need(one))),
    "need": lambda one: _objective(one, need=_need(one)),
    "mode": lambda one: _objective(one, mode=GoalMode.SWITCH),
    "direct": lambda one: _objective(one, direct=True),
    "taught from": lambda one: _objective(one, taught_from=0.1),
    "level": lambda one: _objective(one, level=Level.ADVANCED),
    "other levels": lambda one: _objective(one, level_other=0.7),
    "words": lambda one: _reading(one, described_as="something else"),
    "titles": lambda one: _reading(one, occupations=(("o-1", "Welder"),)),
    "goal": lambda one: _reading(one, goal=None),
    "refused": lambda one: replace(one, refused=frozenset({CredentialId("c-9")})),
    "currency": lambda one: replace(one, currency="EUR"),
    "threshold": lambda one: replace(one, threshold=1.0),
    "conditions": lambda one: replace(one, conditions=()),
}


def test_lists_are_told_apart_by_all_that_they_go_by(world: World, made: list[Wanted]) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    world.answers.recommend(
        DEFAULT_TENANT, question(learner("l-1", goal=Goal(skills=stated("SQL", "weld metal"))))
    )
    (wanted,) = made
    tenant, rankings = world.tenants.get(DEFAULT_TENANT), Rankings()
    asked: list[Ranking] = []

    def rank() -> Ranking:
        asked.append(Ranking([], [], len(asked), (), 0.0, None))
        return asked[-1]

    def told(one: Wanted, held: str = "", demand: Sequence[float] | None = None) -> int:
        basis = Basis(
            one,
            frozenset({CredentialId(held)} if held else ()),
            None if demand is None else np.array(demand, np.float32),
        )
        return rankings.ranked(tenant, basis, rank, state=State.of(tenant)).qualifying

    variants = [wanted, *(change(wanted) for change in OTHERS.values())]
    first = [told(each) for each in variants]
    by_demand = [told(wanted, demand=each) for each in ([0.5, 0], [0, 0.5])]
    by_held = [told(wanted, each) for each in ("c-1", "c-2")]

    assert first == list(range(len(variants)))
    assert by_demand == [len(variants), len(variants) + 1]
    assert by_held == [len(variants) + 2, len(variants) + 3]
    assert [told(each) for each in variants] == first


@pytest.mark.parametrize("when", ["before", "while", "in the middle of"])
def test_a_list_is_not_kept_if_something_changes(
    world: World, made: list[Wanted], when: str
) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    world.answers.recommend(
        DEFAULT_TENANT, question(learner("l-1", goal=Goal(skills=stated("SQL"))))
    )
    tenant, rankings, asked = world.tenants.get(DEFAULT_TENANT), Rankings(), list[str]()
    state = State.of(tenant)

    def rank() -> Ranking:
        asked.append("")
        if when == "while":
            world.put(skill("s:new", "solder copper"))
        return Ranking([], [], 0, (), 0.0, None)

    if when == "before":
        world.put(skill("s:new", "solder copper"))
    if when == "in the middle of":
        tenant.view.credentials.changes += 1
        state = State.of(tenant)
    basis = Basis(made[0], frozenset(), None)
    rankings.ranked(tenant, basis, rank, state=state)
    rankings.ranked(tenant, basis, rank, state=state)

    assert len(asked) == 2


def test_a_long_list_is_not_kept(world: World, made: list[Wanted]) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    world.answers.recommend(
        DEFAULT_TENANT, question(learner("l-1", goal=Goal(skills=stated("SQL"))))
    )
    tenant, rankings, asked = world.tenants.get(DEFAULT_TENANT), Rankings(), list[int]()
    one = Ranked(CredentialId("c-1"), 0.5, 50.0, (0.5,) * 6, 0.5)

    def told(count: int, limit: int) -> None:
        def rank() -> Ranking:
            asked.append(count)
            return Ranking([one], [one] * (count - 1), 0, (), 0.0, None)

        basis = Basis(replace(made[0], limit=limit), frozenset(), None)
        rankings.ranked(tenant, basis, rank, state=State.of(tenant))

    for count, limit in ((100, 1), (100, 1), (101, 2), (101, 2)):
        told(count, limit)

    assert asked == [100, 101, 101]


people = st.builds(
    lambda skills, goal, mode, held: learner(
        "l-1",
        *skills,
        goal=Goal(skills=stated(*goal), mode=mode),
        credentials=tuple(HeldCredential(id=CredentialId(each)) for each in held),
    ),
    st.lists(st.sampled_from(SKILLS), max_size=2, unique=True),
    st.lists(st.sampled_from(SKILLS), min_size=1, max_size=3, unique=True),
    st.none() | st.sampled_from(GoalMode),
    st.lists(st.sampled_from(["c-0", "c-1"]), max_size=1),
)
records = st.builds(
    lambda number, skills, price, weeks: credential(
        f"c-{number}",
        f"Course {number}",
        *skills,
        cost=None if price is None else Money(amount=price, currency="USD"),
        duration=Duration(weeks=weeks),
        delivery=(Delivery.ONLINE,),
    ),
    st.integers(0, 5),
    st.lists(st.sampled_from(SKILLS), min_size=1, max_size=2, unique=True),
    st.none() | st.sampled_from([0.0, 50.0, 400.0]),
    st.sampled_from([1.0, 8.0]),
)
jobs = st.builds(
    lambda number, skills: job(f"j-{number}", "Work", *stated(*skills)),
    st.integers(0, 2),
    st.lists(st.sampled_from(SKILLS), min_size=1, max_size=2, unique=True),
)
skills = st.builds(
    lambda number: skill(f"s:{number}", f"solder copper {number}"), st.integers(0, 2)
)
stories: st.SearchStrategy[list[Record]] = st.lists(
    people | records | jobs | skills, min_size=2, max_size=8
)


@settings(max_examples=25)
@given(story=stories)
def test_whatever_changes_a_list_is_what_it_would_be_if_none_were_kept(
    new_world: Callable[[], World], story: list[Record]
) -> None:
    world = new_world()
    alone = Recommender(world.desk, rankings=Rankings(kept=0))
    asked: list[RecommendQuestion] = []
    for each in story:
        if isinstance(each, Learner):
            asked += [question(each), question(each, limit=1)]
        else:
            world.put(each)
        for one in asked:
            assert _said(world.answers, one) == _said(alone, one)


def _said(answers: Answers | Recommender, asked: RecommendQuestion) -> str:
    try:
        return answer_text(answers.recommend(DEFAULT_TENANT, asked))
    except OnrampError as error:
        return str(error)

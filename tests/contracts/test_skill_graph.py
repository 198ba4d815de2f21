"""Every graph of skills must pass these: both ways the same, and always that of the skills now."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.ids import SkillId
from service.domain.skill import Skill
from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.vocabulary import Vocabulary
from service.matching.bridges import BRIDGE_MAX, LEAST_BRIDGE, TO_BROADER, TO_NARROWER
from service.matching.neighbor import Neighbor
from service.matching.ports import SkillGraph
from tests.builders.skills import BRIDGE, DIM, QUERYING, SQL, WELDING, a_vocabulary, vector_of
from tests.builders.vectors import unit_vectors


def a_saved_vocabulary() -> Vocabulary:
    """Return the same from a snapshot that has all neighbors."""
    whole = a_vocabulary()
    whole.fill_graph(until=lambda: False)
    with TemporaryDirectory() as place:
        whole.save(WritingFolder(Path(place) / "skills"))
        found = Vocabulary(DIM, BRIDGE)
        found.load(ReadingFolder(Path(place) / "skills"))
    return found


GRAPHS: list[Callable[[], Vocabulary]] = [a_vocabulary, a_saved_vocabulary]
SHOP = SkillId("shop")


@pytest.fixture(params=GRAPHS)
def graph(request: pytest.FixtureRequest) -> Vocabulary:
    made: Vocabulary = request.param()
    return made


def put(graph: Vocabulary, *skills: Skill, like: SkillId) -> None:
    graph.upsert(skills, np.stack([vector_of(like)] * len(skills)))


def test_a_near_skill_is_a_neighbor_both_ways_and_a_far_one_is_none(graph: SkillGraph) -> None:
    found = graph.neighbors_of([SQL, QUERYING, WELDING])

    # 0.8 times the chance of 0.6593 that a cosine of 0.9 stands for.
    assert found == [
        (Neighbor(QUERYING, 0.5274, 0.5274),),
        (Neighbor(SQL, 0.5274, 0.5274),),
        (),
    ]


def test_an_unknown_skill_has_no_neighbors(graph: SkillGraph) -> None:
    assert graph.neighbors_of([SkillId("nowhere")]) == [()]
    assert graph.neighbors_of([]) == []


def test_the_particular_is_worth_more_for_the_general_than_the_other_way(
    graph: Vocabulary,
) -> None:
    graph.neighbors_of([WELDING])
    parent = Skill(id=SHOP, preferred_label="work in a shop")
    graph.upsert([parent], vector_of(SQL)[None, ::-1].copy())
    weld = graph.get(WELDING)
    assert weld is not None
    put(graph, replace(weld, broader=(SHOP,)), like=WELDING)

    assert graph.neighbors_of([SHOP, WELDING]) == [
        (Neighbor(WELDING, TO_BROADER, TO_NARROWER),),
        (Neighbor(SHOP, TO_NARROWER, TO_BROADER),),
    ]


def test_skills_that_share_a_name_are_neighbors_whatever_their_vectors(graph: Vocabulary) -> None:
    twin = Skill(id=SHOP, preferred_label="join metal", alt_labels=("Weld Metal",))
    graph.upsert([twin], vector_of(SQL)[None, ::-1].copy())

    assert graph.neighbors_of([WELDING]) == [(Neighbor(SHOP, BRIDGE_MAX, BRIDGE_MAX),)]


def test_a_skill_that_comes_changes_or_goes_changes_its_neighbors(graph: Vocabulary) -> None:
    new = Skill(id=SHOP, preferred_label="solder")

    before = graph.neighbors_of([WELDING])[0]
    put(graph, new, like=WELDING)
    beside = [each.skill for each in graph.neighbors_of([WELDING])[0]]
    put(graph, new, like=SQL)
    moved = graph.neighbors_of([WELDING])[0]
    graph.remove(SHOP)

    assert (before, beside, moved) == ((), [SHOP], ())
    assert [each.skill for each in graph.neighbors_of([SQL])[0]] == [QUERYING]


def test_a_second_name_of_a_skill_is_no_neighbor(graph: Vocabulary) -> None:
    put(graph, Skill(id=SHOP, preferred_label="SQL language", same_as=SQL), like=SQL)

    assert [each.skill for each in graph.neighbors_of([SQL])[0]] == [QUERYING]
    assert graph.neighbors_of([SHOP]) == [()]


@given(st.integers(0, 1000), st.lists(st.integers(0, 29), min_size=1, max_size=30))
def test_neighbors_are_mutual_bounded_and_the_same_whatever_was_asked_before(
    seed: int, order: list[int]
) -> None:
    made = Vocabulary(4, BRIDGE)
    skills = [Skill(id=SkillId(f"s{each}"), preferred_label=f"skill {each}") for each in range(30)]
    made.upsert(skills, unit_vectors(30, dim=4, seed=seed))
    for number in order:
        made.neighbors_of([SkillId(f"s{number}")])

    ids = [skill.id for skill in skills]
    found = dict(zip(ids, made.neighbors_of(ids), strict=True))

    fresh = Vocabulary(4, BRIDGE)
    fresh.upsert(skills, unit_vectors(30, dim=4, seed=seed))
    assert dict(zip(ids, fresh.neighbors_of(ids), strict=True)) == found
    for skill, neighbors in found.items():
        for each in neighbors:
            assert Neighbor(skill, each.worth_back, each.worth) in found[each.skill]
            assert LEAST_BRIDGE <= max(each.worth, each.worth_back) <= BRIDGE_MAX


def test_a_graph_that_was_filled_is_the_one_that_is_worked_out_when_asked(
    graph: Vocabulary,
) -> None:
    asked = a_vocabulary().neighbors_of([SQL, QUERYING, WELDING])

    graph.fill_graph(until=lambda: False)

    assert graph.neighbors_of([SQL, QUERYING, WELDING]) == asked


def test_filling_ends_when_it_is_told_to(graph: Vocabulary) -> None:
    calls = []

    def until() -> bool:
        calls.append(1)
        return True

    graph.fill_graph(until=until)

    # A graph that is whole already has nothing to ask about.
    assert len(calls) <= 1

"""Laws of ranking: what holds for every catalog and every question."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.condition import Condition, ConditionField, Truth, judge
from service.domain.ids import CredentialId
from service.domain.ranking import Component, Diversify, Weights
from service.matching.components import scores_of
from service.matching.marginal import covered_by
from service.matching.ranking import Ranking
from tests.builders.ranking import (
    Case,
    Made,
    a_menu,
    all_weights,
    catalogs,
    conditions,
)

pytestmark = pytest.mark.slow

LAW = settings(max_examples=2000)
GAP_ALONE = Weights(gap=1.0, demand=0.0, relevance=0.0, credit=0.0, cost=0.0, time=0.0)


def ids(ranking: Ranking) -> list[CredentialId]:
    return [each.id for each in ranking.ranked]


def adds(each: Made) -> bool:
    return any(weight >= 0.3 for weight in each.teaches.values())


@LAW
@given(catalogs, conditions)
def test_no_constraint_is_ever_violated_and_a_filter_equals_brute_force(
    catalog: list[Made], limits: tuple[Condition, ...]
) -> None:
    ranking = Case(catalog=catalog).ranked(conditions=limits, limit=100)

    judged = {
        each.credential.id: {judge(limit, each.credential) for limit in limits} for each in catalog
    }
    meets = [each for each in catalog if judged[each.credential.id] <= {Truth.SATISFIED}]
    may = [
        each
        for each in catalog
        if each not in meets and Truth.VIOLATED not in judged[each.credential.id]
    ]
    assert sorted(ids(ranking)) == [each.credential.id for each in meets if adds(each)]
    assert sorted(each.id for each in ranking.apart) == [
        each.credential.id for each in may if adds(each)
    ]
    assert ranking.qualifying == len(meets)
    assert ranking.relaxed == ()


@LAW
@given(catalogs, all_weights, st.sampled_from(Component), st.sampled_from([0.0, 0.2, 0.9]))
def test_changing_one_weight_moves_its_part_alone(
    catalog: list[Made], weights: Weights, component: Component, weight: float
) -> None:
    case = Case(catalog=catalog)
    others = {each.value: weights.of(each) for each in Component} | {component.value: weight}
    if not any(others.values()):
        return
    changed = Weights(**others)

    before = {each.id: each for each in case.ranked(weights=weights).ranked}
    after = {each.id: each for each in case.ranked(weights=changed).ranked}

    place = list(Component).index(component)
    assert before.keys() == after.keys()
    for each, was in before.items():
        assert after[each].components == was.components
        moved = (weight - weights.of(component)) * was.components[place]
        assert after[each].raw - was.raw == pytest.approx(moved, abs=1e-12)


@LAW
@given(catalogs, all_weights)
def test_a_score_is_the_weighted_sum_of_what_is_displayed(
    catalog: list[Made], weights: Weights
) -> None:
    for each in Case(catalog=catalog).ranked(weights=weights).ranked:
        assert all(0 <= share <= 1 for share in each.components)
        parts = [a * b for a, b in zip(each.components, weights.all, strict=True)]
        assert each.raw == pytest.approx(sum(parts), abs=1e-12)
        assert each.score == scores_of(np.array([each.raw]), weights)[0]
        assert 0 <= each.score <= 100


@LAW
@given(catalogs, conditions, st.data())
def test_pinned_items_stay_at_the_top_and_excluded_ones_never_return(
    catalog: list[Made], limits: tuple[Condition, ...], data: st.DataObject
) -> None:
    names = [each.credential.id for each in catalog]
    pinned = data.draw(st.lists(st.sampled_from(names), unique=True, max_size=3))
    rest = [each for each in names if each not in pinned]
    excluded = data.draw(st.sets(st.sampled_from(rest)) if rest else st.just(set[CredentialId]()))
    case = Case(catalog=catalog)

    ranking = case.ranked(
        conditions=limits,
        pinned=case.named(pinned),
        refused=frozenset(excluded),
        relax=(ConditionField.COST, ConditionField.WEEKS),
        limit=4,
    )

    assert ids(ranking)[: len(pinned)] == pinned
    assert [each.pinned for each in ranking.ranked] == [
        place < len(pinned) for place in range(len(ranking.ranked))
    ]
    assert not excluded & {*ids(ranking), *(each.id for each in ranking.apart)}
    assert len(set(ids(ranking))) == len(ids(ranking))


@LAW
@given(catalogs, conditions, st.integers(1, 4))
def test_constraints_are_given_up_in_their_order_and_only_while_the_list_is_too_short(
    catalog: list[Made], limits: tuple[Condition, ...], limit: int
) -> None:
    relax = (ConditionField.WEEKS, ConditionField.COST)
    case = Case(catalog=catalog)

    strict = ids(case.ranked(conditions=limits, limit=limit))
    ranking = case.ranked(conditions=limits, limit=limit, relax=relax)

    in_order = [each for field in relax for each in limits if each.field is field]
    assert list(ranking.relaxed) == in_order[: len(ranking.relaxed)]
    if len(strict) >= limit:
        assert ranking.relaxed == ()
    elif len(ids(ranking)) < limit:
        assert list(ranking.relaxed) == in_order
    assert set(ids(ranking)[: len(strict)]) == set(strict)
    kept = [each for each in limits if each not in ranking.relaxed]
    by_id = {each.credential.id: each.credential for each in catalog}
    for each in ranking.ranked:
        assert all(judge(limit_, by_id[each.id]) is Truth.SATISFIED for limit_ in kept)


@LAW
@given(catalogs, st.integers(1, 2))
def test_no_provider_has_more_items_than_are_allowed(catalog: list[Made], most: int) -> None:
    ranking = Case(catalog=catalog).ranked(diversify=Diversify(max_per_group=most))

    by_id = {each.credential.id: each for each in catalog}
    of_provider = [by_id[each].credential.provider.name for each in ids(ranking)]
    helpful = [each.credential.provider.name for each in catalog if adds(each)]
    for name in set(helpful):
        assert of_provider.count(name) == min(most, helpful.count(name))


@LAW
@given(catalogs, st.integers(1, 3))
def test_a_list_comes_near_the_best_list_of_its_length(catalog: list[Made], limit: int) -> None:
    case = Case(catalog=catalog)

    ranking = case.ranked(weights=GAP_ALONE, limit=limit)

    need = np.array(case.need, dtype=np.float32)
    taught = np.zeros((len(catalog), len(case.need)))
    for row, each in enumerate(catalog):
        for place, weight in each.teaches.items():
            taught[row, place] = weight if weight >= 0.3 else 0.0
    menu = a_menu(taught, need)
    size = min(limit, len(catalog))
    best = max(covered_by(menu, rows) for rows in combinations(range(len(catalog)), size))
    assert ranking.covered >= (1 - 1 / np.e) * best - 1e-6
    if limit == 1:
        assert ranking.covered == pytest.approx(best, abs=1e-6)
    gains = [each.marginal_gain for each in ranking.ranked]
    assert gains == sorted(gains, reverse=True)
    assert sum(gains) == pytest.approx(ranking.covered, abs=1e-3)


@LAW
@given(catalogs, all_weights, conditions)
def test_the_same_question_has_the_same_answer(
    catalog: list[Made], weights: Weights, limits: tuple[Condition, ...]
) -> None:
    first = Case(catalog=catalog).ranked(weights=weights, conditions=limits)
    second = Case(catalog=list(reversed(catalog))).ranked(weights=weights, conditions=limits)

    assert first == second

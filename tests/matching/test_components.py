"""Components: each part of a score by value, from catalogs of which everything is known."""

from dataclasses import replace

import numpy as np
import pytest

from service.domain.credential import Level
from service.domain.quantities import CreditUnit, CreditValue, Duration, Money
from service.domain.ranking import Component, Weights
from service.errors import InvalidQuestion
from service.matching.components import Measures, components_of, scores_of
from service.matching.credits import StatedCredit
from service.matching.modes import Objective, next_level
from service.matching.rules import DEFAULT_RULES, RankingRules
from service.matching.scoring import TAUGHT_AT
from service.matching.shortlist import Shortlist, Valuing, believed
from service.matching.topical import Valued
from tests.builders.ranking import Case, Made, made

NEED = np.array([1.0, 1.0, 0.0, 0.0, 0.0], dtype=np.float32)


def column(
    component: Component,
    *catalog: Made,
    demand: tuple[float, ...] | None = None,
    rules: RankingRules = DEFAULT_RULES,
) -> list[float]:
    taught = np.zeros((len(catalog), len(NEED)))
    for row, each in enumerate(catalog):
        for place, weight in each.teaches.items():
            taught[row, place] = weight
    found = Shortlist(
        outlines=tuple(each.credential for each in catalog),
        taught=taught,
        similarity=np.linspace(-1, 1, len(catalog)),
        unknown=np.zeros(len(catalog), dtype=np.bool_),
    )
    asked = None if demand is None else np.array(demand, dtype=np.float32)
    by = Measures(need=NEED, demand=asked, currency="USD", credit=StatedCredit(), rules=rules)
    values: list[float] = components_of(found, by, Valued(taught, NEED, rules.gap_exponent))[
        :, list(Component).index(component)
    ].tolist()
    return values


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


def test_gap_is_the_weighted_share_of_what_is_open() -> None:
    rules = replace(DEFAULT_RULES, gap_exponent=1.0)
    catalog = (made(1, {0: 1.0}), made(2, {0: 0.5, 1: 0.5, 4: 1.0}))

    assert column(Component.GAP, *catalog, rules=rules) == [0.5, 0.5]


def test_small_shares_count_by_their_square_root_beside_cost_and_time() -> None:
    assert column(Component.GAP, made(1, {0: 0.5})) == [0.5]


def test_demand_weighs_what_is_open_by_what_jobs_ask_for() -> None:
    catalog = (made(1, {0: 1.0}), made(2, {1: 1.0}), made(3, {4: 1.0}))

    # What is not open, or not asked for, is in no demand here.
    assert column(Component.DEMAND, *catalog, demand=(0.6, 0.2, 0, 0, 0.9)) == [0.75, 0.25, 0.0]
    assert column(Component.DEMAND, *catalog) == [0.0, 0.0, 0.0]
    assert column(Component.DEMAND, *catalog, demand=(0, 0, 0, 0, 1)) == [0.0, 0.0, 0.0]


def test_relevance_runs_from_the_opposite_to_the_same() -> None:
    assert column(Component.RELEVANCE, made(1, {}), made(2, {}), made(3, {})) == [0.0, 0.5, 1.0]


def test_credit_is_compared_within_its_units_and_unknown_is_nothing() -> None:
    def yields(number: int, units: CreditUnit, value: float) -> Made:
        return made(number, {}, credit=(CreditValue(units=units, value=value),))

    catalog = (
        yields(1, CreditUnit.SEMESTER_HOUR, 3),
        yields(2, CreditUnit.SEMESTER_HOUR, 1.5),
        yields(3, CreditUnit.ECTS, 6),
        yields(4, CreditUnit.QUARTER_HOUR, 0),
        made(5, {}),
    )

    assert column(Component.CREDIT, *catalog) == [1.0, 0.5, 1.0, 0.0, 0.0]


def test_cheaper_is_better_beside_the_median_and_the_unknown_is_worth_as_much_as_that() -> None:
    catalog = (
        made(1, {}, cost=usd(0)),
        made(2, {}, cost=usd(100)),
        made(3, {}, cost=usd(300)),
        made(4, {}, cost=usd(900)),
        made(5, {}),
        made(6, {}, cost=Money(amount=1, currency="EUR")),
    )

    assert column(Component.COST, *catalog) == [1.0, 0.75, 0.5, 0.25, 0.5, 0.5]
    assert column(Component.COST, made(1, {}, cost=usd(0)), made(2, {})) == [1.0, 0.5]


def test_shorter_is_better() -> None:
    weeks = (made(number, {}, duration=Duration(weeks=2.0 * number)) for number in (1, 2, 6))

    assert column(Component.TIME, *weeks, made(9, {})) == [0.6667, 0.5, 0.25, 0.5]


def test_a_score_stays_within_100_whatever_the_weights() -> None:
    heavy = Weights(gap=1.0, demand=1.0, relevance=0, credit=0, cost=0, time=0)

    assert scores_of(np.array([0.5, 2.0]), heavy).tolist() == [25.0, 100.0]


@pytest.mark.parametrize("gap", [-0.1, 1.1, float("nan")])
def test_a_weight_out_of_range_is_refused(gap: float) -> None:
    with pytest.raises(InvalidQuestion, match="is not a weight from 0 to 1"):
        Weights(gap=gap)


def test_a_steep_curve_makes_up_its_mind_and_keeps_both_ends() -> None:
    wanted = Case(catalog=()).wanted()
    credit = np.array([[0.0, 0.2, 0.4, 0.6, 1.0]], dtype=np.float32)
    rules = replace(DEFAULT_RULES, teaching_slope=12.0, teaching_middle=0.5)

    def belief(rules: RankingRules) -> list[float]:
        by = Valuing(
            asked=wanted.gap.asked,
            objective=wanted.objective,
            skills=None,  # type: ignore[arg-type]  # nothing is looked up
            rules=rules,
        )
        shares: list[float] = believed(credit, by)[0].round(2).tolist()
        return shares

    assert belief(DEFAULT_RULES) == [0.0, 0.0, 0.4, 0.6, 1.0]
    assert belief(rules) == [0.0, 0.0, 0.23, 0.77, 1.0]


def test_who_advances_looks_one_level_up_and_keeps_part_of_the_rest() -> None:
    objective = Objective(
        mode=None,
        says="",
        need=NEED,
        taught_from=TAUGHT_AT,
        level=Level.INTERMEDIATE,
        level_other=0.5,
    )
    levels = (Level.INTERMEDIATE, Level.BEGINNER, None)

    fits = [objective.fit(made(1, {}, level=level).credential) for level in levels]

    assert fits == [1.0, 0.5, 0.75]
    assert next_level([]) is None
    assert next_level([Level.BEGINNER]) is Level.INTERMEDIATE
    assert next_level([Level.BEGINNER, Level.ADVANCED]) is Level.ADVANCED

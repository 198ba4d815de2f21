"""Pathways are the best there are: the same as trying all choices, and never beyond a limit."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings

from service.domain.pathway import PlanMethod
from service.matching.integer_program import IntegerProgram, Numbers, Solved, Stage
from service.matching.plan_order import place
from service.matching.plan_problem import PartsNeeded, PlanProblem, Target, is_better
from service.matching.plan_program import PlanProgram
from service.matching.planning import plan
from service.planning import HighsSolver
from tests.builders.plan_problems import a_problem, best_by_trying, problems

PATIENCE = 60.0


@pytest.mark.slow
@settings(max_examples=400)
@given(problems())
def test_the_plan_is_as_good_and_as_cheap_as_the_best_of_all_choices(problem: PlanProblem) -> None:
    value, (cost, weeks) = best_by_trying(problem)

    found = plan(problem, HighsSolver(), seconds=PATIENCE)

    assert found.optimal
    assert found.ties_broken
    assert problem.value(found.chosen) == pytest.approx(value, abs=1e-5)
    assert problem.price(found.chosen) == pytest.approx((cost, weeks), abs=1e-4)


@pytest.mark.slow
@settings(max_examples=400)
@given(problems(most=12))
def test_no_plan_breaks_a_limit_or_leaves_out_what_is_asked_first(problem: PlanProblem) -> None:
    found = plan(problem, HighsSolver(), seconds=PATIENCE)

    assert problem.is_allowed(found.chosen)
    assert problem.is_allowed(found.greedy)
    assert not is_better(problem.value(found.greedy), problem.value(found.chosen))


@pytest.mark.slow
@settings(max_examples=200)
@given(problems(most=12))
def test_every_step_comes_after_what_it_asks_for(problem: PlanProblem) -> None:
    chosen = plan(problem, HighsSolver(), seconds=PATIENCE).chosen

    steps = place(problem, chosen, np.full(len(problem.ids), np.nan))

    assert frozenset(step.number for step in steps) == chosen
    for at, step in enumerate(steps):
        assert problem.is_open(step.number, {each.number for each in steps[:at]})
    total = sum(float(step.adds @ problem.need) for step in steps)
    assert total == pytest.approx(problem.gain(chosen))


@pytest.mark.slow
@settings(max_examples=200)
@given(problems(most=9))
def test_the_values_that_stand_for_a_greedy_choice_keep_to_every_row(problem: PlanProblem) -> None:
    greedy = plan(problem, HighsSolver(), seconds=PATIENCE).greedy
    program = PlanProgram(problem)

    values = program.values_of(greedy)

    for row in program.program.rows:
        assert sum(values[at] * by for at, by in zip(row.at, row.values, strict=True)) <= (
            row.at_most + 1e-9
        )
    worth = [float(each @ values) for each in program.objectives[: program.main]]
    assert worth == pytest.approx(list(problem.value(greedy)), abs=1e-9)


@settings(max_examples=20)
@given(problems(most=5))
def test_a_small_plan_is_the_best_of_all_choices(problem: PlanProblem) -> None:
    value, _ = best_by_trying(problem)

    found = plan(problem, HighsSolver(), seconds=PATIENCE)

    assert problem.value(found.chosen) == pytest.approx(value, abs=1e-5)


def test_the_greedy_way_can_be_worse_and_is_told_apart() -> None:
    # One dear credential for most of it, or two cheap ones for all of it.
    problem = a_problem([[0.8, 0.8], [1, 0], [0, 1]], cost=[100.0, 50.0, 50.0], budget=100.0)

    found = plan(problem, HighsSolver(), seconds=PATIENCE)

    assert found.greedy == {0}
    assert found.chosen == {1, 2}
    assert (found.method, found.optimal, found.proven_gap) == (PlanMethod.EXACT, True, 0.0)


def test_a_skill_counts_once() -> None:
    problem = a_problem([[1, 0], [1, 0], [0, 0.5]], max_steps=2)

    assert plan(problem, HighsSolver(), seconds=PATIENCE).chosen == {0, 2}


def test_of_equal_plans_the_cheapest_then_the_shortest_then_the_lowest_ids() -> None:
    cheap = a_problem([[1], [1]], cost=[2.0, 1.0], weeks=[1.0, 9.0])
    short = a_problem([[1], [1]], cost=[1.0, 1.0], weeks=[2.0, 1.0])
    alike = a_problem([[1], [1], [1]])

    chosen = [plan(each, HighsSolver(), seconds=PATIENCE).chosen for each in (cheap, short, alike)]

    assert chosen == [{1}, {1}, {0}]


def test_an_unknown_cost_counts_as_the_dearest_in_a_tie() -> None:
    problem = a_problem([[1], [1]], cost=[float("nan"), 300.0])

    assert plan(problem, HighsSolver(), seconds=PATIENCE).chosen == {0}
    both = a_problem([[1], [1], [0]], cost=[float("nan"), 300.0, 400.0])
    assert plan(both, HighsSolver(), seconds=PATIENCE).chosen == {1}


def test_a_stack_takes_as_many_parts_as_it_asks_for_and_costs_no_more_than_they_do() -> None:
    problem = a_problem(
        [[0.0], [0.0], [0.0], [1.0]],
        cost=[30.0, 10.0, 20.0, 999.0],
        budget=40.0,
        max_steps=2,
        stacks={3: PartsNeeded(count=2, parts=(0, 1, 2))},
    )

    found = plan(problem, HighsSolver(), seconds=PATIENCE)

    assert found.chosen == found.greedy == {1, 2, 3}


def test_credit_within_a_larger_part_is_not_counted_again() -> None:
    target = Target(asked_first=(), amounts=np.array([3.0, 12.0, 4.0]), most=60.0, inside=((0, 1),))
    problem = a_problem([[0.0]] * 3, max_steps=2, target=target)

    found = plan(problem, HighsSolver(), seconds=PATIENCE)

    assert found.chosen == {1, 2}
    assert problem.progress(found.chosen) == 16.0


def test_without_time_the_greedy_plan_is_the_answer_and_the_proven_gap_is_told() -> None:
    problem = a_problem([[0.8, 0.8], [1, 0], [0, 1]], cost=[100.0, 50.0, 50.0], budget=100.0)

    found = plan(problem, HighsSolver(), seconds=0.0)

    assert (found.method, found.optimal) == (PlanMethod.GREEDY, False)
    assert found.chosen == found.greedy == {0}
    assert found.proven_gap == pytest.approx(0.2)
    assert problem.is_allowed(found.chosen)


class Interrupted:
    """A solver that was stopped after it had found something, and proven a bound."""

    def __init__(self, chosen: frozenset[int], bound: float) -> None:
        self._chosen = chosen
        self._bound = bound

    def maximize(
        self,
        program: IntegerProgram,
        objectives: Sequence[Numbers],  # noqa: ARG002 - a port's argument
        *,
        seconds: float,  # noqa: ARG002 - a port's argument
        start: Numbers,
    ) -> Solved | None:
        """Return what was found."""
        values = np.zeros_like(start)
        values[sorted(self._chosen)] = 1.0
        assert len(values) == program.columns
        return Solved(values=values, stages=(Stage(0.0, self._bound),))


def test_an_interrupted_search_gives_what_it_found_with_the_gap_that_is_left() -> None:
    credit: list[list[float]] = [[0.8, 0.8], [1, 0], [0, 0.9], [0, 1]]
    problem = a_problem(credit, cost=[100.0, 50.0, 50.0, 90.0], budget=100.0)

    found = plan(problem, Interrupted(frozenset({1, 2}), 0.97))

    assert found.chosen == {1, 2}
    assert (found.method, found.optimal) == (PlanMethod.EXACT, False)
    assert problem.gain(found.chosen) == pytest.approx(0.95)
    assert found.proven_gap == pytest.approx(0.02)


def test_what_breaks_a_limit_is_never_the_answer_whatever_a_solver_says() -> None:
    problem = a_problem([[0.8], [1]], cost=[1.0, 50.0], budget=2.0)

    found = plan(problem, Interrupted(frozenset({0, 1}), 1.0))

    assert found.chosen == {0}
    assert found.method is PlanMethod.GREEDY


def test_the_same_problem_has_the_same_plan() -> None:
    drawn = np.random.default_rng(7)
    credit = np.where(drawn.random((30, 12)) < 0.3, drawn.random((30, 12)).round(2), 0.0)
    problem = a_problem(
        credit.tolist(), cost=drawn.integers(1, 50, 30).astype(float).tolist(), budget=90.0
    )

    plans = [plan(problem, HighsSolver(), seconds=PATIENCE) for _ in range(3)]

    assert plans[0].optimal
    assert plans[0] == plans[1] == plans[2]


def test_nothing_to_choose_from_is_a_plan_of_nothing() -> None:
    found = plan(a_problem([], need=[1.0]), HighsSolver())

    assert (found.chosen, found.optimal) == (frozenset(), True)

"""Planning: the best choice of credentials, with a proof of how good it is."""

from dataclasses import dataclass

from service.domain.pathway import PlanMethod
from service.matching.integer_program import Solved, Solver
from service.matching.plan_greedy import choose_greedily
from service.matching.plan_problem import EQUAL, Choice, PlanProblem, is_better
from service.matching.plan_program import PlanProgram

DEFAULT_SECONDS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A choice, and how good it is.

    Attributes:
        greedy: what comes of always taking what adds most.
        optimal: whether it is proven that no allowed choice is worth more.
        proven_gap: what a better choice could add to the gain at most, in [0, 1].
        ties_broken: whether it is the cheapest, then shortest, of the best ones.
    """

    chosen: Choice
    greedy: Choice
    method: PlanMethod
    optimal: bool
    proven_gap: float
    ties_broken: bool


def plan(problem: PlanProblem, solver: Solver, *, seconds: float = DEFAULT_SECONDS) -> Plan:
    """Return the choice that is worth most; among equals the cheapest, shortest, then by id.

    Where the time does not do for a choice better than the greedy one, that one is the answer.
    """
    greedy = choose_greedily(problem)
    if not problem.ids:
        return Plan(
            chosen=greedy,
            greedy=greedy,
            method=PlanMethod.EXACT,
            optimal=True,
            proven_gap=0.0,
            ties_broken=True,
        )
    program = PlanProgram(problem)
    solved = solver.maximize(
        program.program, program.objectives, seconds=seconds, start=program.values_of(greedy)
    )
    if solved is None:
        return _greedy_alone(problem, greedy)
    chosen = program.choice_of(solved.values)
    if not problem.is_allowed(chosen):  # a solver's tolerance is no learner's
        return _greedy_alone(problem, greedy)
    begun = len(solved.stages)
    optimal = begun > program.main or (begun == program.main and _is_proven(solved))
    if not optimal and not is_better(problem.value(chosen), problem.value(greedy)):
        return _greedy_alone(problem, greedy, bound=_bound(solved, program))
    return Plan(
        chosen=chosen,
        greedy=greedy,
        method=PlanMethod.EXACT,
        optimal=optimal,
        proven_gap=0.0 if optimal else _gap(problem, chosen, _bound(solved, program)),
        ties_broken=optimal and begun == len(program.objectives) and _is_proven(solved),
    )


def _greedy_alone(problem: PlanProblem, greedy: Choice, *, bound: float = 1.0) -> Plan:
    return Plan(
        chosen=greedy,
        greedy=greedy,
        method=PlanMethod.GREEDY,
        optimal=False,
        proven_gap=_gap(problem, greedy, bound),
        ties_broken=False,
    )


def _is_proven(solved: Solved) -> bool:
    last = solved.stages[-1]
    return last.bound - last.value <= EQUAL


def _bound(solved: Solved, program: PlanProgram) -> float:
    """Return what no choice can gain more than; 1 where the solver did not come that far."""
    return solved.stages[-1].bound if len(solved.stages) == program.main else 1.0


def _gap(problem: PlanProblem, chosen: Choice, bound: float) -> float:
    everything = problem.gain(range(len(problem.ids)))
    return max(min(bound, everything) - problem.gain(chosen), 0.0)

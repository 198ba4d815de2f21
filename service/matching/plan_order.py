"""The order of a pathway: what is asked for first, then what gains most in an hour."""

from dataclasses import dataclass

import numpy as np

from service.matching.integer_program import Numbers
from service.matching.plan_problem import Choice, PlanProblem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """A step in its place.

    Attributes:
        number: the credential's number in the problem.
        adds: float64 ``(r,)``: how much better each requirement is met after it than before.
        met: float64 ``(r,)``: how far each is met after it.
        starts: weeks from the beginning; NaN for unknown.
        ends: the same.
    """

    number: int
    adds: Numbers
    met: Numbers
    starts: float
    ends: float


def place(problem: PlanProblem, chosen: Choice, hours: Numbers) -> tuple[Placed, ...]:
    """Return an allowed choice as steps, one after another.

    Args:
        problem: what may be chosen.
        chosen: what was.
        hours: float64 ``(n,)``: hours of work; NaN for unknown.
    """
    steps: list[Placed] = []
    done: set[int] = set()
    met = np.zeros(len(problem.need))
    now = 0.0
    while len(done) < len(chosen):
        ready = [each for each in sorted(chosen - done) if problem.is_open(each, done)]
        best = max(ready, key=lambda each: (_rate(problem, each, met, hours), -each))
        after = np.maximum(met, problem.credit[best])
        ends = now if best in problem.stacks else now + float(problem.weeks[best])
        steps.append(Placed(number=best, adds=after - met, met=after, starts=now, ends=ends))
        done.add(best)
        met, now = after, ends
    return tuple(steps)


def _rate(
    problem: PlanProblem, each: int, met: Numbers, hours: Numbers
) -> tuple[bool, bool, float, float]:
    """Return what orders the steps that could be next: awards, then known hours, then gain."""
    gain = float(np.maximum(problem.credit[each] - met, 0.0) @ problem.need)
    takes = float(hours[each])
    if each in problem.stacks:
        return True, True, gain, gain
    if np.isnan(takes):
        return False, False, gain, gain
    return False, True, gain / max(takes, 1.0), gain

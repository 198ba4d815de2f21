"""Small planning problems, drawn and built, and the best choice by trying all of them."""

from itertools import chain, combinations
from typing import Any

import numpy as np
from hypothesis import strategies as st

from service.domain.ids import CredentialId
from service.matching.plan_problem import EQUAL, Choice, PartsNeeded, PlanProblem, Target


def a_problem(
    credit: list[list[float]],
    *,
    need: list[float] | None = None,
    cost: list[float] | None = None,
    weeks: list[float] | None = None,
    **facts: Any,
) -> PlanProblem:
    """Return a problem of so many credentials; free, and a week long, unless told otherwise."""
    count = len(credit)
    needed = np.array(need or [1.0] * len(credit[0]))
    table = np.array(credit, dtype=np.float64).reshape(count, len(needed))
    return PlanProblem(
        **{
            "budget": None,
            "max_weeks": None,
            "max_steps": 20,
            "prerequisites": ((),) * count,
            **facts,
        },
        ids=tuple(CredentialId(f"c-{each}") for each in range(count)),
        credit=table,
        need=needed / needed.sum(),
        cost=np.array(cost or [0.0] * count),
        weeks=np.array(weeks or [1.0] * count),
    )


def best_by_trying(problem: PlanProblem) -> tuple[tuple[float, ...], tuple[float, float]]:
    """Return the highest value of any allowed choice, and the lowest price at which it is had."""
    allowed = [each for each in every_choice(problem) if problem.is_allowed(each)]
    value = max(problem.value(each) for each in allowed)
    equal = [each for each in allowed if np.allclose(problem.value(each), value, atol=EQUAL)]
    return value, min(problem.price(each) for each in equal)


def every_choice(problem: PlanProblem) -> list[Choice]:
    """Return all subsets."""
    numbers = range(len(problem.ids))
    subsets = chain.from_iterable(combinations(numbers, size) for size in range(len(numbers) + 1))
    return [frozenset(each) for each in subsets]


@st.composite
def problems(draw: st.DrawFn, *, most: int = 7) -> PlanProblem:
    """Draw problems with limits, prerequisites, a stack and a target, each there or not."""
    count = draw(st.integers(1, most))
    asked = draw(st.integers(1, 4))
    share = st.sampled_from([0.0, 0.0, 0.3, 0.5, 0.75, 1.0])
    figures = st.lists(st.integers(0, 9).map(float), min_size=count, max_size=count)
    limits = st.none() | st.integers(0, 25).map(float)
    before = [
        draw(st.frozensets(st.integers(0, each - 1), max_size=2)) if each else frozenset()
        for each in range(count)
    ]
    return a_problem(
        draw(
            st.lists(
                st.lists(share, min_size=asked, max_size=asked), min_size=count, max_size=count
            )
        ),
        need=draw(st.lists(st.integers(1, 5).map(float), min_size=asked, max_size=asked)),
        cost=draw(figures),
        weeks=draw(figures),
        budget=draw(limits),
        max_weeks=draw(limits),
        max_steps=draw(st.integers(1, count)),
        prerequisites=tuple(tuple(sorted(each)) for each in before),
        stacks=draw(_stacks(count)),
        target=draw(st.none() | _targets(count)),
    )


@st.composite
def _stacks(draw: st.DrawFn, count: int) -> dict[int, PartsNeeded]:
    # The last one, so that nothing asks for what asks for it.
    if count < 3 or not draw(st.booleans()):
        return {}
    parts = draw(st.frozensets(st.integers(0, count - 2), min_size=1))
    needed = draw(st.integers(0, len(parts)))
    return {count - 1: PartsNeeded(count=needed, parts=tuple(sorted(parts)))}


@st.composite
def _targets(draw: st.DrawFn, count: int) -> Target:
    amounts = draw(st.lists(st.integers(0, 6).map(float), min_size=count, max_size=count))
    pairs = [(part, whole) for part in range(count) for whole in range(count) if part < whole]
    return Target(
        asked_first=tuple(sorted(draw(st.frozensets(st.integers(0, count - 1), max_size=2)))),
        amounts=np.array(amounts),
        most=draw(st.integers(1, 12).map(float)),
        inside=tuple(draw(st.lists(st.sampled_from(pairs), max_size=2, unique=True)))
        if pairs
        else (),
    )

"""The planning problem as an integer program: a facility-location model under knapsacks.

Columns: ``x[i]`` says whether credential ``i`` is chosen. ``y[i, j]`` is the share of requirement
``j`` that it is given to, at most ``x[i]`` and for each requirement 1 in all, so that the best
credential counts and a skill counts once (Cornuejols, Fisher and Nemhauser 1977, whose relaxation
is tight). With a target, ``u[i]`` says whether the amount of ``i`` counts towards it.
"""

from collections.abc import Iterable

import numpy as np

from service.matching.integer_program import IntegerProgram, Numbers, Row
from service.matching.plan_problem import Choice, PlanProblem, filled


class PlanProgram:
    """The columns, rows and objectives that stand for a problem.

    Attributes:
        main: how many of the objectives are the problem's value; the others break ties.
    """

    def __init__(self, problem: PlanProblem) -> None:
        self._problem = problem
        self._count = len(problem.ids)
        taught = np.argwhere((problem.credit > 0) & (problem.need > 0))
        self._given = [(int(each), int(asked)) for each, asked in taught]
        target = problem.target
        amounts = np.zeros(self._count) if target is None else target.amounts
        self._leading: list[int] = np.flatnonzero(amounts).tolist()
        self._first_counted = self._count + len(self._given)
        columns = self._first_counted + len(self._leading)
        self.program = IntegerProgram(columns=columns, whole=self._count, rows=tuple(self._rows()))
        value = [self._gain()]
        if target is not None:
            value = [self._asked_first(), self._progress(), self._gain()]
        self.main = len(value)
        self.objectives = (*value, *self._ties())

    def values_of(self, chosen: Choice) -> Numbers:
        """Return the columns' values that stand for a choice."""
        problem = self._problem
        values = np.zeros(self.program.columns)
        values[sorted(chosen)] = 1.0
        best = problem.met(chosen)
        given: set[int] = set()
        for place, (each, asked) in enumerate(self._given, start=self._count):
            if each in chosen and asked not in given and problem.credit[each, asked] >= best[asked]:
                values[place] = 1.0
                given.add(asked)
        self._fill_counted(values, chosen)
        return values

    def choice_of(self, values: Numbers) -> Choice:
        """Return the choice that the columns' values stand for."""
        return frozenset(int(each) for each in np.flatnonzero(np.round(values[: self._count])))

    def _fill_counted(self, values: Numbers, chosen: Choice) -> None:
        target = self._problem.target
        if target is None:
            return
        within = {part for part, whole in target.inside if whole in chosen}
        room = target.most
        for place, each in enumerate(self._leading, start=self._first_counted):
            if each in chosen and each not in within:
                values[place] = min(1.0, room / target.amounts[each])
                room -= values[place] * target.amounts[each]

    def _rows(self) -> Iterable[Row]:
        yield from self._limits()
        yield from self._orders()
        by_asked: dict[int, list[int]] = {}
        for place, (each, asked) in enumerate(self._given, start=self._count):
            yield Row((place, each), (1.0, -1.0), 0.0)
            by_asked.setdefault(asked, []).append(place)
        for places in by_asked.values():
            yield Row(tuple(places), (1.0,) * len(places), 1.0)
        yield from self._towards()

    def _limits(self) -> Iterable[Row]:
        problem = self._problem
        studied = [each for each in range(self._count) if each not in problem.stacks]
        for figures, limit in (
            (problem.cost, problem.budget),
            (problem.weeks, problem.max_weeks),
            (np.ones(self._count), float(problem.max_steps)),
        ):
            if limit is not None:
                # Scaled, so that the solver's tolerance is a millionth of the limit.
                scale = limit or 1.0
                takes = [each for each in studied if figures[each] > 0]
                weights = tuple(float(figures[each]) / scale for each in takes)
                yield Row(tuple(takes), weights, limit / scale)

    def _orders(self) -> Iterable[Row]:
        for each, before in enumerate(self._problem.prerequisites):
            for other in before:
                yield Row((each, other), (1.0, -1.0), 0.0)
        for each, stack in self._problem.stacks.items():
            weights = (float(stack.count), *(-1.0 for _ in stack.parts))
            yield Row((each, *stack.parts), weights, 0.0)

    def _towards(self) -> Iterable[Row]:
        target = self._problem.target
        if target is None or not self._leading:
            return
        places = {each: self._first_counted + at for at, each in enumerate(self._leading)}
        for each, place in places.items():
            yield Row((place, each), (1.0, -1.0), 0.0)
        for part, whole in target.inside:
            if part in places:
                yield Row((places[part], whole), (1.0, 1.0), 1.0)
        scale = target.most or 1.0
        weights = tuple(float(target.amounts[each]) / scale for each in self._leading)
        yield Row(tuple(places.values()), weights, target.most / scale)

    def _gain(self) -> Numbers:
        objective = np.zeros(self.program.columns)
        for place, (each, asked) in enumerate(self._given, start=self._count):
            objective[place] = self._problem.credit[each, asked] * self._problem.need[asked]
        return objective

    def _asked_first(self) -> Numbers:
        objective = np.zeros(self.program.columns)
        if self._problem.target is not None:
            objective[list(self._problem.target.asked_first)] = 1.0
        return objective

    def _progress(self) -> Numbers:
        objective = np.zeros(self.program.columns)
        target = self._problem.target
        if target is not None and self._leading:
            objective[self._first_counted :] = target.amounts[self._leading]
        return objective

    def _ties(self) -> Iterable[Numbers]:
        """Yield least cost, then least weeks, then fewest steps and lowest ids, as objectives."""
        problem = self._problem
        studied = np.array([each not in problem.stacks for each in range(self._count)], dtype=float)
        places = np.arange(self._count)
        for figures in (filled(problem.cost), filled(problem.weeks), None):
            objective = np.zeros(self.program.columns)
            if figures is None:
                objective[: self._count] = -(1.0 + places / max(self._count, 1) ** 2)
            else:
                scale = float(figures.max(initial=0.0)) or 1.0
                objective[: self._count] = -figures * studied / scale
            yield objective

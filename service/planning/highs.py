"""HiGHS: exact by branch and bound (Huangfu and Hall 2018), in one thread, with a fixed seed."""

import time
from collections.abc import Sequence

import highspy
import numpy as np

from service.matching.integer_program import IntegerProgram, Numbers, Row, Solved, Stage

# Values that differ by no more than this are equal: what HiGHS grants a constraint, too.
TOLERANCE = 1e-6

_OPTIONS: dict[str, float | int | str | bool] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": TOLERANCE / 10,
}


class HighsSolver:
    """Implements ``Solver``; one object serves many threads."""

    def maximize(
        self,
        program: IntegerProgram,
        objectives: Sequence[Numbers],
        *,
        seconds: float,
        start: Numbers,
    ) -> Solved | None:
        """Maximize the first objective; among the best the second; and so on."""
        end = time.monotonic() + seconds
        rows = list(program.rows)
        stages: list[Stage] = []
        values: Numbers | None = None
        for objective in objectives:
            left = max(end - time.monotonic(), 0.0)
            run = _Run(program, rows, objective, seconds=left, start=start)
            if run.values is None:
                break
            values = start = run.values
            stages.append(Stage(run.value, run.bound))
            if not run.is_optimal:
                break
            rows.append(_at_least(objective, run.value - TOLERANCE))
        return Solved(values=values, stages=tuple(stages)) if values is not None else None


class _Quiet(highspy.Highs):
    """HiGHS without callbacks: setting them up prints a banner on standard output."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's name
        """Set up none."""


class _Run:
    """One objective, maximized."""

    def __init__(
        self,
        program: IntegerProgram,
        rows: Sequence[Row],
        objective: Numbers,
        *,
        seconds: float,
        start: Numbers,
    ) -> None:
        highs = _Quiet()  # type: ignore[no-untyped-call]  # HiGHS's constructor has no types
        for name, value in (*_OPTIONS.items(), ("time_limit", seconds)):
            highs.setOptionValue(name, value)
        highs.passModel(_model(program, rows, objective))
        given = highspy.HighsSolution()
        given.col_value = start.tolist()
        highs.setSolution(given)
        highs.run()
        info = highs.getInfo()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        self.is_optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        self.values = _whole(highs.getSolution().col_value, program) if found else None
        self.value = float(info.objective_function_value)
        self.bound = self.value if self.is_optimal else float(info.mip_dual_bound)


def _model(program: IntegerProgram, rows: Sequence[Row], objective: Numbers) -> "highspy.HighsLp":
    model = highspy.HighsLp()
    model.num_col_ = program.columns
    model.num_row_ = len(rows)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = objective
    model.col_lower_ = np.zeros(program.columns)
    model.col_upper_ = np.ones(program.columns)
    model.row_lower_ = np.full(len(rows), -highspy.kHighsInf)
    model.row_upper_ = np.array([row.at_most for row in rows], dtype=np.float64)
    kinds = highspy.HighsVarType
    continuous = program.columns - program.whole
    model.integrality_ = [kinds.kInteger] * program.whole + [kinds.kContinuous] * continuous
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *(len(row.at) for row in rows)]).astype(np.int32)
    matrix.index_ = np.array([place for row in rows for place in row.at], dtype=np.int32)
    matrix.value_ = np.array([value for row in rows for value in row.values], dtype=np.float64)
    return model


def _at_least(objective: Numbers, value: float) -> Row:
    at = np.flatnonzero(objective)
    return Row(tuple(at.tolist()), tuple((-objective[at]).tolist()), -value)


def _whole(found: Sequence[float], program: IntegerProgram) -> Numbers:
    values = np.array(found, dtype=np.float64)
    values[: program.whole] = np.round(values[: program.whole])
    return values

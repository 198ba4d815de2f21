"""Solvers of integer programs; the only room that knows one."""

from service.planning.highs import HighsSolver

__all__ = ["HighsSolver"]

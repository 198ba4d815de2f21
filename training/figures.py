"""Figures of scores: means with their intervals, beside the base model and by field of work."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from training.bootstrap import Difference, interval, paired
from training.evaluating import System, scores_of
from training.metrics import Metric, Scores
from training.tasks import Task

FEWEST_OF_FIELD: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A mean over queries with its 95 % interval, and the base model's."""

    value: float
    low: float
    high: float
    base: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFigure:
    """The headline among the queries of one field of work, and the base model's."""

    queries: int
    value: float
    base: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is known of a task beside its figures.

    Attributes:
        systems: the headline of each system, with its interval.
        difference: of the model from the base on the headline.
        means: of every system and metric.
        fields: the headline by field of work, where there are enough queries.
        lost_by_quantization: the share of the headline that is lost; below 0 is a gain.
    """

    queries: int
    targets: int
    headline: str
    difference: Difference
    systems: Mapping[str, Figure]
    means: Mapping[str, Mapping[str, float]]
    fields: Mapping[str, FieldFigure]
    lost_by_quantization: float | None


def figures(frame: pl.DataFrame, task: Task) -> dict[str, Figure]:
    """Return the figures of the model on a task, by metric."""
    return {metric.value: _figure(frame, task, metric, System.MODEL) for metric in task.metrics}


def details(frame: pl.DataFrame, task: Task) -> Details:
    """Return the rest of what the scores of a task tell."""
    headline = task.headline
    systems = [system for system in System if len(scores_of(frame, task.name, headline, system))]
    model, base = (
        scores_of(frame, task.name, headline, system) for system in (System.MODEL, System.BASE)
    )
    means = {
        system.value: {
            metric.value: float(scores_of(frame, task.name, metric, system).mean())
            for metric in task.metrics
        }
        for system in systems
    }
    return Details(
        queries=len(task.queries),
        targets=len(task.targets),
        headline=headline.value,
        difference=paired(model, base),
        systems={system.value: _figure(frame, task, headline, system) for system in systems},
        means=means,
        fields=_by_field(task.fields or (), model, base),
        lost_by_quantization=_lost(means, headline),
    )


def _figure(frame: pl.DataFrame, task: Task, metric: Metric, system: System) -> Figure:
    scores = scores_of(frame, task.name, metric, system)
    low, high = interval(scores)
    base = scores_of(frame, task.name, metric, System.BASE)
    return Figure(value=float(scores.mean()), low=low, high=high, base=float(base.mean()))


def _by_field(fields: tuple[str, ...], model: Scores, base: Scores) -> dict[str, FieldFigure]:
    found = {}
    for field, queries in sorted(Counter(fields).items()):
        if field and queries >= FEWEST_OF_FIELD:
            rows = [row for row, each in enumerate(fields) if each == field]
            found[field] = FieldFigure(
                queries=queries, value=float(model[rows].mean()), base=float(base[rows].mean())
            )
    return found


def _lost(means: Mapping[str, Mapping[str, float]], headline: Metric) -> float | None:
    if System.FLOAT.value not in means:
        return None
    before = means[System.FLOAT.value][headline.value]
    return 1 - means[System.MODEL.value][headline.value] / before if before else 0.0

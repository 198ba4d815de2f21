"""Measuring a model on every development task, beside its base and what needs no model."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
from rich.progress import Progress

from training.baselines import bm25, tfidf
from training.encoders import (
    CachedEncoder,
    Model,
    shipped_model,
    transformer_model,
    unquantized_model,
)
from training.evaluating import Rank, System, by_vectors, score_task
from training.export import base_folder
from training.figures import Details, Figure, details, figures
from training.spread import Spread, spread, unrelated_texts
from training.tasks import Task, development_tasks

SCORES: Final = "scores.parquet"
DECIMALS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everything that was measured, as it is written to ``eval.json``."""

    tasks: Mapping[str, Mapping[str, Figure]]
    details: Mapping[str, Details]
    spread: Mapping[str, Spread]
    models: Mapping[str, str]


def evaluate(
    data: Path,
    out: Path,
    model_folder: Path,
    *,
    progress: Progress,
    base: Path | None = None,
    float_folder: Path | None = None,
) -> Evaluation:
    """Measure a model folder and write the figures to ``out``.

    Scores of each query, and vectors, which a second run does not compute again, come into the
    folder beside it that is called as it is but for the suffix.

    Args:
        data: the folder of the research sets.
        out: the ``.json`` to write.
        model_folder: a sealed model folder.
        progress: where to show it.
        base: what it was tuned from; the model from the package index unless told otherwise.
        float_folder: the tuned model before its quantization, to tell what that costs.
    """
    beside = out.with_suffix("")
    tasks, unrelated = development_tasks(data), unrelated_texts(data)
    models = _models(model_folder, base or base_folder(), float_folder)
    encoders = {system: CachedEncoder(model, beside) for system, model in models.items()}
    texts = [*unrelated, *(text for task in tasks for text in (*task.queries, *task.targets))]
    for system, encode in encoders.items():
        _fill(encode, texts, f"encoding with {system}", progress)
    systems = {system: by_vectors(encode) for system, encode in encoders.items()}
    frame = _scores(tasks, {**systems, System.TFIDF: tfidf, System.BM25: bm25}, progress)
    found = Evaluation(
        tasks={task.name: figures(frame, task) for task in tasks},
        details={task.name: details(frame, task) for task in tasks},
        spread={system.value: spread(each(unrelated)) for system, each in encoders.items()},
        models={system.value: model.key for system, model in models.items()},
    )
    frame.write_parquet(beside / SCORES)
    _write(found, out)
    return found


def _models(model: Path, base: Path, before: Path | None) -> dict[System, Model]:
    models = {System.MODEL: shipped_model(model), System.BASE: transformer_model(base)}
    return models if before is None else {**models, System.FLOAT: unquantized_model(before)}


def _fill(encoder: CachedEncoder, texts: Sequence[str], what: str, progress: Progress) -> None:
    parts = encoder.parts(texts)
    bar = progress.add_task(what, total=sum(map(len, parts)))
    for part in parts:
        encoder.add(part)
        progress.advance(bar, len(part))


def _scores(
    tasks: Sequence[Task], systems: Mapping[System, Rank], progress: Progress
) -> pl.DataFrame:
    frames = (frame for task in tasks for frame in score_task(task, systems))
    total = sum(len(systems) * len(task.metrics) for task in tasks)
    return pl.concat(progress.track(frames, total=total, description="ranking"))


def _write(found: Evaluation, out: Path) -> None:
    document = json.dumps(_rounded(asdict(found)), indent=1, ensure_ascii=False)
    out.write_text(document + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return round(value, DECIMALS) if isinstance(value, float) else value

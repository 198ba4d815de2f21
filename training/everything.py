"""All commands in turn; what is there already, and newer than what it is made of, is left."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from embeddings.model_folder import MANIFEST, ModelFile
from training.commands import (
    Report,
    counts_file,
    fine_tune,
    fit_curves,
    make_folder,
    make_pairs,
    measure,
)
from training.config import Preset
from training.export import UNFITTED
from training.freshness import is_newer
from training.output import say
from training.pairs import PAIRS, TEXTS
from training.research.pair import Source
from training.research.written import FOLDER as WRITTEN
from training.run_folder import METRICS, WEIGHTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to make of what, and where.

    Attributes:
        data: the folder of the research sets.
        exported: the folder that ``onramp export-pairs`` wrote.
        work: the folder for the pairs and the run.
        model: the model folder to write.
        curves: the picture of its curves.
    """

    data: Path
    exported: Path
    sources: Sequence[Source]
    base: Path
    preset: Preset
    work: Path
    model: Path
    curves: Path
    report: Report

    @property
    def pairs(self) -> Path:
        """The pairs to write."""
        return self.work / "pairs.parquet"

    @property
    def run(self) -> Path:
        """The folder of the run, which presets do not share."""
        return self.work / f"run-{self.preset}"


def make_everything(plan: Plan) -> None:
    """Make pairs, train, export, calibrate and measure, each unless it is done."""
    if _has_pairs(plan):
        _leave(plan.pairs)
    else:
        make_pairs(plan.data, plan.exported, plan.sources, plan.pairs)
    fine_tune(plan.pairs, plan.base, plan.preset, plan.run)
    if _has_folder(plan):
        _leave(plan.model)
    else:
        make_folder(plan.run, plan.model)
    if _has_curves(plan):
        _leave(plan.model / ModelFile.CALIBRATION)
    else:
        cache = plan.report.figures.with_suffix("")
        fit_curves(plan.data, plan.model, plan.report.page, plan.curves, cache)
    if _has_report(plan):
        _leave(plan.report.figures)
    else:
        measure(plan.data, plan.model, plan.run, plan.report)


def _leave(what: Path) -> None:
    say(f"{what} is newer than what it is made of; nothing to do")


def _has_pairs(plan: Plan) -> bool:
    made = plan.pairs, counts_file(plan.pairs)
    taken = plan.data, plan.exported / PAIRS, plan.exported / TEXTS, WRITTEN
    # A list of other sources changes no file.
    return is_newer(made, taken) and list(_json(made[1])["sources"]) == list(plan.sources)


def _has_folder(plan: Plan) -> bool:
    made = plan.model / MANIFEST, plan.model / ModelFile.METRICS
    # The files of a checkout are as new as the checkout, whatever model they are.
    return is_newer(made, [plan.run / WEIGHTS, plan.run / METRICS]) and (
        _json(made[1]).get("training") == _json(plan.run / METRICS)
    )


def _has_curves(plan: Plan) -> bool:
    made = plan.model / ModelFile.CALIBRATION, plan.curves
    # An export writes curves as well, though none that were fitted.
    return is_newer(made, [plan.data, plan.model / ModelFile.MODEL]) and (
        _json(made[0]) != asdict(UNFITTED)
    )


def _has_report(plan: Plan) -> bool:
    made = plan.report.figures, plan.report.image
    return is_newer(made, [plan.data, plan.model / MANIFEST, plan.run / WEIGHTS])


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())

"""What each command of ``python -m training`` does."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch

from embeddings.model_folder import ModelFile
from training.calibration import calibrate
from training.config import PRESETS, Preset
from training.errors import MissingPage, NoGpu
from training.evaluate import evaluate
from training.export import export
from training.fine_tuning import FineTuning
from training.output import bars, say, show_counts
from training.pairs import build_pairs, read_pairs
from training.report import write_report
from training.research.pair import Source
from training.run_folder import Fingerprint, RunFolder
from training.unpacking import unpack


class Report(NamedTuple):
    """Where an evaluation goes: its figures, the page with their tables, and their picture."""

    figures: Path
    page: Path
    image: Path


def make_pairs(data: Path, exported: Path, sources: Sequence[Source], out: Path) -> None:
    """Write the pairs of some sources, and beside them how many each gave."""
    with bars() as progress:
        track = progress.track(sources, description="reading pairs")
        frame, counts = build_pairs(data, exported, track)
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}")
    frame.write_parquet(aside)
    aside.replace(out)
    document = {each.source: {"pairs": each.pairs, "held_out": each.held_out} for each in counts}
    counts_file(out).write_text(json.dumps({"sources": document}, indent=1) + "\n", "utf-8")
    show_counts(counts)
    say(f"Wrote {frame.height:,} pairs to {out}")


def counts_file(pairs: Path) -> Path:
    """Return the file beside a file of pairs that says how many each source gave."""
    return pairs.with_suffix(".json")


def fine_tune(pairs: Path, base: Path, preset: Preset, out: Path) -> None:
    """Train on pairs, go on with a run that was interrupted, or say that it is finished.

    Raises:
        NoGpu: if the preset needs one and there is none.
        OtherRun: if the folder holds a run that was made of something else.
    """
    if preset is Preset.GPU and not torch.cuda.is_available():
        raise NoGpu
    frame, config = read_pairs(pairs), PRESETS[preset]
    if RunFolder(out).is_finished(Fingerprint.of(base, frame, config)):
        say(f"The run in {out} is finished, and was made of the same; nothing to do")
        return
    tuning = FineTuning(base, frame, config, out)
    try:
        with bars() as progress:
            tuning.run(progress)
    except KeyboardInterrupt:
        say(
            f"Stopped after step {tuning.step} of {tuning.total}. "
            f"The same command goes on after step {tuning.kept_step}, the last that was kept."
        )
        raise
    say(f"Trained {tuning.total} steps on {frame.height:,} pairs; wrote {out}")


def unpack_model(model: Path, base: Path, out: Path) -> None:
    """Write the weights of a model folder, for a run to go on from, and say how."""
    unpack(model, base, out)
    say(f"Wrote {out}; `fine-tune --base {out} --preset {Preset.CONTINUE}` goes on from there")


def make_folder(base: Path, out: Path) -> None:
    """Write a sealed model folder, and say how near it is to what it was made of."""
    likeness = export(base, out)
    say(f"Wrote {out}; to the model before quantization: {likeness}")


def fit_curves(data: Path, model: Path, page: Path, curves: Path, cache: Path) -> None:
    """Fit the curves of a model folder, and write their tables and their picture."""
    report = calibrate(data, model, curves, page=page, cache=cache)
    for name, each in report.curves.items():
        say(f"{name}: {each.curve.basis}")
    say(f"Wrote {model / ModelFile.CALIBRATION}, {page} and {curves}")


def measure(data: Path, model: Path, before: Path | None, report: Report) -> None:
    """Measure a model folder, and write the figures, their tables and their picture.

    Raises:
        MissingPage: if the page is not there.
    """
    if not report.page.exists():
        raise MissingPage(report.page)
    with bars() as progress:
        evaluate(data, report.figures, model, progress=progress, float_folder=before)
    write_report(report.figures, report.page, report.image)
    say(f"Wrote {report.figures}, {report.page} and {report.image}")

"""Measure matching beside its baselines: ``python -m benchmarks.matching``."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.matching.figures import write_figures
from benchmarks.matching.measuring import Run, measure, measure_gap
from benchmarks.matching.report import check_page, gap_lines, write_report
from benchmarks.real.steps import ROOT
from embeddings.model_folder import DEFAULT_FOLDER
from service.matching.score_calibration import FILE, curves_as_text
from training.encoders import CachedEncoder, shipped_model, transformer_model
from training.errors import TrainingError
from training.export import base_folder
from training.output import bars, say

FIGURES: Final = ROOT / "build" / "eval.json"
PAGE: Final = ROOT / "docs" / "matching.md"
CURVES: Final = ROOT / "service" / "matching" / FILE
ADS: Final = 50
PROFILES: Final = 150
FAILED: Final = 1
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write figures, curves and page; return the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.only:
            _show_gap(chosen)
        else:
            check_page(chosen.page)
            _measure(chosen)
    except TrainingError as error:
        say(str(error), error=True)
        return FAILED
    except KeyboardInterrupt:
        say("Interrupted; nothing was written but vectors, which are kept.", error=True)
        return INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the research sets")
    parser.add_argument("--model", type=Path, default=DEFAULT_FOLDER, help="a model folder")
    parser.add_argument("--out", type=Path, default=FIGURES, help="the eval.json to write into")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page of the tables")
    parser.add_argument("--curves", type=Path, default=CURVES, help="where scores' curves go")
    parser.add_argument("--occupations", type=int, help="how many jobs, if not all held out")
    parser.add_argument("--ads", type=int, default=ADS, help="how many ads are stuffed for")
    parser.add_argument("--profiles", type=int, default=PROFILES, help="by how many people")
    parser.add_argument(
        "--only", choices=["gap"], help="run this protocol alone; show it and write nothing"
    )
    return parser


def _measure(chosen: argparse.Namespace) -> None:
    with _running(chosen) as run:
        measured, curves = measure(run)
    write_figures(measured, chosen.out)
    chosen.curves.write_text(curves_as_text(curves), encoding="utf-8")
    write_report(measured, curves, chosen.page)
    for name, value in measured.keys().items():
        say(f"{name}: {value:.3f}")
    say(f"Wrote {chosen.out}, {chosen.curves} and {chosen.page}")


def _show_gap(chosen: argparse.Namespace) -> None:
    with _running(chosen) as run:
        found = measure_gap(run)
    for line in gap_lines(found):
        say(line)


@contextmanager
def _running(chosen: argparse.Namespace) -> Iterator[Run]:
    beside = chosen.out.with_suffix("")
    with bars() as progress:
        yield Run(
            data=chosen.data,
            work=beside / "stores",
            model=chosen.model,
            ours=CachedEncoder(shipped_model(chosen.model), beside),
            base=CachedEncoder(transformer_model(base_folder()), beside),
            progress=progress,
            occupations=chosen.occupations,
            ads=chosen.ads,
            profiles=chosen.profiles,
        )


if __name__ == "__main__":
    sys.exit(main())

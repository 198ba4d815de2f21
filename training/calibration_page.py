"""The calibration as tables on a page, for people."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from training.calibration_fit import Fit
from training.calibration_report import CalibrationReport
from training.page import Place

PLACE: Final = Place("<!-- calibration -->", "<!-- /calibration -->")


def write_tables(report: CalibrationReport, page: Path) -> None:
    """Write the tables between the markers of a page.

    Raises:
        PageWithoutPlace: if the page has no place for them.
    """
    PLACE.write(page, (_curves(report), _ways(report), _parts(report), _kept(report)))


def _curves(report: CalibrationReport) -> Iterator[str]:
    yield "| curve | texts | pairs | right | slope | intercept | one half at | ECE | by chance |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for name, each in report.curves.items():
        yield (
            f"| {name} | {each.texts:,} | {each.neighbors:,} | {_share(each.right)} "
            f"| {each.curve.slope:.2f} | {each.curve.intercept:.2f} | {_share(each.half_at)} "
            f"| **{_share(each.ece)}** | {_share(each.by_chance)} |"
        )


def _ways(report: CalibrationReport) -> Iterator[str]:
    yield f"| ECE, Brier score | {' | '.join(report.curves)} |"
    yield "|---|---:|---:|"
    for fit in Fit:
        scores = [each.scores[fit] for each in report.curves.values()]
        values = " | ".join(f"{_share(each.ece)}, {_share(each.brier, 4)}" for each in scores)
        yield f"| {fit.value} | {values} |"


def _parts(report: CalibrationReport) -> Iterator[str]:
    yield "| skill_link on | pairs | said | right | ECE | by chance |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, each in report.skill_link.parts.items():
        yield (
            f"| {name} | {each.neighbors:,} | {_share(each.said)} | {_share(each.right)} "
            f"| {_share(each.ece)} | {_share(each.by_chance)} |"
        )


def _kept(report: CalibrationReport) -> Iterator[str]:
    yield "| skill_link of at least | cosine | labels of a text | texts with one | right |"
    yield "|---:|---:|---:|---:|---:|"
    for each in report.skill_link.kept:
        right = "" if each.right is None else _share(each.right)
        yield (
            f"| {each.least:.1f} | {_share(each.similarity)} | {each.of_text:.2f} "
            f"| {_share(each.some)} | {right} |"
        )


def _share(value: float, decimals: int = 3) -> str:
    return f"{value:.{decimals}f}".removeprefix("0")

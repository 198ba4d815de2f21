"""The reliability of both curves as a picture."""

from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.calibration_report import CalibrationReport, CurveReport

# Okabe and Ito's blue, as in the picture of the evaluation.
COLOR: Final = "#0072B2"
TITLES: Final = ("skill_link: a text and a skill", "bridge: two skills")
_THOUSAND: Final = 1_000


def write_picture(report: CalibrationReport, image: Path) -> None:
    """Write the reliability of both curves as PNG."""
    image.parent.mkdir(parents=True, exist_ok=True)
    picture(report).savefig(image, dpi=150, metadata={"Software": None})


def picture(report: CalibrationReport) -> Figure:
    """Draw what is right against what is said, and how many pairs each point is of."""
    figure = Figure(figsize=(10, 6.4), layout="constrained")
    axes = figure.subplots(2, 2, sharex="col", height_ratios=(4, 1))
    for column, (title, each) in enumerate(zip(TITLES, report.curves.values(), strict=True)):
        _reliability(axes[0, column], each, title)
        _counts(axes[1, column], each)
    axes[0, 0].set_ylabel("share that is right, with its 95 % interval")
    axes[1, 0].set_ylabel("pairs")
    return figure


def _reliability(axes: Axes, report: CurveReport, title: str) -> None:
    axes.axline((0, 0), slope=1, color="#999999", linestyle="--", linewidth=1)
    axes.errorbar(
        [each.said for each in report.bins],
        [each.right for each in report.bins],
        yerr=[each.error for each in report.bins],
        fmt="o-",
        color=COLOR,
        elinewidth=1.2,
        markersize=5,
    )
    axes.set_title(
        f"{title}\nECE {report.ece:.3f}; {len(report.bins)} bins of {_sizes(report)} pairs"
    )
    axes.set_xlim(0, _most(report))
    axes.set_ylim(0, _most(report))
    axes.grid(color="#eeeeee")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _most(report: CurveReport) -> float:
    """Return up to where probabilities are said or come true."""
    said = max(number for number, count in enumerate(report.counts, start=1) if count)
    true = max(each.right + each.error for each in report.bins)
    return max(said / len(report.counts), min(true, 1.0))


def _sizes(report: CurveReport) -> str:
    sizes = sorted({each.size for each in report.bins})
    return f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} or {sizes[-1]:,}"


def _short(count: int) -> str:
    if not count:
        return ""
    return f"{count}" if count < _THOUSAND else f"{count / _THOUSAND:.1f}k"


def _counts(axes: Axes, report: CurveReport) -> None:
    width = 1 / len(report.counts)
    middles = [(number + 0.5) * width for number in range(len(report.counts))]
    bars = axes.bar(middles, report.counts, width=0.92 * width, color=COLOR, alpha=0.5)
    axes.bar_label(bars, [_short(count) for count in report.counts], fontsize=6.5, color="#555555")
    axes.set_xlabel("probability that is said")
    axes.margins(y=0.25)
    axes.spines[["top", "right"]].set_visible(False)

"""Charts drawn by matplotlib: the one place that imports it. By its figures alone, not pyplot."""

import io
from collections.abc import Sequence
from typing import Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from service.plots.charts import BarChart, ColumnChart, Look, Timeline
from service.plots.cleaning import clean
from service.plots.words import Words

# A point of the drawing is a pixel of the page.
_DPI: Final = 72
WIDTH: Final = 680
_INK, _QUIET, _LINE, _GROUND = "#16211f", "#52625f", "#d3dcd9", "#e9efed"
_COLORS: Final = {Look.HELD: "#4a68b8", Look.ADDED: "#14806f", Look.OPEN: "#b6791c"}
_CLASSES: Final = {
    **{color: look.value for look, color in _COLORS.items()},
    _INK: "ink",
    _QUIET: "quiet",
    _LINE: "line",
    _GROUND: "ground",
}
_SIZE: Final = 12.5
_SMALL: Final = 11.5
_LEADING: Final = 15
_LABEL_CHARACTERS: Final = 36
_TITLE_CHARACTERS: Final = 64
_NO_DATES: Final = {"Date": None, "Creator": None, "Format": None, "Type": None}

# Set once for all that is drawn; a context for each drawing would not be one for each thread.
mpl.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "onramp",
        "font.family": "DejaVu Sans",  # comes with the library: the same on every machine
        "text.parse_math": False,
        "text.color": _INK,
        "xtick.labelcolor": _QUIET,
        "ytick.labelcolor": _INK,
        "axes.labelcolor": _QUIET,
        "axes.axisbelow": True,
    }
)


def draw(chart: BarChart | ColumnChart | Timeline) -> str:
    """Return a chart as an SVG element."""
    match chart:
        case BarChart():
            return _bars(chart)
        case ColumnChart():
            return _columns(chart)
        case Timeline():
            return _timeline(chart)


def _bars(chart: BarChart) -> str:
    row, left, right = 38, 262, 128
    top = 30 if chart.legend else 4
    height = top + row * len(chart.bars) + 4
    words = Words()
    figure, axes = _framed(height, (left, 4, WIDTH - left - right, height - top - 4))
    places = range(len(chart.bars))
    axes.barh(places, [chart.limit] * len(places), height=0.5, color=_GROUND)
    starts = [0.0] * len(places)
    for part, look in enumerate(chart.looks):
        lengths = [bar.parts[part] for bar in chart.bars]
        axes.barh(places, lengths, left=starts, height=0.5, color=_COLORS[look])
        starts = [start + length for start, length in zip(starts, lengths, strict=True)]
    axes.set_xlim(0, chart.limit)
    axes.set_ylim(len(chart.bars) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks([])
    for place, bar in enumerate(chart.bars):
        _label(axes, place, words.lines(bar.label, width=_LABEL_CHARACTERS))
        at = chart.limit * (1 + 10 / (WIDTH - left - right))
        axes.text(at, place, words.token(bar.says), fontsize=_SIZE, va="center", color=_QUIET)
    _legend(figure, chart.looks, chart.legend, words)
    return _svg(figure, words)


def _label(axes: Axes, place: float, lines: Sequence[str]) -> None:
    # Line by line: the library places a text of several by its own font, and says no anchor.
    for at, line in enumerate(lines):
        lower = ((len(lines) - 1) / 2 - at) * _LEADING
        axes.annotate(
            line,
            (0, place),
            xytext=(-10, lower),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=_SIZE,
        )


def _columns(chart: ColumnChart) -> str:
    height, left = 320, 56
    words = Words()
    figure, axes = _framed(height, (left, 52, WIDTH - left - 16, height - 52 - 62))
    width = 0.8 / len(chart.looks)
    for at, look in enumerate(chart.looks):
        places = [number + (at - (len(chart.looks) - 1) / 2) * width for number in _numbers(chart)]
        heights = [column.heights[at] for column in chart.columns]
        axes.bar(places, heights, width=width * 0.92, color=_COLORS[look])
    labels = [words.token(column.label) for column in chart.columns]
    axes.set_xticks(_numbers(chart), labels, fontsize=_SMALL)
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=5)  # type: ignore[call-arg]  # of MaxNLocator, which it is
    axes.tick_params(axis="y", labelsize=_SMALL, labelcolor=_QUIET)
    axes.set_ylim(0, max([1.0, *(max(column.heights) for column in chart.columns)]) * 1.05)
    axes.grid(axis="y", color=_LINE, linewidth=1)
    axes.set_xlabel(words.token(chart.along), fontsize=_SMALL, labelpad=8)
    figure.text(16 / WIDTH, 1 - 46 / height, words.token(chart.up), fontsize=_SMALL, color=_QUIET)
    _legend(figure, chart.looks, chart.legend, words)
    return _svg(figure, words)


def _numbers(chart: ColumnChart) -> range:
    return range(len(chart.columns))


def _timeline(chart: Timeline) -> str:
    row, left = 62, 16
    height = row * len(chart.spans) + 52
    words = Words()
    figure, axes = _framed(height, (left, 44, WIDTH - 2 * left, height - 44 - 8))
    last = max([1.0, *(span.ends for span in chart.spans)])
    for place, span in enumerate(chart.spans):
        shown = max(span.ends - span.starts, last / 200)
        axes.barh(place + 0.24, shown, left=span.starts, height=0.26, color=_COLORS[Look.ADDED])
        # What begins late would not fit behind its beginning.
        late = span.starts > last / 2
        at, side = (span.starts + shown, "right") if late else (span.starts, "left")
        (label,) = words.lines(span.label, width=_TITLE_CHARACTERS, most=1) or ("",)
        axes.text(at, place - 0.3, label, fontsize=_SIZE, va="center", ha=side, fontweight="bold")
        says = words.token(span.says)
        axes.text(at, place - 0.03, says, fontsize=_SMALL, va="center", ha=side, color=_QUIET)
    axes.set_xlim(0, last)
    axes.set_ylim(len(chart.spans) - 0.5, -0.5)
    axes.set_yticks([])
    axes.tick_params(axis="x", labelsize=_SMALL)
    axes.grid(axis="x", color=_LINE, linewidth=1)
    axes.set_xlabel(words.token(chart.along), fontsize=_SMALL, labelpad=6)
    return _svg(figure, words)


def _framed(height: float, box: tuple[float, float, float, float]) -> tuple[Figure, Axes]:
    """Return a figure of this height with axes in a box: left, bottom, width, height in points."""
    figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI)
    FigureCanvasSVG(figure)
    left, bottom, wide, high = box
    axes = figure.add_axes((left / WIDTH, bottom / height, wide / WIDTH, high / height))
    axes.set_frame_on(False)
    axes.tick_params(length=0, pad=8)
    return figure, axes


def _legend(figure: Figure, looks: tuple[Look, ...], legend: tuple[str, ...], words: Words) -> None:
    height = figure.get_figheight() * _DPI
    for at, (look, says) in enumerate(zip(looks, legend, strict=False)):
        left = 16 + at * 210
        square = (left / WIDTH, 1 - 20 / height)
        figure.add_artist(_square(figure, square, height, _COLORS[look]))
        spot = ((left + 20) / WIDTH, 1 - 19 / height)
        figure.text(*spot, words.token(says), fontsize=_SMALL, color=_QUIET)


def _square(
    figure: Figure, at: tuple[float, float], height: float, color: str
) -> mpl.patches.Patch:
    return mpl.patches.Rectangle(
        at, 12 / WIDTH, 12 / height, facecolor=color, transform=figure.transFigure, figure=figure
    )


def _svg(figure: Figure, words: Words) -> str:
    written = io.StringIO()
    figure.savefig(written, format="svg", metadata=_NO_DATES, transparent=True)
    return clean(written.getvalue(), classes=_CLASSES, words=words)

"""A plot as a page gets it: the drawing, what it says in a sentence, and the table behind it."""

from dataclasses import dataclass
from typing import Final

from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from service.plots import BarChart, ColumnChart, Drawing, Timeline

Cell = str | int | float
NOTHING: Final = "There is nothing to draw yet."


class PlotJson(TypedDict):
    """A plot; ``svg`` is null where there is nothing to draw, and ``says`` tells why."""

    title: str
    says: str
    svg: str | None
    columns: list[str]
    rows: list[list[Cell]]
    notes: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What is to be drawn, and said.

    Attributes:
        says: what a reader should take from it, in a sentence or two; also for those who do not
            see the drawing.
        chart: none where there is nothing to draw.
        columns: the heads of the table.
    """

    title: str
    says: str
    chart: BarChart | ColumnChart | Timeline | None
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


def plot_json(plot: Plot, drawing: Drawing) -> PlotJson:
    """Return a plot as a page gets it; blocking."""
    return {
        "title": plot.title,
        "says": plot.says,
        "svg": drawing.draw(plot.chart) if plot.chart else None,
        "columns": [*plot.columns],
        "rows": [[*row] for row in plot.rows],
        "notes": [*plot.notes],
    }


def percent(share: float) -> str:
    """Return a share in [0, 1] in words."""
    return f"{share:.0%}".replace("%", " %")


def counted(number: int, one: str, many: str) -> str:
    """Return a number with the word that goes with it."""
    return f"{number:,} {one if number == 1 else many}"

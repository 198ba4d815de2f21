"""What can be drawn: bars, columns and a timeline, as plain values."""

from dataclasses import dataclass
from enum import StrEnum


class Look(StrEnum):
    """What a color stands for; a page's style sheet says which color that is."""

    HELD = "held"
    ADDED = "added"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, lying, of one part or more.

    Attributes:
        parts: how long each part is, in the order of the chart's looks.
        says: what stands behind the bar.
    """

    label: str
    parts: tuple[float, ...]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars one below the other.

    Attributes:
        looks: of the parts of each bar.
        limit: how long the longest bar could be, above 0.
        legend: what each look means; empty where there is but one.
    """

    bars: tuple[Bar, ...]
    looks: tuple[Look, ...]
    limit: float
    legend: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Standing columns side by side, one of each look."""

    label: str
    heights: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChart:
    """Columns side by side, and what the two axes count."""

    columns: tuple[Column, ...]
    looks: tuple[Look, ...]
    legend: tuple[str, ...]
    along: str
    up: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One stretch of time.

    Attributes:
        starts: in weeks from the beginning.
        ends: in weeks from the beginning, not before it starts.
        says: what stands below its label.
    """

    label: str
    starts: float
    ends: float
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Spans one below the other, over one axis of weeks."""

    spans: tuple[Span, ...]
    along: str

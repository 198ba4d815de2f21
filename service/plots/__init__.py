"""Plots as SVG that goes into a page: values in, one clean drawing out. Knows nothing of skills.

What draws (matplotlib) is loaded by the first plot, so that a server that is never asked for one
does not keep it in memory.
"""

from service.plots.charts import Bar, BarChart, Column, ColumnChart, Look, Span, Timeline
from service.plots.drawn import Drawing

__all__ = [
    "Bar",
    "BarChart",
    "Column",
    "ColumnChart",
    "Drawing",
    "Look",
    "Span",
    "Timeline",
]

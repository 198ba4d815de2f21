"""The door to what draws: loaded at the first drawing, one drawing at a time."""

from importlib import import_module
from threading import Lock
from typing import Any

from service.plots.charts import BarChart, ColumnChart, Timeline

_DRAWER = "service.plots.drawing"


class Drawing:
    """Draws. Blocking: the first one takes seconds, since the library is loaded for it."""

    def __init__(self) -> None:
        # What draws keeps fonts in tables of its own, which are not said to bear two threads.
        self._lock = Lock()

    def draw(self, chart: BarChart | ColumnChart | Timeline) -> str:
        """Return a chart as an SVG element, without words about it."""
        with self._lock:
            drawer: Any = import_module(_DRAWER)
            drawn: str = drawer.draw(chart)
            return drawn

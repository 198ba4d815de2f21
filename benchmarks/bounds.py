"""The figures that are promised, with their bounds, and whether they are kept."""

import json
import operator
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

Compare = Callable[[float, float], bool]
_SIGNS: dict[str, Compare] = {">=": operator.ge, "<=": operator.le, "<": operator.lt}


class Bound(NamedTuple):
    """What a figure must be; ``sign`` is one of ``>=``, ``<=`` and ``<``."""

    sign: str
    value: float
    unit: str

    def __str__(self) -> str:
        """Return the bound as people read it: ``<= 15 ms``."""
        return f"{self.sign} {self.value:g} {self.unit}".rstrip()

    def admits(self, figure: float) -> bool:
        """Tell whether a figure keeps the bound."""
        return _SIGNS[self.sign](figure, self.value)


# The keys of build/bench.json, in their order.
BOUNDS: dict[str, Bound] = {
    "encode_speedup": Bound(">=", 3.2, "times"),
    "encode_latency_ratio": Bound("<=", 0.25, "of the peer's"),
    "import_records_per_s": Bound(">=", 100, "records/s"),
    "ready_s": Bound("<=", 3, "s"),
    "recommend_p50_ms": Bound("<=", 15, "ms"),
    "recommend_p99_ms": Bound("<=", 60, "ms"),
    "match_20k_p50_ms": Bound("<=", 25, "ms"),
    "batch_learners_per_s": Bound(">=", 300, "learners/s"),
    "rss_mb": Bound("<=", 700, "MB"),
    "venv_mb": Bound("<", 700, "MB"),
}


def write_figures(path: Path, figures: Mapping[str, float], details: Mapping[str, Any]) -> None:
    """Write all promised figures for programs, with the details of every part.

    Raises:
        LookupError: if a promised figure was not measured.
    """
    missing = [name for name in BOUNDS if name not in figures]
    if missing:
        raise LookupError(f"These figures were not measured: {', '.join(missing)}.")
    content = {name: round(figures[name], 4) for name in BOUNDS} | {"details": dict(details)}
    write_json(path, content)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write what was measured for programs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")

"""The promised figures: each has its bound, and a file without one of them is not written."""

import json
from pathlib import Path

import pytest

from benchmarks.bounds import BOUNDS, Bound, write_figures

KEPT = {
    "encode_speedup": 3.3,
    "encode_latency_ratio": 0.2,
    "import_records_per_s": 120.0,
    "ready_s": 2.5,
    "recommend_p50_ms": 11.0,
    "recommend_p99_ms": 40.0,
    "match_20k_p50_ms": 20.0,
    "batch_learners_per_s": 400.0,
    "rss_mb": 500.0,
    "venv_mb": 600.0,
}


def test_figures_within_their_bounds_are_kept_and_others_are_not() -> None:
    assert all(BOUNDS[name].admits(figure) for name, figure in KEPT.items())
    assert not any(
        BOUNDS[name].admits(figure / 2 if BOUNDS[name].sign == ">=" else figure * 2)
        for name, figure in KEPT.items()
    )


def test_a_bound_that_must_be_undercut_does_not_admit_itself() -> None:
    assert not Bound("<", 700, "MB").admits(700)
    assert Bound("<=", 700, "MB").admits(700)


def test_the_file_has_exactly_the_promised_keys_and_the_details(tmp_path: Path) -> None:
    path = tmp_path / "build" / "bench.json"

    write_figures(path, KEPT | {"other": 1.0}, {"import": {"runs": [1.0]}})

    written = json.loads(path.read_text(encoding="utf-8"))
    assert list(written) == [*BOUNDS, "details"]
    assert written["ready_s"] == 2.5
    assert written["details"] == {"import": {"runs": [1.0]}}


def test_a_promised_figure_that_was_not_measured_is_named(tmp_path: Path) -> None:
    figures = {name: figure for name, figure in KEPT.items() if name != "rss_mb"}

    with pytest.raises(LookupError, match="rss_mb"):
        write_figures(tmp_path / "bench.json", figures, {})

    assert not (tmp_path / "bench.json").exists()

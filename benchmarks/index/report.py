"""What the benchmark found: the figures with their bounds, as a table and a picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.bounds import Bound
from benchmarks.index.data import CELLS

OURS = "onramp"
# In the order of build/bench-index.json. The restarts go through the service.
INDEX_BOUNDS: dict[str, Bound] = {
    "search_p50_ms": Bound("<=", 2, "ms"),
    "search_p99_ms": Bound("<=", 6, "ms"),
    "recall10": Bound(">=", 0.98, ""),
    "index_mb": Bound("<=", 700, "MB"),
    "build_s": Bound("<=", 180, "s"),
    "load_s": Bound("<=", 2, "s"),
    "filtered_min_recall10": Bound(">=", 0.98, ""),
    "filtered_p99_ms": Bound("<=", 15, "ms"),
    "upserts_per_s": Bound(">=", 2_000, "upserts/s"),
    "update_p50_ms": Bound("<=", 1, "ms"),
    "restart_100k_s": Bound("<=", 5, "s"),
    "restart_1m_s": Bound("<=", 20, "s"),
    "raw_ratio": Bound("<=", 1.3, "times"),
}


def figures_of(scale: Mapping[str, Any], raw_ratio: float) -> dict[str, float]:
    """Return the promised figures that this benchmark measures."""
    cells = scale["cells"].values()
    plain = ("search_p50_ms", "search_p99_ms", "recall10", "index_mb", "build_s", "load_s")
    return {
        **{name: scale[name] for name in plain},
        "filtered_min_recall10": min(cell["recall10"] for cell in cells),
        "filtered_p99_ms": max(cell["p99_ms"] for cell in cells),
        "upserts_per_s": scale["upserts_per_s"],
        "update_p50_ms": max(scale["update_p50_ms"], scale["delete_p50_ms"]),
        "raw_ratio": raw_ratio,
    }


def page(figures: Mapping[str, float], scale: Mapping[str, Any], peers: Mapping[str, Any]) -> str:
    """Return all figures as Markdown."""
    return "\n".join(
        [
            "# The vector index, measured",
            "",
            "Written by `make bench-index`; `docs/index.md` says what is measured and how.",
            "",
            f"{scale['vectors']:,} vectors; cosine to the nearest neighbor at 100,000: made "
            f"{scale['made_cosine']:.3f}, real {scale['real_cosine']:.3f}.",
            "",
            f"{scale['cores']} cores; load average meanwhile {scale['load'][0]:.0f} to "
            f"{scale['load'][1]:.0f}, what measured included.",
            "",
            *_table(["figure", "is", "bound", "kept"], _promised(figures)),
            "",
            "## Under filters",
            "",
            *_table(["filter", "recall@10", "p50 ms", "p99 ms", "too few"], _cells(scale)),
            "",
            "## Beside the peers",
            "",
            "100,000 vectors; milliseconds (median) at the least effort of recall@10 >= 0.98;",
            "where a peer did not reach it, its recall stands behind.",
            "",
            *_peers(peers),
            "",
        ]
    )


def draw(peers: Mapping[str, Any], path: Path) -> None:
    """Draw the time of filtered searches by selectivity, one panel for each kind of filter."""
    import matplotlib as mpl  # noqa: PLC0415  # only this needs it, and it is not everywhere

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    measured = {name: peer for name, peer in peers.items() if "cells" in peer}
    names = [str(cell) for cell in CELLS]
    stands = list(dict.fromkeys(name.split()[0] for name in names))
    figure, panels = plt.subplots(
        1, len(stands), figsize=(5 * len(stands) + 2, 4.5), sharey=True, layout="constrained"
    )
    for stand, panel in zip(stands, panels, strict=True):
        cells = [name for name in names if name.split()[0] == stand]
        shares = [float(name.split()[1]) for name in cells]
        for peer, found in measured.items():
            took = [found["cells"].get(cell, {"p50_ms": float("nan")})["p50_ms"] for cell in cells]
            width = 2.5 if peer.startswith(OURS) else 1
            panel.plot(shares, took, marker="o", linewidth=width, label=peer)
        panel.set(xscale="log", yscale="log", title=stand, xlabel="rows that pass, %")
    panels[0].set_ylabel("ms for one query (median)")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right center", fontsize=8)
    figure.suptitle("Filtered search at recall@10 ≥ 0.98, 100,000 vectors, one core")
    figure.savefig(path, dpi=110)


def _promised(figures: Mapping[str, float]) -> list[list[str]]:
    return [
        [
            f"`{name}`",
            f"{figures[name]:.3g}",
            str(bound),
            "yes" if bound.admits(figures[name]) else "NO",
        ]
        for name, bound in INDEX_BOUNDS.items()
        if name in figures
    ]


def _cells(scale: Mapping[str, Any]) -> list[list[str]]:
    return [
        [
            name,
            f"{cell['recall10']:.3f}",
            f"{cell['p50_ms']:.2f}",
            f"{cell['p99_ms']:.2f}",
            str(cell["too_few"]),
        ]
        for name, cell in scale["cells"].items()
    ]


def _peers(peers: Mapping[str, Any]) -> list[str]:
    measured = {name: peer for name, peer in peers.items() if "cells" in peer}
    missing = [
        f"Not measured: {name} ({peer['missing']})."
        for name, peer in peers.items()
        if "missing" in peer
    ]
    cells = [str(cell) for cell in CELLS]
    rows = [
        ["no filter", *(_time(peer["unfiltered"]) for peer in measured.values())],
        *(
            [cell, *(_time(peer["cells"].get(cell)) for peer in measured.values())]
            for cell in cells
        ),
    ]
    return [*_table(["filter", *measured], rows), "", *missing]


def _time(found: Mapping[str, float] | None) -> str:
    if found is None:
        return "not asked"
    short = (
        "" if found["recall10"] >= INDEX_BOUNDS["recall10"].value else f" ({found['recall10']:.2f})"
    )
    return f"{found['p50_ms']:.2f}{short}"


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]

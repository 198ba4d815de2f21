"""Measure the index at scale, and beside the peers: ``python -m benchmarks.index``."""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.bounds import write_json
from benchmarks.index.data import load
from benchmarks.index.peers import PEERS
from benchmarks.index.preparing import prepare
from benchmarks.index.report import draw, figures_of, page

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build"
CACHE = BUILD / "bench-index"
OUT = BUILD / "bench-index.json"
RESULTS = ROOT / "benchmarks" / "results"
MANY, BESIDE_PEERS = 1_100_000, 100_000
# A peer that takes longer to be filled and asked is left out, and the report says so.
_PATIENCE_S = 300
_EXACT = "onramp, exact"


def main() -> int:
    """Measure, write the figures, the table and the picture; return the exit code."""
    chosen = _parser().parse_args()
    began = time.monotonic()

    # What else the machine has to do is part of what is measured.
    load: list[float] = []

    def tell(what: str) -> None:
        load.append(os.getloadavg()[0])
        print(f"{time.monotonic() - began:6.0f} s  {what}", file=sys.stderr, flush=True)

    scale = _scale(prepare(chosen.data, CACHE, chosen.count, tell=tell), tell)
    folder = prepare(chosen.data, CACHE, BESIDE_PEERS, tell=tell)
    peers = {name: _peer(name, folder, tell) for name in chosen.only or PEERS}
    tell("our search beside the raw call")
    ratio = _run("benchmarks.index.raw", str(folder))["raw_ratio"]
    figures = {**figures_of(scale, ratio), **_restarts()}
    scale |= {"cores": os.cpu_count(), "load": [min(load), max(load)]}
    write_json(OUT, {**figures, "peers": peers, "details": scale})
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "index.md").write_text(page(figures, scale, peers), encoding="utf-8")
    draw(peers, RESULTS / "index.png")
    tell(f"written to {OUT} and {RESULTS}")
    return 0


def _restarts() -> dict[str, float]:
    """Return what ``benchmarks.restart`` measured before, which takes another hour."""
    known = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    return {name: value for name, value in known.items() if name.startswith("restart_")}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.index", description=__doc__)
    data = ROOT.parent / "shared" / "data"
    parser.add_argument("--data", type=Path, default=data, help="the research data")
    parser.add_argument("--count", type=int, default=MANY, help="how many vectors to hold")
    parser.add_argument(
        "--only", action="append", choices=list(PEERS), help="measure beside this peer alone"
    )
    return parser


def _scale(folder: Path, tell: Any) -> dict[str, Any]:
    snapshot = CACHE / f"snapshot-of-{folder.name}"
    data = load(folder)
    tell(f"building the index of {len(data.vectors):,} vectors")
    built = _run("benchmarks.index.scale", "build", str(folder), str(snapshot))
    tell("loading and searching it")
    searched = _run("benchmarks.index.scale", "search", str(folder), str(snapshot))
    return {"vectors": len(data.vectors), **data.facts, **built, **searched}


def _peer(name: str, folder: Path, tell: Any) -> dict[str, Any]:
    tell(f"beside {name}")
    try:
        return _run("benchmarks.index.peers", name, str(folder), timeout=_PATIENCE_S)
    except subprocess.TimeoutExpired:
        return {"missing": f"took longer than {_PATIENCE_S} s"}
    except subprocess.CalledProcessError as error:
        return {"missing": error.stderr.strip().splitlines()[-1]}


def _run(module: str, *words: str, timeout: float | None = None) -> dict[str, Any]:
    """Run a module in a process of its own, and return what it prints as JSON."""
    ended = subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=timeout,
    )
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())

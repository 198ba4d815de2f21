"""The parts of the benchmark: each measures some figures, and says what stands beside them."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import crowd, serving
from benchmarks.bounds import BOUNDS
from benchmarks.memory import folder_mb
from benchmarks.real.steps import ROOT

BUILD = ROOT / "build"
VENV = ROOT / ".venv"


class CannotMeasure(Exception):
    """Something that a measurement needs is missing; the message says how to get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the measurements need to know.

    Attributes:
        data: the folder of the research data.
        store: a store to serve as it is; none to fill a fresh one.
        tell: is told what is being done.
    """

    data: Path
    store: Path | None
    tell: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one part found.

    Attributes:
        figures: the promised figures by name.
        notes: for each of them what stands beside it: the peer, memory, what was measured.
        details: everything that was measured.
    """

    figures: dict[str, float]
    notes: dict[str, str]
    details: dict[str, Any]


def encode(plan: Plan) -> Part:
    """Measure the encoder beside sentence-transformers."""
    plan.tell("encoding, in turn with sentence-transformers")
    found = _measured("benchmarks.encode")
    plan.tell("memory of both encoders")
    ours, theirs = _peak_of("ours"), _peak_of("peer")
    speed = (
        f"{found['encode_texts_per_s']:.0f} texts/s, {ours:.0f} MB; sentence-transformers "
        f"{found['encode_peer_texts_per_s']:.0f} texts/s, {theirs:.0f} MB"
    )
    latency = (
        f"one text of 20 tokens {found['encode_latency_ms']:.1f} ms; "
        f"sentence-transformers {found['encode_peer_latency_ms']:.1f} ms"
    )
    return Part(
        figures=_promised(found),
        notes={"encode_speedup": speed, "encode_latency_ratio": latency},
        details=found | {"encode_peak_mb": ours, "encode_peer_peak_mb": theirs},
    )


def importing(plan: Plan) -> Part:
    """Measure an import with inference."""
    plan.tell("importing made credentials into fresh stores")
    found = _measured("benchmarks.importing")
    note = (
        f"{found['import_records']} records of {found['import_text_tokens_median']:.0f} tokens "
        f"(median), {found['import_distinct_statements']:,} distinct statements; "
        f"{found['import_cpu_ms_per_record']:.1f} ms of processor time each; "
        f"{found['import_peak_mb']:.0f} MB"
    )
    return Part(figures=_promised(found), notes={"import_records_per_s": note}, details=found)


def server(plan: Plan) -> Part:
    """Measure a server over the real data."""
    if plan.store is not None:
        loaded = serving.look(plan.store, f"the store in {plan.store}")
    else:
        loaded = serving.load(BUILD / "bench-store", plan.data, plan.tell)
    found = serving.measure(_serving_python(), loaded, plan.tell)
    total = sum(found["counts"].values())
    notes = {
        "ready_s": f"{found['data']}: {total:,} records; median of {len(found['ready_runs_s'])}",
        "rss_mb": (
            f"{found['rss_at_start_mb']:.0f} at start, {found['rss_after_requests_mb']:.0f} after "
            f"the requests, {found['rss_after_long_texts_mb']:.0f} after long texts"
        ),
    }
    return Part(figures={name: found[name] for name in notes}, notes=notes, details=found)


def many(plan: Plan) -> Part:
    """Measure answers among 20,000 learners."""
    source = plan.store or BUILD / "bench-store"
    if not source.exists():
        serving.load(source, plan.data, plan.tell)
    folder = BUILD / "bench-crowd-store"
    learners = crowd.fill(source, folder, crowd.LEARNERS, plan.tell)
    found = crowd.measure(_serving_python(), folder, learners, plan.tell)
    among = f"among {found['crowd']:,} learners"
    notes = {
        "recommend_p50_ms": f"{found['recommend_requests']} stored learners over HTTP, {among}",
        "recommend_p99_ms": "the same requests",
        "match_20k_p50_ms": (
            f"p99 {found['match_20k_p99_ms']:.1f} ms, {found['match_20k_jobs']} jobs, {among}"
        ),
        "batch_learners_per_s": (
            f"{found['batch_learners']:,} stored learners, ten items each, from the start of the "
            "command to its end"
        ),
    }
    return Part(figures={name: found[name] for name in notes}, notes=notes, details=found)


def venv(plan: Plan) -> Part:
    """Measure the size of the serving environment."""
    plan.tell("size of the serving environment")
    _serving_python()
    size = folder_mb(VENV)
    return Part(
        figures={"venv_mb": size},
        notes={"venv_mb": f"{VENV.name}, as it is on disk"},
        details={"venv_mb": size},
    )


PARTS: dict[str, Callable[[Plan], Part]] = {
    "encode": encode,
    "import": importing,
    "server": server,
    "many": many,
    "venv": venv,
}


def _promised(found: dict[str, Any]) -> dict[str, float]:
    return {name: found[name] for name in BOUNDS if name in found}


def _serving_python() -> Path:
    python = VENV / "bin" / "python"
    if not python.exists():
        raise CannotMeasure(f"There is no serving environment in {VENV}; run `make bench`.")
    return python


def _measured(module: str) -> dict[str, Any]:
    """Run a program of the benchmark in a process of its own, and return what it wrote."""
    with tempfile.TemporaryDirectory(prefix="onramp-bench-") as folder:
        out = Path(folder) / "figures.json"
        _run(module, "--json", str(out))
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return found


def _peak_of(which: str) -> float:
    return float(json.loads(_run("benchmarks.encode_memory", which))["peak_mb"])


def _run(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(  # noqa: S603 - our own programs
        command, capture_output=True, text=True, check=False, cwd=ROOT
    )
    if done.returncode:
        raise CannotMeasure(f"{module} ended with {done.returncode}:\n{done.stderr.strip()}")
    return done.stdout

"""Measure the API under load: ``python -m benchmarks.api``."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks import crowd
from benchmarks.api.figures import (
    BOUNDS,
    back_to_normal_s,
    draw,
    fates,
    page,
    percentiles,
    refusal_times,
)
from benchmarks.api.gaps import share_of_own_gaps
from benchmarks.api.load import Answer, Target, at_most, at_rate, served_per_s, target
from benchmarks.api.rest import wait_until_at_rest
from benchmarks.api.store import LEARNERS, Scale, prepare
from benchmarks.bounds import write_json
from benchmarks.parts import CannotMeasure
from benchmarks.server import Server, keys_for, percentile, serving
from service.settings import Settings

ROOT: Final = Path(__file__).parents[2]
BUILD: Final = ROOT / "build"
STORE: Final = BUILD / "bench-api-store"
OUT: Final = BUILD / "bench-api.json"
RESULTS: Final = ROOT / "benchmarks" / "results"
RATE: Final = 50.0
SLOW: Final = 1_000
# One key may send 6,000 requests a minute; those who ask here are many.
KEYS: Final = 24
_OF_SLOW_ONES: Final = 4
# From one learner to the next, so that all come once before one comes again.
_STRIDE: Final = 38_197
# Some of the store's learners are those that it began with.
_MADE: Final = LEARNERS - 100
_REST_S: Final = 600.0
_WARMING, _STEADY = "warming up", "50 requests/s"
_WATCHED_S: Final = 12.0
# On a busy machine 160,000 records take a while.
_START_S: Final = 900.0
# A calm load that leaves room: the comparisons of before and after are made at it.
_CALM: Final = 0.4


class Times(NamedTuple):
    """How many seconds each load lasts."""

    warm: float
    steady: float
    most: float
    over: float
    slow: float


def main() -> int:
    """Measure, write the figures, the page and the picture; return the exit code."""
    chosen = _parser().parse_args()
    began = time.monotonic()

    def tell(what: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {what}", file=sys.stderr, flush=True)

    base = BUILD / "bench-crowd-store"
    counts = prepare(STORE, base, chosen.data, Scale(), tell)
    load_before = os.getloadavg()[0]
    run = _Run(chosen, tell)
    figures, details = run.measure()
    details |= {
        "counts": counts,
        "cores": os.cpu_count(),
        "workers": chosen.workers,
        "threads": chosen.threads,
        "load_before": load_before,
        "load_after": os.getloadavg()[0],
    }
    write_json(OUT, {name: round(figures[name], 4) for name in BOUNDS} | {"details": details})
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "api.md").write_text(page(figures, details), encoding="utf-8")
    draw(run.phases, RESULTS / "api.png")
    tell(f"written to {OUT} and {RESULTS}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=__doc__)
    data = ROOT.parent / "shared" / "data"
    parser.add_argument("--data", type=Path, default=data, help="the research data")
    parser.add_argument("--workers", type=int, default=2, help="worker processes")
    parser.add_argument("--threads", type=int, default=1, help="threads of each")
    parser.add_argument("--python", type=Path, default=ROOT / ".venv" / "bin" / "python")
    parser.add_argument("--share", type=float, default=1.0, help="of the time of each load")
    return parser


class _Run:
    """One server, and all loads one after the other."""

    def __init__(self, chosen: argparse.Namespace, tell: Any) -> None:
        self._chosen = chosen
        self._tell = tell
        share = chosen.share
        self._times = Times(*(share * each for each in (60.0, 60.0, 30.0, 40.0, 30.0)))
        self.phases: dict[str, list[Answer]] = {}
        self._asked = 0

    def measure(self) -> tuple[dict[str, float], dict[str, Any]]:
        """Return the promised figures, and everything beside."""
        keys = keys_for(STORE, KEYS)
        learners = [crowd.learner_id(each * _STRIDE % _MADE) for each in range(_MADE)]
        chosen = self._chosen
        settings = Settings(data=STORE, workers=chosen.workers, threads=chosen.threads)
        self._tell("starting the server")
        with serving(chosen.python, STORE, settings=settings, patience_s=_START_S) as server:
            self._tell(f"ready after {server.ready_s:.1f} s")
            rest_s = wait_until_at_rest(server, patience_s=_REST_S)
            self._tell(f"at rest after {rest_s:.0f} s more")
            self._target = target(server.port, keys[_OF_SLOW_ONES:], learners)
            figures, details = self._loads(server, keys[:_OF_SLOW_ONES])
        self._tell("looking at who lacks the same")
        before = len(self.phases[_WARMING])
        asked = learners[before : before + len(self.phases[_STEADY])]
        details |= {
            "rest_s": rest_s,
            "looked_at": len(asked),
            "own_gaps": share_of_own_gaps(STORE, asked, before=learners[:before]),
        }
        return figures, details

    def _loads(
        self, server: Server, slow_keys: list[str]
    ) -> tuple[dict[str, float], dict[str, Any]]:
        self._tell("warming up")
        cold = self._closed(_WARMING, self._clients, self._times.warm)
        steady = self._open(_STEADY, RATE, self._times.steady)
        most = self._closed("as many as it can", self._clients, self._times.most)
        capacity = served_per_s(most, self._times.most)
        if not capacity:
            raise CannotMeasure("Nothing was answered in time; is the machine busy with others?")
        calm_rate = min(RATE, _CALM * capacity)
        before = self._open("calm", calm_rate, self._times.slow)
        over = self._open("twice as many", 2 * capacity, self._times.over)
        after = self._open("afterwards", calm_rate, _WATCHED_S)
        with _slow_ones(server.port, SLOW, slow_keys):
            beside = self._open("beside slow ones", calm_rate, self._times.slow)
        usual, slow, refusals = (
            percentiles(before),
            percentiles(beside),
            refusal_times(over) or [0.0],
        )
        goodput = served_per_s(over, self._times.over)
        figures = {
            **percentiles(steady),
            "requests_per_s": capacity,
            "goodput_ratio": goodput / capacity if capacity else 0.0,
            "refusal_ms": percentile(refusals, 0.99),
            "slow_ratio": slow["p99_ms"] / usual["p99_ms"],
        }
        return figures, {
            "rate": RATE,
            "cold_per_s": served_per_s(cold, self._times.warm),
            "cold_s": self._times.warm,
            "calm_rate": calm_rate,
            "watched_s": _WATCHED_S,
            "back_to_normal_s": back_to_normal_s(after, usual["p95_ms"]),
            "steady": fates(steady) | percentiles(steady),
            "most": fates(most)
            | percentiles(most)
            | {"clients": self._clients, "requests_per_s": capacity},
            "overload": fates(over)
            | percentiles(over)
            | {
                "rate": 2 * capacity,
                "goodput_per_s": goodput,
                "refusal_p50_ms": percentile(refusals, 0.5),
                "refusal_p99_ms": percentile(refusals, 0.99),
                "refusal_max_ms": max(refusals),
            },
            "slow": fates(beside) | slow | {"before_p99_ms": usual["p99_ms"], "connections": SLOW},
        }

    @property
    def _clients(self) -> int:
        # As many as are worked on at once, so that none of them waits in line or is refused.
        return 4 * int(self._chosen.workers)

    def _open(self, name: str, rate: float, seconds: float) -> list[Answer]:
        self._tell(f"{name}: {rate:.0f} requests/s for {seconds:.0f} s")
        return self._note(name, at_rate(self._target, rate, seconds, first=self._asked))

    def _closed(self, name: str, clients: int, seconds: float) -> list[Answer]:
        self._tell(f"{name}: {clients} clients for {seconds:.0f} s")
        return self._note(name, at_most(self._target, clients, seconds, first=self._asked))

    def _note(self, name: str, answers: list[Answer]) -> list[Answer]:
        self._asked += len(answers)
        self.phases[name] = answers
        times = percentiles(answers)
        self._tell(f"  {fates(answers)} p50 {times['p50_ms']:.1f} p99 {times['p99_ms']:.1f} ms")
        return answers

    _target: Target


@contextmanager
def _slow_ones(port: int, count: int, keys: list[str]) -> Iterator[None]:
    """Hold so many slow connections in a process of their own."""
    words = ["-m", "benchmarks.api.slow", str(port), str(count), *keys]
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE) as process:  # noqa: S603 - our own program
        try:
            if process.stdout is not None:
                process.stdout.readline()
            yield
        finally:
            process.kill()


if __name__ == "__main__":
    sys.exit(main())

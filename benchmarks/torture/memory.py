"""R13: memory stays what it is, while requests of all lengths come for a long time."""

import time
from pathlib import Path

import numpy as np

from benchmarks.memory import resident_mb
from benchmarks.torture.report import Outcome
from benchmarks.torture.served import empty_store, served

MOST_MB_PER_HOUR = 2.0
# A part of the time in which caches fill and the allocator finds its size.
_WARM_UP = 0.3
_WORDS = ("weld", "teach", "audit", "program", "nurse", "plan", "cook", "drive", "draw", "sell")
_LONGEST = 2000
_EVERY_S = 2.0


def steady_memory(folder: Path, *, minutes: float, outcome: Outcome) -> None:
    """Ask a server with half of its time for some minutes; note how its memory grows."""
    data = folder / "memory"
    empty_store(data)
    chance = np.random.default_rng(13)
    samples: list[tuple[float, float]] = []
    with served(data, env={"ONRAMP_LOG_DECISIONS": "false"}) as server:
        start = time.monotonic()
        while (now := time.monotonic() - start) < minutes * 60:
            length = int(chance.integers(1, _LONGEST))
            body = {"text": " ".join(chance.choice(_WORDS, length))}
            asked = time.monotonic()
            server.ask("POST", "/v1/skills/extract", body)
            outcome.cases += 1
            time.sleep(time.monotonic() - asked)
            if not samples or now - samples[-1][0] > _EVERY_S:
                samples.append((now, resident_mb(server.process.pid)))
    warm = np.array([each for each in samples if each[0] > minutes * 60 * _WARM_UP])
    slope = float(np.polyfit(warm[:, 0] / 3600, warm[:, 1], 1)[0])
    outcome.facts |= {"MB per hour": round(slope, 2), "highest MB": round(float(warm[:, 1].max()))}
    if slope > MOST_MB_PER_HOUR:
        outcome.faults.append(f"memory grows by {slope:.1f} MB an hour")

"""R1: a process is killed at any moment; what it acknowledged is there, and nothing else is."""

from pathlib import Path

import numpy as np

from benchmarks.torture.oracle import Oracle, examine
from benchmarks.torture.report import Outcome
from benchmarks.torture.troupe import Troupe
from benchmarks.torture.work import operation
from service.storage import STORE_FILE

LONGEST_WAIT_S = 0.03
MOST_STEPS = 6


def kill_cycles(
    actors: Troupe, folder: Path, oracle: Oracle, *, cycles: range, outcome: Outcome
) -> None:
    """Kill one process after the other over the same store; add to the outcome what was wrong."""
    journal = folder / f"{STORE_FILE}-journal"
    for cycle in cycles:
        chance = np.random.default_rng([1, cycle])

        def hear(words: list[str], seed: int = cycle) -> None:
            if words[0] == "acked":
                oracle.acknowledged(operation(seed, int(words[1])))

        ended = actors.play_and_kill(
            {"do": "churn", "folder": str(folder), "seed": cycle},
            after=int(chance.integers(MOST_STEPS)),
            then_s=float(chance.uniform(0, LONGEST_WAIT_S)),
            hear=hear,
        )
        outcome.count("killed inside a transaction", journal.exists())
        in_flight = operation(cycle, len(ended.acked))
        found = examine(folder, oracle, in_flight=in_flight)
        outcome.cases += 1
        outcome.count("acknowledged", len(ended.acked))
        outcome.faults += [f"cycle {cycle}: {each}" for each in (*found.lost, *found.wrong)]

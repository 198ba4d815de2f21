"""A process that is killed at any moment loses nothing that it acknowledged."""

from pathlib import Path

import pytest

from benchmarks.torture.kills import kill_cycles
from benchmarks.torture.oracle import Oracle
from benchmarks.torture.report import Outcome
from benchmarks.torture.troupe import Troupe

CYCLES = 100


@pytest.mark.slow
def test_a_hundred_kills_lose_nothing_bring_nothing_back_and_leave_the_index_as_the_store(
    tmp_path: Path, actors: Troupe
) -> None:
    outcome = Outcome()
    oracle = Oracle(tmp_path / "oracle.jsonl")

    kill_cycles(actors, tmp_path / "data", oracle, cycles=range(CYCLES), outcome=outcome)
    oracle.close()

    assert outcome.faults == []
    assert outcome.cases == CYCLES
    # Kills that hit no transaction would prove nothing.
    assert int(outcome.facts["killed inside a transaction"]) > 0
    assert int(outcome.facts["acknowledged"]) > CYCLES

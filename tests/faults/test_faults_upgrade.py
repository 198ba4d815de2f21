"""An upgrade that is killed in any step is finished by the next start."""

from pathlib import Path

import pytest

from benchmarks.torture.report import Outcome
from benchmarks.torture.troupe import Troupe
from benchmarks.torture.upgrades import killed_upgrades


@pytest.mark.slow
def test_an_upgrade_that_is_killed_in_any_step_loses_nothing_and_is_finished_later(
    tmp_path: Path, actors: Troupe
) -> None:
    outcome = Outcome()

    killed_upgrades(actors, tmp_path, runs=range(1), outcome=outcome)

    assert outcome.faults == []
    assert outcome.cases == 10

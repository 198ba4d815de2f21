"""A power cut at any moment, whatever it does to unsynced writes, loses nothing acknowledged."""

from pathlib import Path

import pytest

from benchmarks.torture.power import power_cuts, recorded
from benchmarks.torture.recording import NoStrace
from benchmarks.torture.report import Outcome

CUTS = 60


@pytest.mark.slow
def test_a_power_cut_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    outcome = Outcome()
    try:
        recordings = recorded(tmp_path)
    except NoStrace as error:
        pytest.skip(str(error))

    power_cuts(tmp_path, recordings, cases=range(CUTS), outcome=outcome)

    assert outcome.faults == []
    assert outcome.cases == CUTS

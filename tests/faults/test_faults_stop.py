"""A server that is told to stop under load says that it is not ready, and drops nobody."""

from pathlib import Path

import pytest

from benchmarks.torture.report import Outcome
from benchmarks.torture.stops import stops

STOPS = 10


@pytest.mark.slow
def test_a_server_that_stops_under_load_answers_every_request_that_it_let_in(
    tmp_path: Path,
) -> None:
    outcome = Outcome()

    stops(tmp_path, cases=range(STOPS), outcome=outcome)

    assert outcome.faults == []
    assert int(outcome.facts["requests answered"]) > 10 * STOPS

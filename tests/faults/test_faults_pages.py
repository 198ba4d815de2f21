"""A damaged page of the database is found, and no record is served in the place of another."""

from pathlib import Path

import pytest

from benchmarks.torture.pages import damaged_pages
from benchmarks.torture.report import Outcome

CASES = 60


@pytest.mark.slow
def test_no_record_is_served_otherwise_than_it_was_kept(tmp_path: Path) -> None:
    outcome = Outcome()

    damaged_pages(tmp_path, cases=range(CASES), outcome=outcome)

    assert outcome.faults == []
    assert outcome.cases == CASES
    assert int(outcome.facts["found"]) > CASES / 3

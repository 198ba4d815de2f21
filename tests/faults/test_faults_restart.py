"""The same question has the same answer: again, beside others, and after a restart."""

from pathlib import Path

import pytest

from benchmarks.torture.report import Outcome
from benchmarks.torture.restarts import restarts

QUERIES = 200


@pytest.mark.slow
def test_answers_are_the_same_again_in_other_company_and_after_restarts(tmp_path: Path) -> None:
    outcome = Outcome()

    restarts(tmp_path, queries=QUERIES, outcome=outcome)

    assert outcome.faults == []

"""A disk that fails to keep what it was told to is not believed again."""

from pathlib import Path

import pytest

from benchmarks.torture.report import Outcome
from benchmarks.torture.sync import (
    NoCompiler,
    actors_with_shim,
    built_shim,
    failed_sync_of_a_server,
    failed_syncs,
)

CASES = 20


@pytest.fixture(autouse=True)
def _compiler(tmp_path: Path) -> None:
    try:
        built_shim(tmp_path)
    except NoCompiler as error:
        pytest.skip(str(error))


@pytest.mark.slow
def test_a_failed_fsync_is_no_acknowledgment_and_ends_all_writing_until_a_restart(
    tmp_path: Path,
) -> None:
    outcome = Outcome()

    with actors_with_shim(tmp_path) as actors:
        failed_syncs(actors, tmp_path, cases=range(CASES), outcome=outcome)

    assert outcome.faults == []
    assert outcome.facts == {"in a commit": 16, "in a save of an index": 4}


@pytest.mark.slow
def test_a_server_whose_disk_fails_reads_on_and_says_that_it_is_not_ready(tmp_path: Path) -> None:
    assert failed_sync_of_a_server(tmp_path) == []

"""A full disk: writing says so, reading and erasing go on, and writing resumes by itself."""

from pathlib import Path

import pytest

from benchmarks.torture.full import NoSmallDisk, in_namespace

POINTS = 20


@pytest.mark.slow
def test_a_disk_that_fills_up_at_any_point_loses_nothing_and_lets_learners_be_erased(
    tmp_path: Path,
) -> None:
    try:
        outcome = in_namespace(tmp_path, points=range(POINTS), with_server=True)
    except NoSmallDisk as error:
        pytest.skip(str(error))

    assert outcome.faults == []
    assert outcome.cases == POINTS

"""Eight threads write and search at once: their own is found, and the deleted is not."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.torture.report import Outcome
from benchmarks.torture.small import DIM
from benchmarks.torture.threads import crowd_on_a_product, crowd_on_an_index
from index import VectorIndex
from tests.builders.indexes import INDEXES

SECONDS = 30


@pytest.mark.slow
@pytest.mark.parametrize("index_type", INDEXES)
def test_threads_on_one_index_find_their_own_and_nothing_that_was_deleted(
    index_type: type[VectorIndex],
) -> None:
    outcome = Outcome()
    index = index_type.build([], np.empty((0, DIM), np.float32))

    crowd_on_an_index(index, seconds=SECONDS / len(INDEXES), outcome=outcome)

    assert outcome.faults == []
    assert outcome.cases > 0


@pytest.mark.slow
def test_threads_over_one_store_find_their_own_and_nothing_that_was_deleted(
    tmp_path: Path,
) -> None:
    outcome = Outcome()

    crowd_on_a_product(tmp_path, seconds=SECONDS, outcome=outcome)

    assert outcome.faults == []
    assert outcome.cases > 0

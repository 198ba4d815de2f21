"""Damaged files are found before they are used: of an index, of a snapshot, of the model."""

from pathlib import Path

import pytest

from benchmarks.torture.models import damaged_models, refused_starts
from benchmarks.torture.report import Outcome
from benchmarks.torture.snapshots import damaged_indexes, damaged_snapshots

INDEXES = 350
SNAPSHOTS = 150
MODELS = 50
STARTS = 2


@pytest.mark.slow
def test_every_damaged_file_of_an_index_is_found_by_its_checksum(tmp_path: Path) -> None:
    outcome = Outcome()

    damaged_indexes(tmp_path, cases=range(INDEXES), outcome=outcome)

    assert outcome.faults == []
    assert outcome.cases == INDEXES


@pytest.mark.slow
def test_every_damaged_file_of_a_snapshot_is_found_and_the_store_answers_in_its_place(
    tmp_path: Path,
) -> None:
    outcome = Outcome()

    damaged_snapshots(tmp_path, cases=range(SNAPSHOTS), outcome=outcome)

    assert outcome.faults == []
    assert outcome.cases == SNAPSHOTS


@pytest.mark.slow
def test_every_damaged_file_of_a_model_is_refused_by_its_name(tmp_path: Path) -> None:
    outcome = Outcome()

    damaged_models(tmp_path, cases=range(MODELS), outcome=outcome)

    assert outcome.faults == []
    assert outcome.cases == MODELS


@pytest.mark.slow
def test_a_program_with_a_damaged_model_ends_with_code_78_and_one_sentence(tmp_path: Path) -> None:
    outcome = Outcome()

    refused_starts(tmp_path, cases=range(STARTS), outcome=outcome)

    assert outcome.faults == []

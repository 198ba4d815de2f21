"""The real run: what it needs is named when it is missing, and an answer reads as one."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

from benchmarks.real.report import steps_table
from benchmarks.real.steps import REAL_LEARNERS, STEPS, StepReport, missing_files
from service.domain.record import Kind
from service.intake import OutcomeStatus
from service.standards.native import read_native

ROOT = Path(__file__).parents[2]


def test_all_ten_learners_can_be_read() -> None:
    parsed = list(read_native(Kind.LEARNER, [REAL_LEARNERS]))

    assert [item.faults for item in parsed] == [()] * 10


def test_the_files_that_are_missing_are_named(tmp_path: Path) -> None:
    (tmp_path / "esco").mkdir()

    missing = missing_files(tmp_path)

    assert tmp_path / "esco" not in missing
    assert tmp_path / "onet" in missing
    assert len(missing) == sum(len(step.files) for step in STEPS) - 1


def test_without_the_data_the_run_says_what_to_do_and_ends(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.real", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert str(tmp_path / "onet") in done.stderr
    assert "make real SHARED_DATA=DIR" in done.stderr


def test_the_table_of_imports_shows_what_became_of_the_records() -> None:
    report = StepReport(
        title="Catalog",
        read=1200,
        outcomes=Counter({OutcomeStatus.CREATED: 1100, OutcomeStatus.REJECTED: 100}),
        bad=2,
        warnings=3,
        seconds=10.0,
        cpu_seconds=18.0,
        peak_mb=512.4,
        disk_mb=80.6,
    )

    row = list(steps_table([report]))[-1]

    cells = [cell.strip() for cell in row.strip("|").split("|")]
    expected = ["Catalog", "1,200", "1,100", "0", "0", "102", "3", "10.0", "120", "15.0"]
    assert cells == [*expected, "512", "81"]

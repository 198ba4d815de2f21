"""Memory, processor time and disk, as the benchmark reads them."""

from pathlib import Path

import pytest

from benchmarks.memory import MB, cpu_seconds, folder_mb, kib_of, peak_mb, resident_mb

STATUS = "Name:\tpython\nVmHWM:\t  523000 kB\nVmRSS:\t  410000 kB\n"


def test_a_figure_of_the_status_is_read_by_its_name() -> None:
    assert kib_of(STATUS, "VmHWM") == 523000
    assert kib_of(STATUS, "VmRSS") == 410000


def test_a_figure_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError, match="VmSwap"):
        kib_of(STATUS, "VmSwap")


def test_this_process_holds_no_more_than_its_peak_and_has_used_time() -> None:
    assert 1 < resident_mb() <= peak_mb()
    assert cpu_seconds() > 0


def test_a_folder_counts_all_below_it_and_a_file_with_two_names_once(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (below / "file").write_bytes(b"x" * 2_000_000)
    alone = folder_mb(tmp_path)

    (tmp_path / "again").hardlink_to(below / "file")

    assert folder_mb(tmp_path) == alone
    assert alone * MB >= 2_000_000

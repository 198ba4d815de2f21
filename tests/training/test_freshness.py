"""What is older than what it is made of is made anew."""

import os
from pathlib import Path

import pytest

from training.freshness import is_newer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with files that are as old as they are called, and one in a folder."""
    for name in ("1", "2", "3", "sets/2"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("", encoding="utf-8")
        os.utime(path, (int(path.name), int(path.name)))
    return tmp_path


@pytest.mark.parametrize(
    ("outputs", "inputs", "newer"),
    [
        (["3"], ["1", "2"], True),
        (["2"], ["2"], True),
        (["1"], ["2"], False),
        (["3", "1"], ["2"], False),
        (["2"], ["sets"], True),
        (["1"], ["sets"], False),
        (["none"], ["1"], False),
        (["3"], ["none"], False),
    ],
)
def test_all_outputs_must_be_there_and_as_new_as_all_inputs(
    folder: Path, outputs: list[str], inputs: list[str], newer: bool
) -> None:
    made, taken = ([folder / name for name in names] for names in (outputs, inputs))

    assert is_newer(made, taken) is newer

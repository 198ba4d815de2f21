"""A process that ends at a failpoint leaves what it acknowledged, and nothing half done."""

import re
import subprocess
from pathlib import Path

import pytest

from benchmarks.torture.points import SCENES, end_at
from benchmarks.torture.troupe import Troupe
from service.errors import UnknownFailpoint
from service.failpoints import EXIT_CODE, Failpoint, arm, reached
from tests.builders.command_line import PROGRAM, ROOT

CODE = ("service", "index")
AT_LEAST = 15


@pytest.mark.slow
@pytest.mark.parametrize("run", [0, 1])
@pytest.mark.parametrize("point", Failpoint)
def test_what_was_acknowledged_before_a_failpoint_is_there_after_it(
    tmp_path: Path, actors: Troupe, point: Failpoint, run: int
) -> None:
    assert end_at(actors, tmp_path, point, run=run) == []


def test_every_failpoint_stands_in_the_code_once_and_is_reached_by_a_test() -> None:
    text = "".join(
        path.read_text(encoding="utf-8")
        for package in CODE
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.name != "failpoints.py"
    )
    ours = re.findall(r"reached\(Failpoint\.([A-Z_]+)\)", text)
    steps = re.findall(r'\bstep\("([a-z.-]+)"\)', text)

    found = [*(Failpoint[name] for name in ours), *(Failpoint(name) for name in steps)]

    assert sorted(found) == sorted(Failpoint)
    assert set(SCENES) == set(Failpoint)
    assert len(Failpoint) >= AT_LEAST


def test_a_failpoint_that_is_not_armed_does_nothing() -> None:
    for point in Failpoint:
        reached(point)


@pytest.mark.parametrize("wanted", ["store.nowhere", "store.after-commit:often", ""])
def test_a_failpoint_that_there_is_not_is_refused_with_those_that_there_are(wanted: str) -> None:
    with pytest.raises(UnknownFailpoint, match=r"is no failpoint; there are .*store\.after-commit"):
        arm(wanted)


@pytest.mark.slow
def test_the_environment_arms_a_failpoint_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRAMP_FAILPOINT", Failpoint.BEFORE_MIGRATED)

    ended = subprocess.run(
        [*PROGRAM, "--data", tmp_path, "init"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )

    assert ended.returncode == EXIT_CODE

"""A process of ours beside a server: others go first, and only it is told to give way."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Event

from service.cli.elsewhere import let_others_go_first, run_elsewhere
from service.settings import Settings

SAYS_HOW_NICE = "import os, sys; sys.stdin.read(); print(os.getpriority(os.PRIO_PROCESS, 0))"


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def test_a_process_beside_has_a_lower_priority_and_its_parent_keeps_its_own() -> None:
    before = niceness()
    with subprocess.Popen(
        [sys.executable, "-c", SAYS_HOW_NICE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        let_others_go_first(program.pid)
        said, _ = program.communicate()

    assert int(said) == min(19, before + 10)
    assert niceness() == before


def test_one_that_has_ended_already_is_let_be() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as program:
        program.wait()
        let_others_go_first(program.pid)


def test_what_a_command_complains_of_is_told(tmp_path: Path) -> None:
    ended = run_elsewhere(
        ["backup", str(tmp_path / "kept")], Settings(data=tmp_path / "none"), Event()
    )

    assert ended.code == 1
    assert "There is no store" in ended.said

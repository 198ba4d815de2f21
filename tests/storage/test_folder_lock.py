"""The lock on a store's folder, and what is said where there can be none."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service.errors import StoreProblem
from service.storage.folder_lock import own_folder, share_folder
from tests.builders.command_line import ROOT

LOCKING = """
import sys
from pathlib import Path
from service.storage.folder_lock import share_folder
share_folder(Path(sys.argv[1]))()
print("used")
"""


def test_many_share_a_folder_and_one_alone_owns_it(tmp_path: Path) -> None:
    first, second = share_folder(tmp_path), share_folder(tmp_path)
    with pytest.raises(StoreProblem, match="Another process uses the store"):
        own_folder(tmp_path)
    first()
    second()

    release = own_folder(tmp_path)

    with pytest.raises(StoreProblem, match="is being restored"):
        share_folder(tmp_path)
    release()
    share_folder(tmp_path)()


def test_where_a_folder_cannot_be_locked_that_is_said(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    trial = [strace or "strace", "-o", "/dev/null", "true"]
    if strace is None or subprocess.run(trial, check=False, capture_output=True).returncode:
        pytest.skip("no strace here to make a lock fail with")
    failing = [strace, "-f", "-qq", "-e", "trace=flock", "-e", "inject=flock:error=ENOLCK"]

    ended = subprocess.run(
        [*failing, "-o", "/dev/null", sys.executable, "-c", LOCKING, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )

    assert ended.stdout == "used\n"
    assert f"The folder {tmp_path} cannot be locked (No locks available)" in ended.stderr

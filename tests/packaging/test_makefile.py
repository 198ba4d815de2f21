"""The Makefile and .ci/run: every target explains itself, and a broken set-up is never believed."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROMISED = {
    *("demo", "serve", "real"),
    *("test", "check", "fix"),
    *("test-training", "test-browser", "install-browser", "bench", "bench-index", "bench-widget"),
    *("image", "lock", "clean"),
    "openapi",
}
INTERNAL = {"has-chromium", "has-git", "has-python"}

FAKE_PYTHON = """#!/bin/bash
# Stands for python3: `-m venv DIR` makes an environment whose python only logs what it is told.
if [ "$1 $2" != "-m venv" ]; then exec {python} "$@"; fi
mkdir -p "$3/bin"
printf '#!/bin/bash\\necho "$@" >>{home}/log\\n[ ! -e {home}/offline ]\\n' >"$3/bin/python"
cp "$3/bin/python" "$3/bin/onramp"
chmod +x "$3/bin/python" "$3/bin/onramp"
"""


def targets() -> dict[str, str]:
    """Return the text after the colon of every named target."""
    lines = (ROOT / "Makefile").read_text().splitlines()
    found = (re.match(r"([a-z][a-z-]*):(?!=)(.*)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def make(checkout: Path, target: str, *, python: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["env", "-u", "MAKEFLAGS", "-u", "MAKELEVEL", "make", target, f"PYTHON={python}"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_target_has_a_help_line() -> None:
    silent = {name for name, rest in targets().items() if " ## " not in rest} - INTERNAL

    assert silent == set()
    assert set(targets()) >= PROMISED


def test_make_alone_prints_every_target_with_its_help_line(checkout: Path) -> None:
    table = make(checkout, "help", python="python3").stdout

    for name, rest in targets().items():
        if name not in INTERNAL:
            assert re.search(rf"make {name}\s+{re.escape(rest.partition('## ')[2])}", table)


def test_every_target_that_is_no_file_is_declared_phony() -> None:
    text = (ROOT / "Makefile").read_text()

    declared = set(" ".join(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)).split())

    assert declared == set(targets())


def test_a_missing_python_is_named_with_the_package_that_brings_it(checkout: Path) -> None:
    done = make(checkout, "demo", python="no-such-python")

    assert done.returncode != 0
    assert "no-such-python is missing. On Debian: apt install python3" in done.stderr


def test_a_python_that_is_too_old_is_refused_with_its_version(checkout: Path) -> None:
    old = script(
        checkout / "old-python",
        "#!/bin/sh\n[ \"$1\" = --version ] && echo 'Python 3.9.2' && exit 0\nexit 1\n",
    )

    done = make(checkout, "demo", python=old)

    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "is Python 3.9.2" in done.stderr


def test_a_python_without_its_venv_module_is_told_from_a_missing_one(checkout: Path) -> None:
    (checkout / "ensurepip.py").write_text("raise ImportError\n")
    bare = script(
        checkout / "bare-python",
        f'#!/bin/sh\nPYTHONPATH={checkout} exec {sys.executable} "$@"\n',
    )

    done = make(checkout, "demo", python=bare)

    assert done.returncode != 0
    assert "On Debian: apt install python3-venv" in done.stderr


def test_an_interrupted_set_up_is_done_again_and_a_finished_one_is_not(checkout: Path) -> None:
    log = checkout / "log"
    python = script(
        checkout / "fake-python", FAKE_PYTHON.format(python=sys.executable, home=checkout)
    )
    (checkout / "offline").touch()
    broken = make(checkout, "demo", python=python)
    (checkout / "offline").unlink()
    log.unlink()

    repaired = make(checkout, "demo", python=python)
    first = log.read_text().splitlines()
    log.unlink()
    make(checkout, "demo", python=python)
    second = log.read_text().splitlines()

    assert broken.returncode != 0
    assert repaired.returncode == 0
    assert [line.split()[-1] for line in first] == [
        "requirements/serving.txt",
        "requirements/build.txt",
        ".",
        "demo",
    ]
    assert second == ["--data build/demo demo"]


def test_an_environment_is_made_anew_when_its_lock_changes_or_the_checkout_moves(
    checkout: Path,
) -> None:
    log = checkout / "log"
    python = script(
        checkout / "fake-python", FAKE_PYTHON.format(python=sys.executable, home=checkout)
    )
    make(checkout, "demo", python=python)
    log.unlink()

    lock = checkout / "requirements" / "serving.txt"
    later = time.time() + 3600
    os.utime(lock, (later, later))
    make(checkout, "demo", python=python)
    relocked = log.read_text()
    moved = shutil.copytree(checkout, checkout / "moved")
    log.unlink()
    make(moved, "demo", python=python)

    assert "requirements/serving.txt" in relocked
    assert "requirements/serving.txt" in log.read_text()


def test_ci_installs_a_browser_runs_the_three_suites_and_prints_nothing_after_them() -> None:
    run = ROOT / ".ci" / "run"
    lines = run.read_text().splitlines()

    called = [line.split()[-1] for line in lines if line.startswith("make ")]

    assert called == ["install-browser", "lint", "test", "test-training"]
    assert lines[-1].endswith("test-training")
    assert "set -euo pipefail" in lines
    assert os.access(run, os.X_OK)

"""A process that is killed loses only the decisions that were not written yet."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from service.domain.decision import Decision
from service.domain.ids import DEFAULT_TENANT
from service.storage import STORE_FILE, SqliteStore
from tests.storage.decider import decision_id

ROOT = Path(__file__).parents[2]
RUNS = 30
LONGEST_WAIT_S = 0.05


@pytest.fixture
def deciders(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.storage.decider", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def run_and_kill(process: subprocess.Popen[str], run: int, *, then_s: float) -> int:
    """Let a process write some decisions and go on, kill it, and return how many it vouched for."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{run}\n")
    process.stdin.flush()
    said = [process.stdout.readline().split() for _ in range(2)]
    assert [words[0] for words in said] == ["started", "written"]
    time.sleep(then_s)
    os.kill(int(said[0][1]), signal.SIGKILL)
    while said[-1] != ["ended"]:
        said.append(process.stdout.readline().split())
        assert said[-1]
    return max(int(words[1]) for words in said if words[0] == "written")


@pytest.mark.slow
def test_a_process_that_is_killed_loses_only_what_was_not_written(
    tmp_path: Path, deciders: subprocess.Popen[str]
) -> None:
    chance = np.random.default_rng(4)
    journal = tmp_path / f"{STORE_FILE}-journal"
    cut_off = 0

    for run, wait in enumerate(chance.uniform(0, LONGEST_WAIT_S, RUNS).tolist()):
        vouched = run_and_kill(deciders, run, then_s=wait)
        cut_off += journal.exists()
        with SqliteStore.open(tmp_path, create=False) as store:
            found: list[Decision] = []
            while decision := store.decisions.find(
                DEFAULT_TENANT, decision_id(run, len(found) + 1)
            ):
                found.append(decision)
        assert len(found) >= vouched
        assert found[-1].answer is not None
        assert f"{run} {len(found)} " in found[-1].answer
        # In their order, so that nothing later is there without what came before.
        assert count_of(tmp_path, run) == len(found)

    # Kills that hit no transaction would prove nothing.
    assert cut_off > 0
    connection = sqlite3.connect(tmp_path / STORE_FILE)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def count_of(folder: Path, run: int) -> int:
    connection = sqlite3.connect(folder / STORE_FILE)
    ((count,),) = connection.execute(
        "SELECT count(*) FROM decisions WHERE id LIKE ?", (f"run-{run}-%",)
    ).fetchall()
    connection.close()
    return int(count)

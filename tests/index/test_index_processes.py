"""An index lives in one process and starts no threads of its own."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import ExactIndex, UsedAfterFork
from tests.builders.vectors import numbered, unit_vectors

ROOT = Path(__file__).parents[2]
TASKS = Path("/proc/self/task")

FORKS = """
import os
import numpy as np
from index import ExactIndex

index = ExactIndex.build(["a"], np.eye(1, dtype=np.float32))
child = os.fork()
if not child:
    for use in (lambda: index.search(np.eye(1, dtype=np.float32), k=1), lambda: index.discard([])):
        try:
            use()
        except Exception as error:
            print(type(error).__name__, error.made_in == os.getppid(), flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(index.search(np.eye(1, dtype=np.float32), k=1))
"""


def test_a_fork_is_told_that_it_cannot_use_the_index() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FORKS], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert ended.stdout.splitlines() == [
        "UsedAfterFork True",
        "UsedAfterFork True",
        "[[Hit(id='a', similarity=1.0)]]",
    ]


def test_the_refusal_says_what_to_do_instead() -> None:
    refusal = UsedAfterFork(made_in=10, used_in=20)

    assert str(refusal) == (
        "This index was made in process 10 and used in its fork 20. "
        "Spawn worker processes, and load the index in each."
    )
    assert (refusal.made_in, refusal.used_in) == (10, 20)


@pytest.mark.parametrize("queries", [5, 500])
def test_a_search_in_a_worker_thread_starts_no_further_threads(queries: int) -> None:
    index = ExactIndex.build(numbered(3000), unit_vectors(3000))

    def threads_that_a_search_started() -> set[str]:
        before = _threads()
        index.search(unit_vectors(queries, seed=1), k=10)
        return _threads() - before

    with ThreadPoolExecutor(1) as worker:
        started = worker.submit(threads_that_a_search_started).result()

    assert started == set()


def _threads() -> set[str]:
    """Name the threads of this process; those of tests before may end at any time."""
    return {task.name for task in TASKS.iterdir()}

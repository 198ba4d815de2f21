"""A fork is refused with a clear error, and hangs nowhere; a clock may jump."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest

from service.answers import Answers
from service.answers.canonical import id_of
from service.answers.questions import RecommendQuestion
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT
from tests.builders.command_line import ROOT
from tests.builders.worlds import World, credential, learner

WAIT_S = 20

FORKS = """
import os, sys
from pathlib import Path
import numpy as np
from benchmarks.torture.small import DIM, small
from benchmarks.torture.work import operation, perform
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind

query = np.eye(1, DIM, dtype=np.float32)
with small(Path(sys.argv[1])) as product:
    for number in range(20):
        perform(product, operation(1, number))
    product.view.cosines(Kind.CREDENTIAL, query)
    child = os.fork()
    if not child:
        for use in (
            lambda: product.view.cosines(Kind.CREDENTIAL, query),
            lambda: perform(product, operation(1, 1)),
            lambda: product.view.catch_up(),
            lambda: product.store.counts(DEFAULT_TENANT),
        ):
            try:
                use()
                print("it was done")
            except Exception as error:
                print(type(error).__name__, "fork" in str(error))
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
    print(len(product.view.cosines(Kind.CREDENTIAL, query)))
"""


def test_a_fork_of_a_process_that_has_searched_is_refused_and_does_not_hang(
    tmp_path: Path,
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FORKS, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=WAIT_S * 3,
    )

    assert ended.stdout.splitlines() == [
        "UsedAfterFork True",
        "StoreProblem True",
        "StoreProblem True",
        "StoreProblem True",
        "1",
    ]


class JumpingClock:
    """A clock that is set a day ahead, and two days back, between one look and the next."""

    def __init__(self) -> None:
        now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
        days: Iterator[int] = cycle([0, 1, -1, 0, 30, -30])
        self._times = (now + timedelta(days=day) for day in days)

    def now(self) -> datetime:
        """Return a time that may be before the last one."""
        return next(self._times)


@pytest.mark.slow
def test_answers_and_their_log_go_on_while_the_clock_jumps(world: World) -> None:
    world.put(credential("c-1", "SQL basics", "SQL"), learner("ada", "use spreadsheets software"))
    answers = Answers(replace(world.desk, clock=JumpingClock()))
    ada = learner("ada", "use spreadsheets software")
    question = RecommendQuestion(learner=ada, stored=True, goal=Goal(text="SQL"))

    given = [answers.recommend(DEFAULT_TENANT, question) for _ in range(12)]

    assert [[item.id for item in answer.items] for answer in given] == [["c-1"]] * 12
    logged = [world.desk.decisions.find(DEFAULT_TENANT, id_of(answer)) for answer in given]
    assert all(decision is not None for decision in logged)

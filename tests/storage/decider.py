"""Forks processes, one for each line that it is given, that note decisions until they are killed.

Run as ``python -m tests.storage.decider FOLDER``.
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path

from service.answers.decisions import GroupedDecisions, Pace
from service.storage import SqliteStore
from tests.builders.drafts import a_draft
from tests.storage.importer import FORGOTTEN_S, say

FLUSH_EVERY = 16
PACE = Pace(waiting=64, group=8, linger_s=0.002)


def decision_id(run: int, number: int) -> str:
    """Return the id of a run's decision."""
    return f"run-{run}-{number:06}"


def decide_until_killed(folder: Path, run: int) -> None:
    """Note decision after decision, and say how many are sure to be written."""
    signal.alarm(FORGOTTEN_S)
    say(f"started {os.getpid()}")
    store = SqliteStore.open(folder, create=True)
    with GroupedDecisions(store.decisions, pace=PACE).running() as decisions:
        for number in count(1):
            decisions.note(a_draft(decision_id(run, number), words=f"{run} {number} " * 200))
            if number % FLUSH_EVERY == 0:
                decisions.flush()
                say(f"written {number}")


def main() -> None:
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        child = os.fork()
        if not child:
            decide_until_killed(folder, int(line))
        os.waitpid(child, 0)
        say("ended")


if __name__ == "__main__":
    main()

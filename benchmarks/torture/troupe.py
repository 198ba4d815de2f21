"""The troupe: starts actors one after the other, hears what they say, and kills them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).parents[2]
Hear = Callable[[list[str]], None]


class Ended(NamedTuple):
    """How an actor ended: its exit code (negative: the signal), and all that it said."""

    code: int
    said: list[list[str]]

    @property
    def acked(self) -> list[int]:
        """The numbers of the operations that it said were kept."""
        return [int(words[1]) for words in self.said if words[0] == "acked"]


class Troupe:
    """Actors over a pipe; made by ``troupe``."""

    def __init__(self, orders: IO[str], lines: IO[str]) -> None:
        self._orders = orders
        self._lines = lines

    def play(self, job: Mapping[str, object], *, hear: Hear | None = None) -> Ended:
        """Let an actor do a job to its end."""
        self._order(job)
        return self._rest([], hear)

    def play_and_kill(
        self, job: Mapping[str, object], *, after: int, then_s: float, hear: Hear | None = None
    ) -> Ended:
        """Let an actor work until some operations are acknowledged, and kill it a moment later."""
        self._order(job)
        said = [self._hear(hear)]
        acked = 0
        while acked < after and said[-1][0] != "ended":
            said.append(self._hear(hear))
            acked += said[-1][0] == "acked"
        time.sleep(then_s)
        if said[-1][0] != "ended":
            os.kill(int(said[0][1]), signal.SIGKILL)
        return self._rest(said, hear)

    def _order(self, job: Mapping[str, object]) -> None:
        self._orders.write(json.dumps(job) + "\n")
        self._orders.flush()

    def _rest(self, said: list[list[str]], hear: Hear | None) -> Ended:
        while not said or said[-1][0] != "ended":
            said.append(self._hear(hear))
        return Ended(int(said[-1][1]), said)

    def _hear(self, hear: Hear | None) -> list[str]:
        words = self._lines.readline().split()
        if not words:
            raise RuntimeError("The actors' parent has ended; its error output says why.")
        if hear is not None:
            hear(words)
        return words


@contextmanager
def troupe(*, under: Sequence[str] = (), env: Mapping[str, str] | None = None) -> Iterator[Troupe]:
    """Start the actors' parent, under another program if one is named; end it afterwards."""
    command = [*under, sys.executable, "-m", "benchmarks.torture.actor"]
    with subprocess.Popen(  # noqa: S603 - our own program
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=None if env is None else dict(env),
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("The actors' pipes are not there.")
        yield Troupe(process.stdin, process.stdout)
        process.stdin.close()

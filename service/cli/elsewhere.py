"""Our own program as a process of its own, beside a server that goes on."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from threading import Event
from typing import Final, NamedTuple

from service.settings import Settings, environment_of

_LOOK_S: Final = 0.2
_END_S: Final = 2.0
# Whoever is served goes first.
_NICENESS: Final = 10
_NICEST: Final = 19


class Ended(NamedTuple):
    """How a command ended: its exit code, 0 if it was told to, and what it complained of."""

    code: int
    said: str


def run_elsewhere(words: Sequence[str], settings: Settings, stop: Event) -> Ended:
    """Run a command of the program with the same settings until it ends or is told to.

    Others on the machine go first: it is given a lower priority than this process has.

    Args:
        words: the command with its options.
        settings: those of this process.
        stop: ends the command too.
    """
    # A file and not a pipe, which a command with much to say would fill, and wait for ever.
    with (
        TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "service", "--data", str(settings.data), "--json", *words],
            env=environment_of(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            # Ctrl-C is for the server, which ends this one itself.
            start_new_session=True,
        ) as program,
    ):
        let_others_go_first(program.pid)
        while program.poll() is None:
            if stop.wait(_LOOK_S):
                program.terminate()
                with suppress(subprocess.TimeoutExpired):
                    program.wait(_END_S)
                program.kill()
                return Ended(0, "")
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip()
        if program.returncode:
            said = said or f"it ended with code {program.returncode}."
        return Ended(program.returncode, said)


def let_others_go_first(process: int) -> None:
    """Lower the priority of a process that has just begun, and has no second thread yet."""
    with suppress(ProcessLookupError):
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, process, min(_NICEST, own + _NICENESS))

"""Our own program as a process of its own, beside a server that goes on."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Event
from typing import Final

from service.settings import Settings, environment_of

_LOOK_S: Final = 0.2
_END_S: Final = 2.0


def run_elsewhere(words: Sequence[str], settings: Settings, stop: Event) -> str:
    """Run a command of the program with the same settings until it ends or is told to.

    Args:
        words: the command with its options.
        settings: those of this process.
        stop: ends the command too.

    Returns:
        What went wrong, as the command says it; empty if nothing did.
    """
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "service", "--data", str(settings.data), "--json", *words],
        env=environment_of(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        # Ctrl-C is for the server, which ends this one itself.
        start_new_session=True,
    ) as program:
        while program.poll() is None:
            if stop.wait(_LOOK_S):
                program.terminate()
                with suppress(subprocess.TimeoutExpired):
                    program.wait(_END_S)
                program.kill()
                return ""
        if not program.returncode or program.stderr is None:
            return ""
        said = program.stderr.read().decode(errors="replace").strip()
        return said or f"it ended with exit code {program.returncode}."

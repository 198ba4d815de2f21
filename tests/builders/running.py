"""The command line as a program that runs on, to be read from and interrupted."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.builders.command_line import PROGRAM, ROOT

END_S = 60


@contextmanager
def running(*words: str | Path, log_level: str = "warning") -> Iterator[subprocess.Popen[str]]:
    """Start the command line; end it for good when the block is left.

    A line for each request would fill the pipe that nobody reads until the end.
    """
    program = subprocess.Popen(
        ["env", f"ONRAMP_LOG_LEVEL={log_level}", *PROGRAM, *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with program:
        try:
            yield program
        finally:
            program.kill()


def address_of(program: subprocess.Popen[str]) -> str:
    """Wait until the program serves; return where."""
    if program.stdout is None:
        raise ValueError("The program's output is not read.")
    for line in program.stdout:
        if found := re.search(r"serves (http://\S+)", line):
            return found[1]
    raise AssertionError("The program ended without serving.")


def interrupted(program: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str, str]:
    """Send a signal; return the exit code and the rest of the output."""
    program.send_signal(number)
    out, err = program.communicate(timeout=END_S)
    return program.returncode, out, err

"""A server at rest: it has done what it does after a start, and waits for requests."""

import time
from contextlib import suppress
from typing import Final

import psutil

from benchmarks.parts import CannotMeasure
from benchmarks.server import Server

# At rest is who uses less than this share of a processor for so many seconds.
_SHARE: Final = 0.1
_WATCHED_S: Final = 3.0


def wait_until_at_rest(server: Server, *, patience_s: float) -> float:
    """Wait until a server is at rest; return the seconds that it took.

    It reads and works out beforehand what first questions would wait for: a minute or two with
    100,000 learners. Who serves for weeks is measured without that.

    Raises:
        CannotMeasure: if it never is.
    """
    began = time.perf_counter()
    while time.perf_counter() - began < patience_s:
        before = _processor_s(server.pid)
        time.sleep(_WATCHED_S)
        if abs(_processor_s(server.pid) - before) < _SHARE * _WATCHED_S:
            return time.perf_counter() - began
    raise CannotMeasure("The server is never at rest; is the machine busy with others?")


def _processor_s(pid: int) -> float:
    """Return how many seconds of a processor a process and those that it started have had."""
    root = psutil.Process(pid)
    found = 0.0
    for process in (root, *root.children(recursive=True)):
        # One that writes a snapshot may just have ended.
        with suppress(psutil.NoSuchProcess):
            found += sum(process.cpu_times()[:2])
    return found

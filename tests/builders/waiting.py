"""Waiting for what others do: another thread or process, and for no longer than is patient."""

import time
from collections.abc import Callable


def until(is_so: Callable[[], bool], *, patience_s: float = 30.0, every_s: float = 0.01) -> None:
    """Wait until something is so; fail if it is not in time."""
    deadline = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(every_s)

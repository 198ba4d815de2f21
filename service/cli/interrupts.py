"""Interrupts: Ctrl-C stops at a good place; pressed again, it stops at once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from service.cli.output import complain


class Stop:
    """Whether a person wants to stop."""

    def __init__(self) -> None:
        self.wanted = False


@contextmanager
def stopping(when: str) -> Iterator[Stop]:
    """Take the first Ctrl-C as a wish to stop at the next good place.

    Args:
        when: when that is, to tell the person.
    """
    stop = Stop()

    def wish(_number: int, _frame: FrameType | None) -> None:
        stop.wanted = True
        signal.signal(signal.SIGINT, before)
        complain(f"Stopping {when}; press Ctrl-C again to stop at once.")

    before = signal.signal(signal.SIGINT, wish)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)

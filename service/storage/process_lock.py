"""A lock that one process has at a time, on a file of its own."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_OWNER_ALONE: Final = 0o600


@contextmanager
def process_lock(path: Path) -> Iterator[bool]:
    """Tell whether this process has the lock, for as long as the block lasts; nobody waits for it.

    The lock is the system's: it goes with the process, however that ends.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ALONE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)

"""A lock on a store's folder: many may use the store, and only one alone may replace it."""

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from service.errors import StoreProblem


def _locked(folder: Path, how: int, otherwise: str) -> Callable[[], None]:
    # The folder and not the file: closing a second handle of the file drops SQLite's own locks.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # A file system without such locks is one where nobody can be asked to wait.
        with suppress(OSError):
            try:
                fcntl.flock(descriptor, how | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreProblem(otherwise) from None
    except BaseException:
        os.close(descriptor)
        raise

    def release() -> None:
        nonlocal descriptor
        if descriptor >= 0:
            os.close(descriptor)
            descriptor = -1

    return release


def share_folder(folder: Path) -> Callable[[], None]:
    """Say that this process uses the store; return what takes it back.

    Raises:
        StoreProblem: if the store is being replaced.
    """
    said = f"The store in {folder} is being restored from a backup; try again when that is done."
    return _locked(folder, fcntl.LOCK_SH, said)


def own_folder(folder: Path) -> Callable[[], None]:
    """Keep all others from the store; return what lets them in again.

    Raises:
        StoreProblem: if another process uses it.
    """
    said = f"Another process uses the store in {folder}. Stop it first."
    return _locked(folder, fcntl.LOCK_EX, said)

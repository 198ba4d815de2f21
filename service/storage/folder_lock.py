"""A lock on a store's folder: many may use the store, and only one alone may replace it."""

import fcntl
import logging
import os
from collections.abc import Callable
from pathlib import Path

from service.errors import StoreProblem

logger = logging.getLogger(__name__)


def _locked(folder: Path, how: int, otherwise: str) -> Callable[[], None]:
    # The folder and not the file: closing a second handle of the file drops SQLite's own locks.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise StoreProblem(otherwise) from None
    except OSError as error:
        # A file system without such locks is one where nobody can be asked to wait.
        logger.warning(
            "The folder %s cannot be locked (%s): nothing keeps a restore from replacing a store "
            "that is in use. Stop Onramp before you restore.",
            folder,
            error.strerror or error,
        )

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

"""The reserve: space kept back on the disk, so that a learner can be erased when it is full."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from service.errors import StoreFull
from service.failpoints import Failpoint, reached

RESERVE_FILE = "onramp.reserve"
# To fill it again, there has to be room for what is written besides.
_ROOM = 3
_OWNER_ALONE = 0o600

logger = logging.getLogger(__name__)


class Reserve:
    """A file of so many bytes beside the store, and as much free space that only erasing may use.

    A full disk lets SQLite delete nothing, since a deletion is journaled first. So writing stops
    while there is still space, and an erasure that fails nevertheless gets the file's.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self._folder = folder
        self._path = folder / RESERVE_FILE
        self._size = size
        self._is_whole = False

    def check(self) -> None:
        """Do nothing if there is space to write; fill the reserve if that is due.

        Raises:
            StoreFull: if no more is free than is kept back.
        """
        if not self._size:
            return
        free = shutil.disk_usage(self._folder).free
        if free < self._size:
            raise StoreFull(
                f"The disk of {self._folder} has {free:,} bytes left, and the last {self._size:,} "
                "are kept back for erasing learners: nothing of this change was kept. Free some "
                "space, or keep less back (ONRAMP_RESERVE_MB)."
            )
        if not self._is_whole and free >= _ROOM * self._size:
            self._fill()

    @contextmanager
    def released(self) -> Iterator[None]:
        """Give the file's space away for as long as this lasts."""
        self._is_whole = False
        self._path.unlink(missing_ok=True)
        logger.warning("the disk is full: the reserve was released to erase a record")
        reached(Failpoint.RESERVE_RELEASED)
        try:
            yield
        finally:
            with suppress(StoreFull):
                self.check()

    def _fill(self) -> None:
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, _OWNER_ALONE)
            try:
                reached(Failpoint.RESERVE_FILLING)
                os.posix_fallocate(descriptor, 0, self._size)
            finally:
                os.close(descriptor)
        except OSError:
            logger.warning("the reserve could not be filled", exc_info=True)
            self._path.unlink(missing_ok=True)
            return
        self._is_whole = True

"""The figures of worker processes: each writes down its own, so that any can tell those of all."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Final

from service.api.metrics import Board
from service.indexing.beside import beside

EVERY_S: Final = 1.0

logger = logging.getLogger(__name__)


@contextmanager
def figures_folder() -> Iterator[Path]:
    """Give workers a place for their figures; it is in memory where /tmp is."""
    with TemporaryDirectory(prefix="onramp-figures-") as folder:
        yield Path(folder)


@contextmanager
def figures_kept(board: Board) -> Iterator[None]:
    """Write down this process's figures every second, for as long as the block lasts."""

    def keep(stop: Event) -> None:
        while not stop.wait(EVERY_S):
            try:
                board.write()
            except OSError as error:
                logger.warning("The figures could not be written: %s", error)
        board.forget()

    if not board.is_shared:
        yield
        return
    with beside(keep, name="figures"):
        yield

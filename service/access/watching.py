"""Watching the keys: what another process changes is taken up without anybody calling."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import Final

from service.access.keyring import Keyring
from service.errors import StoreProblem
from service.indexing.beside import beside

# Twice in the time that a look is relied on.
EVERY_S: Final = 0.2
# So many looks between two writes of when keys were used.
_LOOKS: Final = 50

logger = logging.getLogger(__name__)


@contextmanager
def watching(keyring: Keyring, *, every_s: float = EVERY_S) -> Iterator[None]:
    """Keep the keyring up with the store, for as long as the block lasts."""
    with beside(partial(_watch, keyring, every_s=every_s), name="keys"):
        yield


def _watch(keyring: Keyring, stop: Event, *, every_s: float) -> None:
    looks, is_well = 0, True
    while not stop.wait(every_s):
        try:
            keyring.look()
            is_well = True
        except StoreProblem as error:
            # Whoever calls is told that keys cannot be looked up; here it is said once.
            if is_well:
                logger.warning("keys cannot be followed: %s", error)
            is_well = False
        looks += 1
        if not looks % _LOOKS:
            keyring.write_uses()
    keyring.write_uses()

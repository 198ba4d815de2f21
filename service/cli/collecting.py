"""The collector of cycles while something is served: often on what is young, never on all there is.

Python walks everything that is alive once it has grown by a quarter. With what questions have had
decoded that is 130 ms in which nobody is answered, and young objects are walked after each answer,
nearly all of which are freed without.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import Final

from service.indexing.beside import beside
from service.indexing.resting import Resting

EVERY_S: Final = 5.0
# So many new objects are walked at once: 3 ms. One in ten times what has survived is, too.
_YOUNG, _SURVIVED = 20_000, 10
_NEVER = 1 << 30
# From so many that stay on they are not walked again: 5 ms.
MANY: Final = 20_000
# All there is is walked so seldom, some half a second: what broke off meanwhile goes then, such as
# the indexes of a model that was replaced.
ALL_S: Final = 6 * 3_600.0


@contextmanager
def collecting_seldom(*, every_s: float = EVERY_S, all_s: float = ALL_S) -> Iterator[None]:
    """Free cycles a little at a time for as long as the block lasts.

    What stays is freed when nobody refers to it, as ever; a cycle of it that breaks off later is
    freed when all there is is walked, every six hours.
    """
    before = gc.get_threshold()
    gc.set_threshold(_YOUNG, _SURVIVED, _NEVER)
    try:
        with beside(partial(_collect, every_s=every_s, all_s=all_s), name="collector"):
            yield
    finally:
        gc.set_threshold(*before)


def _collect(stop: Event, *, every_s: float, all_s: float) -> None:
    resting, walked = Resting(), time.monotonic()
    while not stop.wait(every_s):
        if time.monotonic() - walked >= all_s:
            resting.closed()
            walked = time.monotonic()
            continue
        gc.collect()
        if len(gc.get_objects()) > MANY:
            resting.loaded()

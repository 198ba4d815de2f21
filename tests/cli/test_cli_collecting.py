"""The collector while something is served: cycles go, and what stays is walked once."""

import gc
import weakref
from functools import partial

from service.cli.collecting import MANY, collecting_seldom
from tests.builders import waiting

until = partial(waiting.until, patience_s=30.0, every_s=0.01)


class Knot:
    """Refers to itself."""

    def __init__(self) -> None:
        self.own = self


def test_a_cycle_is_freed_and_what_there_is_much_of_is_not_walked_again() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with collecting_seldom(every_s=0.01):
        knot = weakref.ref(Knot())
        until(lambda: knot() is None)
        kept = [[number] for number in range(MANY + 1)]
        until(lambda: gc.get_freeze_count() >= frozen + len(kept))
        during = gc.get_threshold()
    gc.unfreeze()

    assert gc.get_threshold() == before
    # All that is alive is never walked at once.
    assert during[2] > 1_000_000

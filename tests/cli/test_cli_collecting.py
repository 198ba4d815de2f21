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
    # More of what is young at once, and never all that is alive.
    assert during[0] > before[0]
    assert during[2] > 1_000_000


def test_what_there_is_little_of_is_walked_each_time() -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()
    with collecting_seldom(every_s=0.01):
        knot = weakref.ref(Knot())
        until(lambda: knot() is None)
        after = gc.get_freeze_count()
    gc.unfreeze()

    assert after <= frozen


def test_a_cycle_that_breaks_off_after_it_was_taken_to_stay_is_freed_in_the_end() -> None:
    kept = Knot()
    knot = weakref.ref(kept)
    gc.freeze()
    del kept
    with collecting_seldom(every_s=0.01, all_s=0.05):
        until(lambda: knot() is None)
    gc.unfreeze()

"""Work beside a block: a thread that is told when the block ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def beside(work: Callable[[Event], None], *, name: str) -> Iterator[None]:
    """Do some work in a thread for as long as the block lasts.

    Args:
        work: given an event that is set when the block ends; the block waits for it to return.
        name: of the thread.
    """
    stop = Event()
    worker = Thread(target=work, args=(stop,), name=name, daemon=True)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()

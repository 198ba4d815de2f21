"""Helpers: processes that answer beside this one, each with the store open for itself."""

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final, Generic, TypeVar

from service.answers import Pace
from service.cli.errors import CannotAnswer
from service.errors import OnrampError
from service.settings import Settings
from service.wiring import Services, open_services

T = TypeVar("T")
R = TypeVar("R")
Seat = Callable[[list[T]], list[R]]

# So many questions go to a seat at once: few enough that all end at about the same time.
AT_ONCE: Final = 8
# Nobody waits for a single decision: larger groups keep the readers of the file from waiting.
PATIENT: Final = Pace(linger_s=1.0, group=1024, waiting=2048)
# So long a helper may take to note its last decisions.
_END_S: Final = 30.0
_READY: Final = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Helping(Generic[T, R]):
    """How many helpers, and what they are to do.

    Attributes:
        make: given open services, returns what answers a question; it goes to other processes,
            so it is a function of a module or made of such.
        count: how many processes beside this one.
    """

    settings: Settings
    make: Callable[[Services], Callable[[T], R]]
    count: int


def by_helpers(
    work: Callable[[T], R],
    items: Iterable[T],
    helping: Helping[T, R],
    in_order: Callable[..., Iterator[list[R]]],
) -> Iterator[R]:
    """Yield what the work makes of each item, in their order, here and in other processes.

    This process begins at once; a helper joins in when it has opened the store.

    Raises:
        CannotAnswer: if a helper cannot begin, or ends before it is told to.
    """
    with _seats(work, helping) as seats:

        def answered(some: list[T]) -> list[R]:
            seat = seats.get()
            try:
                return seat(some)
            finally:
                seats.put(seat)

        for found in in_order(answered, _groups(items), threads=1 + helping.count):
            yield from found


def _groups(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, AT_ONCE)):
        yield some


@contextmanager
def _seats(work: Callable[[T], R], helping: Helping[T, R]) -> Iterator[SimpleQueue[Seat[T, R]]]:
    seats: SimpleQueue[Seat[T, R]] = SimpleQueue()
    seats.put(lambda some: [work(each) for each in some])
    helpers = [_Helper(helping, number) for number in range(helping.count)]
    waiting = [
        Thread(target=lambda each=each: seats.put(each.seat()), daemon=True) for each in helpers
    ]
    for thread in waiting:
        thread.start()
    try:
        yield seats
    finally:
        for each in helpers:
            each.end()


class _Helper(Generic[T, R]):
    """A process that answers, and the pipe to it."""

    def __init__(self, helping: Helping[T, R], number: int) -> None:
        # Spawned, never forked: a fork of a process that has searched hangs in its first search.
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._is_ready = False
        self._process = context.Process(
            target=_help,
            args=(helping.settings, helping.make, there),
            daemon=True,
            name=f"onramp-helper-{number}",
        )
        self._process.start()
        there.close()

    def seat(self) -> Seat[T, R]:
        """Wait until the helper can answer, and return what asks it."""
        said = self._received()
        if said != _READY:
            return lambda _some: _refuse(f"A process that was to help could not begin: {said}")
        self._is_ready = True
        return self._ask

    def end(self) -> None:
        """Let the helper note its last decisions; one that never began is not waited for."""
        if self._is_ready:
            with suppress(OSError):
                self._here.send(None)
            self._process.join(_END_S)
        self._process.terminate()
        self._process.join()

    def _ask(self, some: list[T]) -> list[R]:
        self._here.send(some)
        said = self._received()
        return said if isinstance(said, list) else _refuse(str(said))

    def _received(self) -> Any:
        try:
            return self._here.recv()
        except (EOFError, OSError):
            return "A process that helped has ended before it was told to."


def _refuse(reason: str) -> list[Any]:
    raise CannotAnswer(reason)


def _help(
    settings: Settings, make: Callable[[Services], Callable[[Any], Any]], pipe: Connection
) -> None:
    """Answer in a process of its own until told to end, or until nobody asks any more."""
    # Ctrl-C is for the one who asks, who then ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, BrokenPipeError):
        try:
            with open_services(settings, pace=PATIENT) as services:
                work = make(services)
                pipe.send(_READY)
                while (some := pipe.recv()) is not None:
                    pipe.send([work(each) for each in some])
        except OnrampError as error:
            pipe.send(str(error))

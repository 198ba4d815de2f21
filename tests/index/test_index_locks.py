"""Readers share, a writer is alone, and nobody waits for ever."""

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier
from time import sleep
from typing import Literal

import pytest

from index.locks import ReadWriteLock


def test_readers_read_at_the_same_time() -> None:
    lock, both_inside = ReadWriteLock(), Barrier(2, timeout=60)

    def read() -> None:
        with lock.reading():
            both_inside.wait()

    with ThreadPoolExecutor(2) as threads:
        for reading in [threads.submit(read) for _ in range(2)]:
            reading.result()

    assert not both_inside.broken


def test_nobody_else_is_inside_while_a_writer_is() -> None:
    lock, clocks = ReadWriteLock(), [0, 0]

    def write() -> None:
        for _ in range(500):
            with lock.writing():
                now = clocks[0] + 1
                clocks[0] = now
                sleep(0)
                clocks[1] = now

    def read() -> list[tuple[int, int]]:
        seen = []
        for _ in range(500):
            with lock.reading():
                first = clocks[0]
                sleep(0)
                seen.append((first, clocks[1]))
        return seen

    with ThreadPoolExecutor(4) as threads:
        writing = [threads.submit(write) for _ in range(2)]
        reading = [threads.submit(read) for _ in range(2)]
    for future in writing:
        future.result()

    assert clocks == [1000, 1000]
    assert all(first == second for future in reading for first, second in future.result())


class Visits:
    """Threads that enter one lock one after the other, and the order in which they got in."""

    def __init__(self, threads: Executor) -> None:
        self.lock = ReadWriteLock()
        self.order: list[str] = []
        self._threads = threads

    def line_up(self, who: Literal["reader", "writer"]) -> None:
        """Send somebody to the lock, and go on when they stand before it or got in."""
        entered = len(self.order)
        self._threads.submit(self._enter, who)
        while not vars(self.lock)[f"_{who}s_waiting"] and len(self.order) == entered:
            sleep(0)

    def _enter(self, who: Literal["reader", "writer"]) -> None:
        with self.lock.reading() if who == "reader" else self.lock.writing():
            self.order.append(who)


@pytest.mark.parametrize("who", ["reader", "writer"])
def test_nobody_gets_in_while_a_writer_is_inside(who: Literal["reader", "writer"]) -> None:
    with ThreadPoolExecutor(1) as threads:
        visits = Visits(threads)
        with visits.lock.writing():
            visits.line_up(who)
            met = list(visits.order)

    assert (met, visits.order) == ([], [who])


def test_a_writer_waits_for_the_readers_inside() -> None:
    with ThreadPoolExecutor(1) as threads:
        visits = Visits(threads)
        with visits.lock.reading():
            visits.line_up("writer")
            met = list(visits.order)

    assert (met, visits.order) == ([], ["writer"])


def test_a_waiting_writer_goes_before_readers_who_come_later() -> None:
    with ThreadPoolExecutor(2) as threads:
        visits = Visits(threads)
        with visits.lock.reading():
            visits.line_up("writer")
            visits.line_up("reader")

    assert visits.order == ["writer", "reader"]


def test_readers_who_waited_for_a_writer_go_before_the_next_one() -> None:
    with ThreadPoolExecutor(2) as threads:
        visits = Visits(threads)
        with visits.lock.writing():
            visits.line_up("writer")
            visits.line_up("reader")

    assert visits.order == ["reader", "writer"]


@pytest.mark.parametrize("hold", [ReadWriteLock.reading, ReadWriteLock.writing])
def test_a_failure_inside_gives_the_lock_back(
    hold: Callable[[ReadWriteLock], AbstractContextManager[None]],
) -> None:
    lock = ReadWriteLock()

    def write_and_read() -> None:
        with lock.writing():
            pass
        with lock.reading():
            pass

    with pytest.raises(ZeroDivisionError), hold(lock):
        1 / 0  # noqa: B018  # any failure will do

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(write_and_read).result(timeout=60) is None

"""Readers share, a writer is alone, and nobody waits for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier
from time import sleep

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

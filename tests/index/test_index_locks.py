"""Readers share, a writer is alone, and nobody waits for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier

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


def test_no_two_writers_write_at_the_same_time() -> None:
    lock, numbers = ReadWriteLock(), [0]

    def write() -> None:
        for _ in range(2000):
            with lock.writing():
                number = numbers.pop()
                numbers.append(number + 1)

    with ThreadPoolExecutor(4) as threads:
        for writing in [threads.submit(write) for _ in range(4)]:
            writing.result()

    assert numbers == [8000]


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

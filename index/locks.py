"""Many readers or one writer, in the process that made the lock and in no fork of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from index.errors import UsedAfterFork


class ReadWriteLock:
    """Keeps readers from meeting a half-made change, and neither side from starving the other.

    A waiting writer holds back new readers; after it, those who waited go before the next writer.
    Chosen over snapshots that are copied on write because a change then costs its own rows only, a
    removed vector is wiped at once, and a search of a few milliseconds is all that a writer waits.
    """

    def __init__(self) -> None:
        self._made_in = os.getpid()
        self._changed = Condition()
        self._readers = 0
        self._readers_waiting = 0
        self._readers_due = 0
        self._writers_waiting = 0
        self._writing = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Share the lock with other readers."""
        self.refuse_forks()
        with self._changed:
            self._readers_waiting += 1
            try:
                self._changed.wait_for(self._may_read)
                self._readers += 1
            finally:
                self._readers_waiting -= 1
                self._readers_due = max(0, self._readers_due - 1)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock alone."""
        self.refuse_forks()
        with self._changed:
            self._writers_waiting += 1
            try:
                self._changed.wait_for(self._may_write)
                self._writing = True
            finally:
                self._writers_waiting -= 1
        try:
            yield
        finally:
            with self._changed:
                self._writing = False
                self._readers_due = self._readers_waiting
                self._changed.notify_all()

    def _may_read(self) -> bool:
        return not self._writing and (not self._writers_waiting or self._readers_due > 0)

    def _may_write(self) -> bool:
        return not self._writing and not self._readers and not self._readers_due

    def refuse_forks(self) -> None:
        """Raise ``UsedAfterFork`` in a fork of the process that made the lock."""
        # A fork copies a lock that another thread may hold for ever, and FAISS' thread pool dead.
        if os.getpid() != self._made_in:
            raise UsedAfterFork(made_in=self._made_in, used_in=os.getpid())

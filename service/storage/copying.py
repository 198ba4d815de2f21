"""Copying a store while it is in use: SQLite's online backup, in steps that nobody waits for."""

import os
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Final

from service.errors import DamagedStore

# One step holds a read lock for some milliseconds: 2 MB of pages.
STEP_PAGES: Final = 256
_STEP_BYTES: Final = 2 * 1024 * 1024
# Where a step differs, it is so much that is kept until writers may go on; at most 256 MB of it.
_PART_BYTES: Final = 64 * 1024
_PARTS_MAX: Final = 4096
_THREADS: Final = 2
# What others write while pages are copied makes the copy begin again; after so many times ...
RESTARTS: Final = 8
_WAIT_S: Final = 0.005
_PATIENCE_S: Final = 30.0
# A lock is not fair: who waits for it needs a moment to get it.
_LET_IN_S: Final = 0.0005


class _OvertakenAgain(Exception):
    """Others write faster than the copy is made."""


class _Progress:
    """Lets writers of this process in between two steps, and counts new beginnings."""

    def __init__(self, lock: Lock, *, restarts: int | None) -> None:
        self._lock = lock
        self._restarts = restarts
        self._remaining: int | None = None

    def __call__(self, _status: int, remaining: int, _total: int) -> None:
        self._lock.release()
        time.sleep(_LET_IN_S)
        self._lock.acquire()
        if self._remaining is not None and remaining > self._remaining and self._restarts:
            self._restarts -= 1
            if not self._restarts:
                raise _OvertakenAgain
        self._remaining = remaining


def copy_database(source: sqlite3.Connection, lock: Lock, path: Path, target: Path) -> bool:
    """Copy a database that is in use; return whether its writers had to wait at the end.

    Args:
        source: the writing connection, with no transaction open.
        lock: who holds it may use the connection.
        path: the file of the source.
        target: the file to make, on the disk when this returns.

    Raises:
        DamagedStore: if what came out is not sound.
    """
    waited = _copied(source, lock, path, target)
    with closing(sqlite3.connect(target)) as copy:
        check_database(copy, target)
    return waited


def _copied(source: sqlite3.Connection, lock: Lock, path: Path, target: Path) -> bool:
    try:
        with lock:
            _copy(source, target, _Progress(lock, restarts=RESTARTS))
        return False
    except _OvertakenAgain:
        target.unlink()
    # ... what is there is copied as it changes, and then what changed while writers wait.
    with lock:
        _copy_twice(path, target)
    return True


def _copy_twice(path: Path, target: Path) -> None:
    """Copy the file's bytes: twice in steps, and once more, where they differ, kept still.

    Who writes waits for as long as the file and its copy take to be read once more, from memory by
    two threads; who reads does not. Closing the file drops SQLite's locks on it in this process, so
    that nothing else may be read in it meanwhile.
    """
    guard = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE_S)
    target.touch(mode=0o600, exist_ok=False)
    with (
        closing(guard),
        path.open("rb", buffering=0) as old,
        target.open("rb+", buffering=0) as new,
    ):
        pair = Pair(old.fileno(), new.fileno())
        # The second time little has changed, and less will have by the last.
        for _ in range(2):
            for start in pair.steps():
                # A reader keeps all others from writing into the file for as long as it reads; to
                # write the copy may take long, and is done when they may go on.
                guard.execute("BEGIN")
                guard.execute("SELECT count(*) FROM sqlite_master").fetchone()
                found = pair.differing([start])
                guard.execute("COMMIT")
                pair.take_over(found)
        guard.execute("BEGIN IMMEDIATE")
        size = pair.size()
        steps = pair.steps()
        with ThreadPoolExecutor(_THREADS) as threads:
            parts = threads.map(pair.differing, [steps[at::_THREADS] for at in range(_THREADS)])
            rest = [each for part in parts for each in part]
        guard.execute("ROLLBACK")
        pair.take_over(rest)
        os.ftruncate(new.fileno(), size)
        os.fsync(new.fileno())


class Pair:
    """A file and its copy, compared step by step."""

    def __init__(self, old: int, new: int) -> None:
        self._old, self._new = old, new

    def size(self) -> int:
        """Return how many bytes the file has."""
        return os.fstat(self._old).st_size

    def steps(self) -> list[int]:
        """Return where each step begins."""
        return list(range(0, self.size(), _STEP_BYTES))

    def differing(self, steps: Sequence[int]) -> list[tuple[int, bytes]]:
        """Return the parts of the file at these steps that the copy has not, each with its place.

        Beyond what memory should hold they are taken over at once.
        """
        # Read into the same memory again and again: to get and give back new costs more.
        old, new = bytearray(_STEP_BYTES), bytearray(_STEP_BYTES)
        found: list[tuple[int, bytes]] = []
        for start in steps:
            have, copied = os.preadv(self._old, [old], start), os.preadv(self._new, [new], start)
            if have == copied == _STEP_BYTES and old == new:
                continue
            for at in range(0, have, _PART_BYTES):
                part = bytes(old[at : min(at + _PART_BYTES, have)])
                if part != new[at : min(at + _PART_BYTES, copied)]:
                    found.append((start + at, part))
            if len(found) > _PARTS_MAX:
                self.take_over(found)
                found = []
        return found

    def take_over(self, parts: Sequence[tuple[int, bytes]]) -> None:
        """Write parts of the file into the copy."""
        for start, part in parts:
            os.pwrite(self._new, part, start)


def _copy(source: sqlite3.Connection, target: Path, progress: _Progress) -> None:
    target.touch(mode=0o600, exist_ok=False)
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        # Until it is whole nobody needs it: no journal, one wait for the disk at the end.
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        source.backup(copy, pages=STEP_PAGES, progress=progress, sleep=_WAIT_S)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def check_database(connection: sqlite3.Connection, path: Path) -> None:
    """Read a database through.

    Raises:
        DamagedStore: if it is not sound.
    """
    try:
        (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        said = str(error)
    if said != "ok":
        raise DamagedStore(f"{path} is damaged ({said}).")

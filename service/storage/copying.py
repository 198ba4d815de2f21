"""Copying a store while it is in use: SQLite's online backup, in steps that nobody waits for."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Final

from service.errors import DamagedStore

# One step holds a read lock for some milliseconds: 2 MB of pages.
STEP_PAGES: Final = 256
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
    """Copy a database that is in use; return whether its writers had to wait until it was done.

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
    # ... those who write wait, and those who read do not.
    guard = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE_S)
    with closing(guard), lock:
        guard.execute("BEGIN IMMEDIATE")
        _copy(source, target, _Progress(lock, restarts=None))
        guard.execute("ROLLBACK")
    return True


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

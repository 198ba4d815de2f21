"""Connections to the store's file: one that writes, and one to read for each who reads at once."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import cast

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event

from service.errors import StoreProblem, StoreReadOnly
from service.failpoints import Failpoint, reached
from service.storage.copying import copy_database
from service.storage.folder_lock import share_folder
from service.storage.problems import told_plainly, was_not_synced
from service.storage.reserve import Reserve

BUSY_TIMEOUT_S = 5.0
READERS = 8
# Fits five vectors of 384 dimensions on a page, where 4,096 bytes would fit two.
PAGE_BYTES = 8192
CACHE_KIB = 16_384
# The file change counter in the header of the database.
_COUNTER_AT, _COUNTER_BYTES = 24, 4

# The rollback journal, since in WAL mode versions before 3.51.3 can lose committed rows; and
# deleted bytes are overwritten, since a learner's text and vector are personal. EXTRA is FULL and
# the folder synced after the journal is deleted: else a power cut can bring the journal back, and
# with it undo a transaction that was acknowledged (benchmarks/torture/power.py shows it).
_PROMISES: dict[str, str | int] = {
    "journal_mode": "delete",
    "synchronous": 3,
    "secure_delete": 1,
    "foreign_keys": 1,
}


class Connections:
    """Hands out connections inside a transaction; belongs to the process that made it.

    Nobody can replace the file for as long as this is open.

    Raises:
        StoreProblem: if the file cannot be opened, or is being replaced.
    """

    def __init__(
        self, path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S, reserve_bytes: int = 0
    ) -> None:
        self._path = path
        self.reserve = Reserve(path.parent, reserve_bytes)
        self._is_read_only = False
        self._release = share_folder(path.parent)
        self._process = os.getpid()
        self._closed = False
        self._lock = Lock()
        self._timeout = busy_timeout_s
        self._header: int | None = None
        self._bare: list[sqlite3.Connection] = []
        self._readers = _engine(path, begin="BEGIN", timeout=busy_timeout_s)
        self._writers = _engine(path, begin="BEGIN IMMEDIATE", timeout=busy_timeout_s)
        try:
            with told_plainly(path):
                self._writer = self._writers.connect()
        except BaseException:
            self._release()
            raise

    @property
    def path(self) -> Path:
        """The store's file."""
        return self._path

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store for as long as it is held."""
        self._check()
        with told_plainly(self._path), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def querying(self) -> Iterator[sqlite3.Connection]:
        """Give a bare connection that sees one state of the store for as long as it is held.

        For what every answer reads: of such small queries SQLite's own part is a fifth.
        """
        self._check()
        with told_plainly(self._path):
            connection = self._idle() or self._another()
            try:
                connection.execute("BEGIN")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.close()
                raise
            if self._closed:
                connection.close()
            else:
                self._bare.append(connection)

    def change_count(self) -> int:
        """Return a number that is another one after each transaction that has changed the file.

        Read inside ``querying`` it is that of the state that is seen; read at any other time and
        equal to that, nothing has been committed since (SQLite's file format, 1.3.6).
        """
        self._check()
        try:
            if self._header is None:
                # Open as long as this is: closing any file of the database lets go of the locks
                # that this process holds on it.
                self._header = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            return int.from_bytes(os.pread(self._header, _COUNTER_BYTES, _COUNTER_AT))
        except OSError as error:
            raise StoreProblem(f"{self._path} cannot be read: {error.strerror}.") from error

    @contextmanager
    def writing(self, *, frees: bool = False) -> Iterator[Connection]:
        """Give the writing connection; what it did is durable when this ends without error.

        Args:
            frees: whether it only removes, and may use the space that is kept back for that.

        Raises:
            StoreFull: if there is no space but what is kept back.
            StoreReadOnly: as ``check_writable``.
        """
        self._check()
        with self._lock, told_plainly(self._path):
            self.check_writable()
            if not frees:
                self.reserve.check()
            try:
                with self._writer.begin():
                    yield self._writer
                    reached(Failpoint.BEFORE_COMMIT)
            except BaseException as error:
                self._is_read_only = self._is_read_only or was_not_synced(error)
                # A COMMIT that fails leaves the transaction open, and SQLAlchemy leaves it so.
                self._writer.connection.rollback()
                raise

    def size(self) -> int:
        """Return how many bytes the file has."""
        return self._path.stat().st_size

    def check_writable(self) -> None:
        """Do nothing if it can be written.

        Raises:
            StoreReadOnly: if the disk once did not keep what it was told to. What a second try
                would say is not to be trusted: the system forgets what it could not write.
        """
        if self._is_read_only:
            raise StoreReadOnly(
                f"The disk did not keep what was written to {self._path} (fsync failed), so this "
                "process writes nothing more. Look into the disk's health, then start it again."
            )

    def copy_to(self, target: Path) -> bool:
        """Copy the whole database to a new file; return whether writers had to wait for it.

        Raises:
            DamagedStore: if what came out is not sound.
            StoreProblem: if it cannot be read or written.
        """
        self._check()
        source = self._writer.connection.dbapi_connection
        with told_plainly(self._path):
            return copy_database(cast("sqlite3.Connection", source), self._lock, self._path, target)

    def close(self) -> None:
        """Close all connections; those carried over a fork are left to their owner."""
        if self._closed:
            return
        self._closed = True
        self._release()
        if os.getpid() == self._process:
            with self._lock:
                self._writer.close()
                self._writers.dispose()
                self._readers.dispose()
                while self._bare:
                    self._bare.pop().close()
                if self._header is not None:
                    os.close(self._header)

    def _idle(self) -> sqlite3.Connection | None:
        try:
            return self._bare.pop()
        except IndexError:
            return None

    def _another(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, isolation_level=None, timeout=self._timeout, check_same_thread=False
        )
        try:
            _prepare(connection, None)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check(self) -> None:
        if self._closed:
            raise StoreProblem(f"{self._path} was closed; open it again.")
        if os.getpid() != self._process:
            raise StoreProblem(
                f"{self._path} was opened before this process was forked; open it again here."
            )


def _engine(path: Path, *, begin: str, timeout: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=-1,
        # Records are personal: none of their words in an error or a log.
        hide_parameters=True,
        # No transaction but those that are begun here: `isolation_level=None`.
        connect_args={"isolation_level": None, "timeout": timeout, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare(connection: sqlite3.Connection, _pool_entry: object) -> None:
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    for name, value in _PROMISES.items():
        connection.execute(f"PRAGMA {name} = {value}")
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found != value:
            raise StoreProblem(f"SQLite does not keep {name} at {value}: it says {found}.")

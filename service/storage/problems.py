"""SQLite's errors, told as what is wrong and what to do."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from service.errors import (
    DamagedStore,
    InvalidRecord,
    OnrampError,
    StoreFull,
    StoreProblem,
    StoreReadOnly,
)

# The low byte of a code is its kind; the rest says more about it.
_KIND_OF_CODE = 0xFF
_NOT_SYNCED = frozenset({sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC})

_BUSY = "Another process keeps {path} busy; try again in a moment."
_FULL = (
    "{path} cannot be written ({error}): the disk is full, or fails; nothing of this change was "
    "kept. Free some space on the disk, or look into its health."
)
_NOT_KEPT = (
    "The disk did not keep what was written to {path} ({error}), so this process writes nothing "
    "more. Look into the disk's health, then start it again."
)
_FAILS = (
    "{path} cannot be written or read ({error}); nothing of this change was kept. Free some "
    "space on the disk, or look into its health."
)
_DAMAGED = (
    "{path} is damaged ({error}); restore it from a backup, or move it away and import the "
    "records again."
)
_CLOSED = (
    "{path} cannot be opened for writing ({error}); see to it that this user may write the file "
    "and its folder."
)
_Kind = Callable[[str], OnrampError]
_MEANINGS: Final[dict[int, tuple[_Kind, str]]] = {
    sqlite3.SQLITE_BUSY: (StoreProblem, _BUSY),
    sqlite3.SQLITE_LOCKED: (StoreProblem, _BUSY),
    sqlite3.SQLITE_FULL: (StoreFull, _FULL),
    # What a disk quota, and a limit on the size of files, end a write with.
    sqlite3.SQLITE_IOERR_WRITE: (StoreFull, _FULL),
    **dict.fromkeys(_NOT_SYNCED, (StoreReadOnly, _NOT_KEPT)),
    sqlite3.SQLITE_IOERR: (StoreProblem, _FAILS),
    sqlite3.SQLITE_CORRUPT: (DamagedStore, _DAMAGED),
    sqlite3.SQLITE_NOTADB: (DamagedStore, _DAMAGED),
    sqlite3.SQLITE_READONLY: (StoreProblem, _CLOSED),
    sqlite3.SQLITE_CANTOPEN: (StoreProblem, _CLOSED),
    sqlite3.SQLITE_PERM: (StoreProblem, _CLOSED),
    sqlite3.SQLITE_CONSTRAINT: (InvalidRecord, "the store refuses a value ({error})."),
}
_UNKNOWN: Final[tuple[_Kind, str]] = (StoreProblem, "{path} cannot be used: {error}.")


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Raise what SQLite reports inside as our own errors."""
    try:
        yield
    except DBAPIError as error:
        raise problem_of(error.orig, path) from error
    except sqlite3.Error as error:
        raise problem_of(error, path) from error
    except UnicodeEncodeError:
        raise InvalidRecord("a text holds half a character (a lone surrogate).") from None


def problem_of(error: BaseException | None, path: Path) -> OnrampError:
    """Return the error that says what SQLite's means for who uses the store."""
    code = _code_of(error)
    kind, says = _MEANINGS.get(code) or _MEANINGS.get(code & _KIND_OF_CODE) or _UNKNOWN
    return kind(says.format(path=path, error=error))


def was_not_synced(error: BaseException) -> bool:
    """Tell whether the disk refused to make durable what was written."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return _code_of(cause) in _NOT_SYNCED


def _code_of(error: BaseException | None) -> int:
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR))

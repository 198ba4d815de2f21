"""SQLite's errors, told as what is wrong and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from service.errors import DamagedStore, InvalidRecord, OnrampError, StoreProblem

# The low byte of a code is its kind; the rest says more about it.
_KIND_OF_CODE = 0xFF


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
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _KIND_OF_CODE
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreProblem(f"Another process keeps {path} busy; try again in a moment.")
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return StoreProblem(
                f"{path} cannot be written or read ({error}); nothing of this change was kept. "
                "Free some space on the disk, or look into its health."
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DamagedStore(
                f"{path} is damaged ({error}); restore it from a backup, or move it away and "
                "import the records again."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return StoreProblem(
                f"{path} cannot be opened for writing ({error}); see to it that this user may "
                "write the file and its folder."
            )
        case sqlite3.SQLITE_CONSTRAINT:
            return InvalidRecord(f"the store refuses a value ({error}).")
        case _:
            return StoreProblem(f"{path} cannot be used: {error}.")

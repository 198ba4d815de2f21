"""The register of erasures: which learners were deleted, kept outside the database.

A backup that is older than an erasure would bring the learner back; who restores it looks here.
The file holds no id: of each learner a salted hash, and the revision that the deletion had.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from service.domain.record import Kind
from service.errors import UnreadableFile
from service.storage.schema import DELETIONS, changes

ERASURES_FILE = "erasures.jsonl"
_SALT_BYTES = 16
_OWNER_ALONE = 0o600

_DELETED = (
    select(changes.c.tenant, changes.c.id, func.max(changes.c.revision))
    .where(changes.c.kind == Kind.LEARNER.value, DELETIONS)
    .group_by(changes.c.tenant, changes.c.id)
)


class Erasure(NamedTuple):
    """A learner who was deleted, and the revision that the deletion had."""

    tenant: str
    learner: str
    revision: int


class Erasures:
    """Which learners a register says were deleted.

    Args:
        by_salt: for each salt the revisions of deletions, by the learners' salted hashes.
    """

    def __init__(self, by_salt: Mapping[str, Mapping[str, int]]) -> None:
        self._by_salt = by_salt

    @classmethod
    def of(cls, erased: Iterable[Erasure]) -> "Erasures":
        """Return a register in memory."""
        salt = secrets.token_hex(_SALT_BYTES)
        return cls({salt: {_hashed(salt, *each[:2]): each.revision for each in erased}})

    def __len__(self) -> int:
        return sum(map(len, self._by_salt.values()))

    def erased(self, tenant: str, learner: str, revision: int) -> bool:
        """Tell whether the learner, as of this revision, was deleted afterwards.

        One who was deleted and came back has a later revision than the deletion.
        """
        return any(
            revisions.get(_hashed(salt, tenant, learner), 0) > revision
            for salt, revisions in self._by_salt.items()
        )


class ErasureFile:
    """The register of a store, beside it; lines are only ever added."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, erased: Sequence[Erasure]) -> None:
        """Add erasures; they are on the disk when this returns."""
        if not erased:
            return
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        with os.fdopen(os.open(self._path, flags, _OWNER_ALONE), "ab", buffering=0) as file:
            # Two processes that note the first erasures at once must not both bring a salt.
            fcntl.flock(file, fcntl.LOCK_EX)
            text = "".join(f"{json.dumps(line)}\n" for line in self._lines_of(erased))
            # After a line that a crash has cut off, a new one begins.
            file.write(b"\n" * (file.tell() > 0) + text.encode())
            os.fsync(file.fileno())

    def _lines_of(self, erased: Sequence[Erasure]) -> Iterator[dict[str, str | int]]:
        salt = _salt_in(self._path)
        if salt is None:
            salt = secrets.token_hex(_SALT_BYTES)
            yield {"salt": salt}
        for each in erased:
            yield {"learner": _hashed(salt, *each[:2]), "revision": each.revision}

    def catch_up(self, deleted: Sequence[Erasure]) -> None:
        """Add what the store's change log has deleted and the register does not know.

        Raises:
            UnreadableFile: if what is there is no register.
        """
        if not deleted:
            return
        known = read_erasures(self._path) if self._path.exists() else Erasures.of(())
        self.add([each for each in deleted if not known.erased(*each[:2], each.revision - 1)])


def deletions(connection: Connection) -> list[Erasure]:
    """Return the learners that the change log says were deleted, also those who came back."""
    return [Erasure(*row) for row in connection.execute(_DELETED)]


def read_erasures(path: Path) -> Erasures:
    """Return what a register's file says.

    Raises:
        UnreadableFile: if it is none.
    """
    by_salt: dict[str, dict[str, int]] = {}
    revisions = dict[str, int]()
    for line in _lines(path):
        if "salt" in line:
            revisions = by_salt.setdefault(line["salt"], {})
        elif "learner" in line:
            known = revisions.get(line["learner"], 0)
            revisions[line["learner"]] = max(known, int(line["revision"]))
    if not by_salt:
        raise UnreadableFile(str(path), "This is no register of erasures.")
    return Erasures(by_salt)


def _salt_in(path: Path) -> str | None:
    """Return the salt of the lines at the end; a line belongs to the salt before it."""
    return next((line["salt"] for line in reversed([*_lines(path)]) if "salt" in line), None)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(str(path), error.strerror or str(error)) from error
    for line in body.splitlines():
        try:
            found = json.loads(line) if line.strip() else None
        except ValueError:
            # What a crash has cut off was not acknowledged by this file; the log has it.
            continue
        if isinstance(found, dict):
            yield found


def _hashed(salt: str, tenant: str, learner: str) -> str:
    return hashlib.sha256(f"{salt}\0{tenant}\0{learner}".encode()).hexdigest()

"""The register of erasures: which learners were deleted, kept outside the database.

A backup that is older than an erasure would bring the learner back; who restores it looks here.
The file holds no id: of each learner a salted hash, and the revision that the deletion had.
"""

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
    """Which learners a register says were deleted."""

    def __init__(self, salt: str, revisions: Mapping[str, int]) -> None:
        self._salt = salt
        self._revisions = dict(revisions)

    @classmethod
    def of(cls, erased: Iterable[Erasure]) -> "Erasures":
        """Return a register in memory."""
        made = cls(secrets.token_hex(_SALT_BYTES), {})
        for each in erased:
            made._revisions[_hashed(made._salt, each.tenant, each.learner)] = each.revision
        return made

    def __len__(self) -> int:
        return len(self._revisions)

    def erased(self, tenant: str, learner: str, revision: int) -> bool:
        """Tell whether the learner, as of this revision, was deleted afterwards.

        One who was deleted and came back has a later revision than the deletion.
        """
        return self._revisions.get(_hashed(self._salt, tenant, learner), 0) > revision


class ErasureFile:
    """The register of a store, beside it; lines are only ever added."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, erased: Sequence[Erasure]) -> None:
        """Add erasures; they are on the disk when this returns."""
        if not erased:
            return
        kept = _salt_in(self._path)
        salt = kept or secrets.token_hex(_SALT_BYTES)
        lines: list[dict[str, str | int]] = [] if kept else [{"salt": salt}]
        lines += [
            {"learner": _hashed(salt, each.tenant, each.learner), "revision": each.revision}
            for each in erased
        ]
        # In one write to the end of the file, so that two processes do not mix their lines.
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        with os.fdopen(os.open(self._path, flags, _OWNER_ALONE), "ab", buffering=0) as file:
            # After a line that a crash has cut off, a new one begins.
            file.write(b"\n" * (file.tell() > 0) + text.encode())
            os.fsync(file.fileno())

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
    salt, revisions = "", dict[str, int]()
    for line in _lines(path):
        salt = line.get("salt", salt)
        if "learner" in line:
            known = revisions.get(line["learner"], 0)
            revisions[line["learner"]] = max(known, int(line["revision"]))
    if not salt:
        raise UnreadableFile(str(path), "This is no register of erasures.")
    return Erasures(salt, revisions)


def _salt_in(path: Path) -> str | None:
    try:
        return next((line["salt"] for line in _lines(path) if "salt" in line), None)
    except UnreadableFile:
        return None


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

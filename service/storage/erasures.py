"""The register of erasures: which learners were deleted, kept outside the database.

A backup that is older than an erasure would bring the learner back; who restores it looks here.
The file holds no id: of each learner a salted hash, and the revision that the deletion had. It also
says up to which revision records may be in a backup, so that whoever restores one can go on above.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, func, select

from service.domain.record import Kind
from service.errors import UnreadableFile
from service.storage.schema import DELETIONS, changes

ERASURES_FILE = "erasures.jsonl"
Line = Mapping[str, str | int]

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
        floor: no backup that the register knows of holds a record of a later revision.
    """

    def __init__(self, by_salt: Mapping[str, Mapping[str, int]], *, floor: int = 0) -> None:
        self.by_salt = by_salt
        self.floor = floor

    @classmethod
    def of(cls, erased: Iterable[Erasure]) -> "Erasures":
        """Return a register in memory."""
        salt = secrets.token_hex(_SALT_BYTES)
        return cls({salt: {_hashed(salt, *each[:2]): each.revision for each in erased}})

    def __len__(self) -> int:
        return sum(map(len, self.by_salt.values()))

    @property
    def highest(self) -> int:
        """The latest revision that it speaks of."""
        deleted = (max(each.values(), default=0) for each in self.by_salt.values())
        return max(self.floor, *deleted)

    def erased(self, tenant: str, learner: str, revision: int) -> bool:
        """Tell whether the learner, as of this revision, was deleted afterwards.

        One who was deleted and came back has a later revision than the deletion.
        """
        return any(
            revisions.get(_hashed(salt, tenant, learner), 0) > revision
            for salt, revisions in self.by_salt.items()
        )


class ErasureFile:
    """The register of a store, beside it; lines are only ever added."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, erased: Sequence[Erasure]) -> None:
        """Add erasures; they are on the disk when this returns."""
        if erased:
            self._append(
                lambda salt: [
                    {"learner": _hashed(salt, *each[:2]), "revision": each.revision}
                    for each in erased
                ]
            )

    def raise_floor(self, revision: int) -> None:
        """Note up to which revision records may be in a backup; on the disk when this returns.

        Raises:
            UnreadableFile: if what is there is no register.
        """
        if revision > self._known().floor:
            self._append(lambda _: [{"floor": revision}])

    def merge(self, others: Iterable[Erasures]) -> None:
        """Add what other registers say and this one does not; on the disk when this returns.

        Raises:
            UnreadableFile: if what is there is no register.
        """
        known = self._known()
        new = [line for other in others for line in _unknown_to(known, other)]
        if new:
            # Each line belongs to the salt before it; what comes later, to this register's own.
            self._append(lambda salt: [*new, {"salt": salt}])

    def catch_up(self, deleted: Sequence[Erasure]) -> None:
        """Add what the store's change log has deleted and the register does not know.

        Raises:
            UnreadableFile: if what is there is no register.
        """
        if not deleted:
            return
        known = self._known()
        self.add([each for each in deleted if not known.erased(*each[:2], each.revision - 1)])

    def _known(self) -> Erasures:
        return read_erasures(self._path) if self._path.exists() else Erasures.of(())

    def _append(self, lines_of: Callable[[str], Sequence[Line]]) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        with os.fdopen(os.open(self._path, flags, _OWNER_ALONE), "ab", buffering=0) as file:
            # Two processes that note the first erasures at once must not both bring a salt.
            fcntl.flock(file, fcntl.LOCK_EX)
            text = "".join(f"{json.dumps(line)}\n" for line in self._lines(lines_of))
            # After a line that a crash has cut off, a new one begins.
            file.write(b"\n" * (file.tell() > 0) + text.encode())
            os.fsync(file.fileno())

    def _lines(self, lines_of: Callable[[str], Sequence[Line]]) -> Iterator[Line]:
        salt = _salt_in(self._path)
        if salt is None:
            salt = secrets.token_hex(_SALT_BYTES)
            yield {"salt": salt}
        yield from lines_of(salt)


def _unknown_to(known: Erasures, other: Erasures) -> Iterator[Line]:
    for salt, revisions in other.by_salt.items():
        before = known.by_salt.get(salt, {})
        new = {each: at for each, at in revisions.items() if at > before.get(each, 0)}
        if new:
            yield {"salt": salt}
            for each, at in new.items():
                yield {"learner": each, "revision": at}
    if other.floor > known.floor:
        yield {"floor": other.floor}


def deletions(connection: Connection) -> list[Erasure]:
    """Return the learners that the change log says were deleted, also those who came back."""
    return [Erasure(*row) for row in connection.execute(_DELETED)]


def read_erasures(path: Path) -> Erasures:
    """Return what a register's file says.

    Raises:
        UnreadableFile: if it is none, or a line of it says what none says.
    """
    by_salt: dict[str, dict[str, int]] = {}
    revisions: dict[str, int] | None = None
    floor = 0
    for number, line in _lines(path):
        match line:
            case {"salt": str(salt)}:
                revisions = by_salt.setdefault(salt, defaultdict(int))
            case {"learner": str(learner), "revision": int(revision)} if revisions is not None:
                revisions[learner] = max(revisions[learner], revision)
            case {"floor": int(revision)}:
                floor = max(floor, revision)
            case _:
                raise UnreadableFile(str(path), _ODD.format(number=number) if by_salt else _NONE)
    if not by_salt:
        raise UnreadableFile(str(path), _NONE)
    return Erasures({salt: dict(each) for salt, each in by_salt.items()}, floor=floor)


_NONE: Final = "This is no register of erasures."
_ODD: Final = (
    "Line {number} is none of a register of erasures. Mend it, or take the register of the newest "
    "backup; the next start adds what the store has deleted since."
)


def _salt_in(path: Path) -> str | None:
    """Return the salt of the lines at the end; a line belongs to the salt before it."""
    found = [line["salt"] for _, line in _lines(path) if "salt" in line]
    return found[-1] if found else None


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield what the lines say, each with its number."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(str(path), error.strerror or str(error)) from error
    for number, line in enumerate(body.splitlines(), start=1):
        try:
            found = json.loads(line) if line.strip() else None
        except ValueError:
            # What a crash has cut off was not acknowledged by this file; the log has it.
            continue
        if isinstance(found, dict):
            yield number, found


def _hashed(salt: str, tenant: str, learner: str) -> str:
    return hashlib.sha256(f"{salt}\0{tenant}\0{learner}".encode()).hexdigest()

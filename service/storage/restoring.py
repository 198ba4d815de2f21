"""Restoring a backup: verified first, put in place whole, and with nobody back who was erased."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from service.domain.record import Kind
from service.errors import OnrampError, StoreProblem
from service.matching.ports import MetaKey, RecordKey
from service.storage.backups import Backup, verify_backup
from service.storage.copying import check_database
from service.storage.erasures import ERASURES_FILE, ErasureFile, Erasures, read_erasures
from service.storage.folder_lock import own_folder
from service.storage.leftovers import RESTORING, remove_leftovers
from service.storage.sealed import sync
from service.storage.sqlite import STORE_FILE, SqliteStore

_GROUP: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did.

    Attributes:
        backup: what was restored.
        erased: how many learners of the backup were deleted again.
        registers: the registers of erasures that were found; empty if nothing told of any.
    """

    backup: Backup
    erased: int
    registers: tuple[str, ...]


def restore(folder: Path, data: Path, *, replace: bool, registers: Sequence[Path] = ()) -> Restored:
    """Put a backup in place of the store in ``data``, and delete again who was deleted since.

    Erasures are those of the registers that are named, of the one that lies in ``data``, and of
    the store that is there, if it can still be read. The store's own register has all of them from
    then on. What changes after a restore has a later revision than all that was before, here, in
    the backup or in a register: so an erasure is never taken for one of a later life of the id.

    Args:
        folder: the backup.
        data: the folder of the store; made if it is missing.
        replace: whether what is there may go.
        registers: files of erasures from elsewhere, such as those in newer backups.

    Raises:
        DamagedBackup: if the backup is not as it was written.
        UnreadableFile: if a register that is named is none.
        StoreProblem: if the store is in use, or there is one and it may not go.
    """
    backup = verify_backup(folder)
    named = {str(path): read_erasures(path) for path in registers}
    try:
        data.mkdir(parents=True, exist_ok=True)
        if any(path.name != RESTORING for path in data.iterdir()) and not replace:
            raise StoreProblem(
                f"{data} is not empty. Name another folder, or say --replace if what is in it "
                "may go."
            )
        # Brings the register up to date, if the store can be opened at all.
        highest = _highest_in(data)
        release = own_folder(data)
        try:
            found = named | dict(_register_in(data))
            # Its own says who was deleted until it was made, also before an earlier restore.
            own = dict(_register_in(folder))
            past = _Past([*found.values(), *own.values()], highest)
            erased = _put_in_place(folder, data, past)
        finally:
            release()
    except OSError as error:
        raise StoreProblem(
            f"The backup could not be restored to {data}: {error.strerror or error}."
        ) from error
    return Restored(backup=backup, erased=erased, registers=tuple(found))


class _Past(NamedTuple):
    """What was before a restore: erasures, and the latest revision of the store replaced."""

    registers: Sequence[Erasures]
    highest: int


def _highest_in(data: Path) -> int:
    try:
        with SqliteStore.open(data, create=False) as store:
            return store.highest_revision()
    except OnrampError:
        # That it cannot be opened may be why it is restored; its register is a file of its own.
        return 0


def _register_in(data: Path) -> Iterator[tuple[str, Erasures]]:
    path = data / ERASURES_FILE
    if path.exists():
        yield str(path), read_erasures(path)


def _put_in_place(folder: Path, data: Path, past: _Past) -> int:
    restoring = data / RESTORING
    remove_leftovers(data)
    try:
        restoring.mkdir(mode=0o700)
        copy = restoring / STORE_FILE
        copy.touch(mode=0o600)
        shutil.copyfile(folder / STORE_FILE, copy)
        with closing(sqlite3.connect(copy)) as connection:
            check_database(connection, folder / STORE_FILE)
        erased = _erase_again(restoring, data, past)
        sync(copy)
        # A journal of the old file would be played back into the new one.
        (data / f"{STORE_FILE}-journal").unlink(missing_ok=True)
        copy.replace(data / STORE_FILE)
        sync(data)
    finally:
        shutil.rmtree(restoring, ignore_errors=True)
    return erased


def _erase_again(restoring: Path, data: Path, past: _Past) -> int:
    count = 0
    with SqliteStore.open(restoring, create=False) as store:
        known = max(past.highest, *(each.highest for each in past.registers), 0)
        store.raise_floor(max(known, store.highest_revision()))
        register = ErasureFile(data / ERASURES_FILE)
        # Before the store is in place: it may never be there without.
        register.merge(past.registers)
        register.raise_floor(store.highest_revision())
        for tenant in store.tenants():
            gone = [
                RecordKey(Kind.LEARNER, learner)
                for learner, revision in store.revisions(tenant, Kind.LEARNER).items()
                if any(each.erased(tenant, learner, revision) for each in past.registers)
            ]
            for start in range(0, len(gone), _GROUP):
                store.commit(tenant, [], gone[start : start + _GROUP])
            count += len(gone)
            # Another store from here on: what was made of the old one does not fit it.
            store.set_meta(tenant, MetaKey.STORE_ID, uuid.uuid4().hex)
    return count

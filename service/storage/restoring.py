"""Restoring a backup: verified first, put in place whole, and with nobody back who was erased."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from service.domain.consent import Consents, ended_too
from service.domain.ids import LearnerId, TenantId
from service.domain.record import Kind
from service.errors import NotFound, OnrampError, StoreProblem
from service.matching.ports import MetaKey, RecordKey
from service.storage.backups import Backup, verify_backup
from service.storage.copying import check_database
from service.storage.erasures import ERASURES_FILE, Erasures, read_erasures
from service.storage.folder_lock import own_folder
from service.storage.sealed import sync
from service.storage.sqlite import STORE_FILE, SqliteStore

_RESTORING: Final = ".restoring"
_GROUP: Final = 200

Ended = dict[TenantId, dict[str, Consents]]
"""By tenant and learner, what learners said who withdrew a consent or opted out."""


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

    Where the store that is there can be read, consents that were withdrawn in it stay withdrawn.

    Erasures are those of the registers that are named, of the one that lies in ``data``, and of
    the store that is there, if it can still be read.

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
        if any(data.iterdir()) and not replace:
            raise StoreProblem(
                f"{data} is not empty. Name another folder, or say --replace if what is in it "
                "may go."
            )
        ended = _ended(data)
        release = own_folder(data)
        try:
            found = named | dict(_register_in(data))
            erased = _put_in_place(folder, data, list(found.values()), ended)
        finally:
            release()
    except OSError as error:
        raise StoreProblem(
            f"The backup could not be restored to {data}: {error.strerror or error}."
        ) from error
    return Restored(backup=backup, erased=erased, registers=tuple(found))


def _ended(data: Path) -> Ended:
    """Return who withdrew a consent or opted out; opening the store completes its register too."""
    try:
        with SqliteStore.open(data, create=False) as store:
            return {each: store.consents.ended(each) for each in store.tenants()}
    except OnrampError:
        # That it cannot be opened may be why it is restored; its register is a file of its own.
        return {}


def _register_in(data: Path) -> Iterator[tuple[str, Erasures]]:
    path = data / ERASURES_FILE
    if path.exists():
        yield str(path), read_erasures(path)


def _put_in_place(folder: Path, data: Path, registers: Sequence[Erasures], ended: Ended) -> int:
    restoring = data / _RESTORING
    shutil.rmtree(restoring, ignore_errors=True)
    try:
        restoring.mkdir(mode=0o700)
        copy = restoring / STORE_FILE
        copy.touch(mode=0o600)
        shutil.copyfile(folder / STORE_FILE, copy)
        with closing(sqlite3.connect(copy)) as connection:
            check_database(connection, folder / STORE_FILE)
        erased = _erase_again(restoring, registers)
        _end_again(restoring, ended)
        sync(copy)
        # A journal of the old file would be played back into the new one.
        (data / f"{STORE_FILE}-journal").unlink(missing_ok=True)
        copy.replace(data / STORE_FILE)
        sync(data)
    finally:
        shutil.rmtree(restoring, ignore_errors=True)
    return erased


def _end_again(restoring: Path, ended: Ended) -> None:
    with SqliteStore.open(restoring, create=False) as store:
        for tenant, learners in ended.items():
            for learner, later in learners.items():
                with suppress(NotFound):
                    store.consents.change(
                        tenant, LearnerId(learner), partial(ended_too, later=later)
                    )


def _erase_again(restoring: Path, registers: Sequence[Erasures]) -> int:
    count = 0
    with SqliteStore.open(restoring, create=False) as store:
        for tenant in store.tenants():
            gone = [
                RecordKey(Kind.LEARNER, learner)
                for learner, revision in store.revisions(tenant, Kind.LEARNER).items()
                if any(each.erased(tenant, learner, revision) for each in registers)
            ]
            for start in range(0, len(gone), _GROUP):
                store.commit(tenant, [], gone[start : start + _GROUP])
            count += len(gone)
            # Another store from here on: what was made of the old one does not fit it.
            store.set_meta(tenant, MetaKey.STORE_ID, uuid.uuid4().hex)
    return count

"""Restoring a backup: verified first, put in place whole, and with nothing back that has ended."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from service.domain.consent import Consents, narrowed
from service.domain.ids import LearnerId, TenantId
from service.domain.record import Kind
from service.errors import NotFound, OnrampError, StoreProblem
from service.matching.ports import MetaKey, RecordKey
from service.storage.backups import Backup, verify_backup
from service.storage.carrying import Later
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
        ended: how many keys of the backup ended again, as they had since.
        knows_ended: whether a store that was there could tell which.
        registers: the registers of erasures that were found; empty if nothing told of any.
    """

    backup: Backup
    erased: int
    ended: int
    knows_ended: bool
    registers: tuple[str, ...]


def restore(folder: Path, data: Path, *, replace: bool, registers: Sequence[Path] = ()) -> Restored:
    """Put a backup in place of the store in ``data``, and delete again who was deleted since.

    Where the store that is there can be read, consents that were withdrawn in it stay withdrawn.

    Erasures are those of the registers that are named, of the one that lies in ``data``, and of
    the store that is there, if it can still be read. The store's own register has all of them from
    then on. What changes after a restore has a later revision than all that was before, here, in
    the backup or in a register: so an erasure is never taken for one of a later life of the id.

    What has ended since, in the store that is there (``service.storage.carrying``), ends in the
    backup too: a key that was revoked stays so. No session of a page outlives a restore.

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
        current = _current_in(data)
        release = own_folder(data)
        try:
            found = named | dict(_register_in(data))
            # Its own says who was deleted until it was made, also before an earlier restore.
            own = dict(_register_in(folder))
            past = _Past([*found.values(), *own.values()], current)
            done = _put_in_place(folder, data, past)
        finally:
            release()
    except OSError as error:
        raise StoreProblem(
            f"The backup could not be restored to {data}: {error.strerror or error}."
        ) from error
    return Restored(
        backup=backup,
        erased=done.erased,
        ended=done.ended,
        knows_ended=current.later is not None,
        registers=tuple(found),
    )


class _Current(NamedTuple):
    """What the store says that is replaced: its latest revision, and what has ended in it.

    ``consents`` are those of the learners of each tenant who said anything.
    """

    highest: int
    later: Later | None
    consents: dict[TenantId, dict[str, Consents]]


class _Past(NamedTuple):
    """What was before a restore: erasures, and the store that is replaced."""

    registers: Sequence[Erasures]
    current: _Current


class _Done(NamedTuple):
    """How many learners were deleted again, and how many keys ended again."""

    erased: int
    ended: int


def _current_in(data: Path) -> _Current:
    try:
        with SqliteStore.open(data, create=False) as store:
            consents = {each: store.consents.all(each) for each in store.tenants()}
            return _Current(store.highest_revision(), store.later(), consents)
    except OnrampError:
        # That it cannot be opened may be why it is restored; its register is a file of its own.
        return _Current(0, None, {})


def _register_in(data: Path) -> Iterator[tuple[str, Erasures]]:
    path = data / ERASURES_FILE
    if path.exists():
        yield str(path), read_erasures(path)


def _put_in_place(folder: Path, data: Path, past: _Past) -> _Done:
    restoring = data / RESTORING
    remove_leftovers(data)
    try:
        restoring.mkdir(mode=0o700)
        copy = restoring / STORE_FILE
        copy.touch(mode=0o600)
        shutil.copyfile(folder / STORE_FILE, copy)
        with closing(sqlite3.connect(copy)) as connection:
            check_database(connection, folder / STORE_FILE)
        done = _end_again(restoring, data, past)
        sync(copy)
        # A journal of the old file would be played back into the new one.
        (data / f"{STORE_FILE}-journal").unlink(missing_ok=True)
        copy.replace(data / STORE_FILE)
        sync(data)
    finally:
        shutil.rmtree(restoring, ignore_errors=True)
    return done


def _end_again(restoring: Path, data: Path, past: _Past) -> _Done:
    with SqliteStore.open(restoring, create=False) as store:
        known = max(past.current.highest, *(each.highest for each in past.registers), 0)
        store.raise_floor(max(known, store.highest_revision()))
        register = ErasureFile(data / ERASURES_FILE)
        # Before the store is in place: it may never be there without.
        register.merge(past.registers)
        register.raise_floor(store.highest_revision())
        erased = sum(_erase_again(store, tenant, past.registers) for tenant in store.tenants())
        for tenant, learners in past.current.consents.items():
            _withdraw_again(store, tenant, learners)
        return _Done(erased, store.carry_over(past.current.later))


def _erase_again(store: SqliteStore, tenant: TenantId, registers: Sequence[Erasures]) -> int:
    gone = [
        RecordKey(Kind.LEARNER, learner)
        for learner, revision in store.revisions(tenant, Kind.LEARNER).items()
        if any(each.erased(tenant, learner, revision) for each in registers)
    ]
    for start in range(0, len(gone), _GROUP):
        store.commit(tenant, [], gone[start : start + _GROUP])
    # Another store from here on: what was made of the old one does not fit it.
    store.set_meta(tenant, MetaKey.STORE_ID, uuid.uuid4().hex)
    return len(gone)


def _withdraw_again(store: SqliteStore, tenant: TenantId, ended: dict[str, Consents]) -> None:
    for learner, later in ended.items():
        # Who is not in the backup, or was deleted again, has nobody's consent.
        with suppress(NotFound):
            store.consents.change(tenant, LearnerId(learner), partial(narrowed, later=later))

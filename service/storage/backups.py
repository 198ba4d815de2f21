"""Backups: a copy of the store made while it is in use, and what vouches for it."""

import logging
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.record import Kind
from service.errors import DamagedBackup, StoreProblem, UnreadableFile
from service.matching.ports import MetaKey
from service.storage.erasures import ERASURES_FILE, ErasureFile
from service.storage.sealed import measured, read_sealed, seal, sync
from service.storage.sqlite import STORE_FILE, SqliteStore

logger = logging.getLogger(__name__)

MANIFEST: Final = "backup.json"
FORMAT: Final = 1
_WRITING: Final = ".writing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup's manifest says.

    Attributes:
        made_at: when, in ISO 8601.
        onramp: the version of Onramp that made it.
        version: which migration the tables have been through.
        seq: the newest row of the change log of the tenant ``default``.
        model: the hash of the model that made that tenant's vectors.
        counts: how many records of each kind, of all tenants. (Those of ``default`` alone where
            the manifest, of an older version, has no ``tenants``.)
        tenants: how many records of each kind every tenant has that has any.
        writers_waited: whether writers had to wait until it was done.
        files: size and SHA-256 of each file.
    """

    format: int
    made_at: str
    onramp: str
    version: str
    seq: int
    model: str
    counts: Mapping[str, int]
    writers_waited: bool
    tenants: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    files: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many bytes its files have."""
        return sum(size for size, _ in self.files.values())


def back_up(data: Path, folder: Path, *, at: datetime, onramp: str) -> Backup:
    """Copy the store in ``data`` to a new folder while it is in use.

    The folder is there when it is whole, and not before; its manifest is written last.

    Raises:
        StoreProblem: if the store cannot be read, or the folder is there already or cannot be made.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise StoreProblem(f"{folder} is there already; name a new folder for the backup.")
    writing = folder.with_name(folder.name + _WRITING)
    try:
        shutil.rmtree(writing, ignore_errors=True)
        writing.mkdir(mode=0o700, parents=True)
        made = _copied(data, writing, at=at, onramp=onramp)
        sync(writing)
        writing.rename(folder)
        sync(folder.parent)
    except OSError as error:
        raise StoreProblem(
            f"The backup could not be written to {folder}: {error.strerror or error}."
        ) from error
    finally:
        shutil.rmtree(writing, ignore_errors=True)
    return made


def _copied(data: Path, writing: Path, *, at: datetime, onramp: str) -> Backup:
    with SqliteStore.open(data, create=False) as store:
        waited = store.copy_to(writing / STORE_FILE)
        register = data / ERASURES_FILE
        _note_floor(register, store.highest_revision())
        if register.exists():
            shutil.copyfile(register, writing / ERASURES_FILE)
            sync(writing / ERASURES_FILE)
    # What the copy holds, not what the store does by now.
    with SqliteStore.open(writing, create=False) as copy:
        tenants = {str(tenant): _counts(copy, tenant) for tenant in copy.tenants()}
        made = Backup(
            format=FORMAT,
            made_at=at.isoformat(timespec="seconds"),
            onramp=onramp,
            version=copy.version(),
            seq=copy.last_seq(DEFAULT_TENANT),
            model=copy.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH) or "",
            counts={kind.value: sum(each[kind] for each in tenants.values()) for kind in Kind},
            tenants=tenants,
            writers_waited=waited,
        )
    files = {path.name: measured(path) for path in sorted(writing.iterdir())}
    contents = {**asdict(made), "files": {name: list(each) for name, each in files.items()}}
    manifest = writing / MANIFEST
    manifest.write_bytes(seal(contents))
    sync(manifest)
    return _backup_of(contents)


def _counts(store: SqliteStore, tenant: TenantId) -> dict[str, int]:
    return {kind.value: count for kind, count in store.counts(tenant).items()}


def _note_floor(register: Path, revision: int) -> None:
    """Say in the register up to which revision this backup may hold records."""
    try:
        ErasureFile(register).raise_floor(revision)
    except (OSError, UnreadableFile) as error:
        # A restore asks the store itself as well; only where it is lost does the register count.
        logger.warning("The register of erasures could not be written: %s", error)


def read_backup(folder: Path) -> Backup:
    """Return what a backup's manifest says.

    Raises:
        DamagedBackup: if it cannot be read, or is not as it was written.
    """
    try:
        contents = read_sealed(
            folder / MANIFEST, file_format=FORMAT, damaged=partial(DamagedBackup, folder)
        )
        return _backup_of(contents)
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise DamagedBackup(folder, f"has no readable manifest ({error})") from error


def verify_backup(folder: Path) -> Backup:
    """Return what a backup's manifest says, every byte of its files compared with it.

    Raises:
        DamagedBackup: if one differs.
    """
    found = read_backup(folder)
    for name, (size, digest) in found.files.items():
        path = folder / name
        if path.name != name or not path.is_file() or path.stat().st_size != size:
            raise DamagedBackup(folder, f"lacks {name} as it was written")
        if measured(path)[1] != digest:
            raise DamagedBackup(folder, f"has a damaged file: {name}")
    if STORE_FILE not in found.files:
        raise DamagedBackup(folder, "holds no store")
    return found


def _backup_of(contents: Mapping[str, Any]) -> Backup:
    files = {name: (size, digest) for name, (size, digest) in contents["files"].items()}
    return Backup(**{**contents, "files": files})

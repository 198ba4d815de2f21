"""Snapshots on the disk: generations of a tenant's view, the last two, and what vouches for them.

A generation is a folder: its files first, its manifest last, then one rename that makes it the
newest. Nothing of it is parsed before its size and SHA-256 are those of the manifest.
"""

import logging
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from service.domain.ids import TenantId
from service.domain.record import Change, Kind
from service.errors import DamagedSnapshot, SnapshotBusy, SnapshotNotWritten
from service.failpoints import Failpoint, reached
from service.indexing.folders import WritingFolder
from service.matching.ports import MetaKey, Records
from service.storage.process_lock import process_lock
from service.storage.sealed import measured, read_sealed, seal, sync

logger = logging.getLogger(__name__)

MANIFEST = "manifest.json"
FORMAT = 1
# The generation before the newest stays, in case the newest does not verify.
KEPT = 2
# So few changes since a snapshot are replayed in a moment; of a large store, so small a share.
REPLAYED_MIN = 1000
REPLAYED_SHARE = 0.05

# The folder of what all neighbors of all skills are, in a snapshot that has it.
GRAPH = "neighbors"

_WRITING = ".writing"
_LOCK = ".lock"
_HASHERS = 2
# Files of an index, which are in its own manifest with their checksums.
_BY_INDEX = "index-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What must still be so for a snapshot to be of use.

    Attributes:
        store: the store's own id, another one after a restore.
        model: the hash of the model that made the vectors.
        taxonomies: the versions of the taxonomies.
        code: the hash of the code that read records into the view.
        derivation: the number of the derivation that vectors and links are of.
    """

    store: str
    model: str
    taxonomies: str
    code: str
    derivation: str


class Generation(NamedTuple):
    """A snapshot whose manifest could be read.

    Attributes:
        folder: where it is.
        seq: the row of the change log up to which it has applied.
        last: that row, as kind, id, type and revision; empty before the first change.
        counts: how many records of each kind it holds.
        files: size and SHA-256 of each file.
    """

    folder: Path
    seq: int
    last: tuple[str, ...]
    stamp: Stamp
    counts: Mapping[str, int]
    files: Mapping[str, tuple[int, str]]

    @property
    def size(self) -> int:
        """How many bytes its files have."""
        return sum(size for size, _ in self.files.values())


class Snapshots:
    """The snapshots of all tenants of a store."""

    def __init__(self, folder: Path, *, code: str) -> None:
        self._folder = folder
        self._code = code
        # Those that were found not to be what was written.
        self._damaged: set[Path] = set()

    def stamp_of(self, records: Records, tenant: TenantId) -> Stamp:
        """Return what a snapshot of the store as it is now is made of."""
        return Stamp(
            store=records.get_meta(tenant, MetaKey.STORE_ID) or "",
            model=records.get_meta(tenant, MetaKey.MODEL_HASH) or "",
            taxonomies=records.get_meta(tenant, MetaKey.TAXONOMY_VERSIONS) or "",
            code=self._code,
            derivation=records.get_meta(tenant, MetaKey.DERIVATION) or "",
        )

    def generations(self, tenant: TenantId) -> list[Path]:
        """Return the folders of the generations that are there, newest first."""
        folder = self._folder / tenant
        if not folder.is_dir():
            return []
        found = [each for each in folder.iterdir() if each.name.isdecimal()]
        return sorted(found, key=lambda each: int(each.name), reverse=True)

    def usable(self, records: Records, tenant: TenantId) -> Iterator[Generation]:
        """Yield the generations that verify and fit the store, newest first.

        One that does not is said in a line of the log.
        """
        for folder in self.generations(tenant):
            try:
                with self._left_aside_if_damaged(folder):
                    generation = read_manifest(folder)
                self._check_fit(records, tenant, generation)
                with self._left_aside_if_damaged(folder):
                    verify(generation, whole=False)
            except DamagedSnapshot as error:
                logger.warning("%s", error)
            else:
                yield generation

    @contextmanager
    def _left_aside_if_damaged(self, folder: Path) -> Iterator[None]:
        try:
            yield
        except DamagedSnapshot:
            self.leave_aside(folder)
            raise

    def leave_aside(self, folder: Path) -> None:
        """Take a generation for damaged: it is old, and goes before any other does."""
        self._damaged.add(folder)

    def is_old(self, records: Records, tenant: TenantId, *, whole: bool = False) -> bool:
        """Tell whether it is time to write a new one: also where the newest was found damaged.

        Its files are not read for that; who started by them has.

        Args:
            records: the store.
            tenant: whose.
            whole: whether one is old, too, that lacks what takes long to work out: the graph of
                neighboring skills.
        """
        for folder in self.generations(tenant)[:1]:
            if folder in self._damaged:
                return True
            try:
                newest = read_manifest(folder)
                self._check_fit(records, tenant, newest)
            except DamagedSnapshot:
                return True
            if whole and not any(GRAPH in Path(name).parts for name in newest.files):
                return True
            behind = records.last_seq(tenant) - newest.seq
            return behind > max(REPLAYED_MIN, REPLAYED_SHARE * sum(newest.counts.values()))
        return True

    @contextmanager
    def writing(self, tenant: TenantId) -> Iterator[WritingFolder]:
        """Give a folder to write a snapshot into; no other process writes one meanwhile.

        What is left in it when the block ends is thrown away, unless it was published.

        Raises:
            SnapshotBusy: if another process is writing one.
            SnapshotNotWritten: if the disk does not take it.
        """
        folder = self._folder / tenant
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(folder / _LOCK):
                unfinished = folder / _WRITING
                shutil.rmtree(unfinished, ignore_errors=True)
                try:
                    yield WritingFolder(unfinished)
                finally:
                    shutil.rmtree(unfinished, ignore_errors=True)
        except OSError as error:
            raise SnapshotNotWritten(
                f"The snapshot in {folder} could not be written ({error.strerror or error}). "
                "The store is not affected; the next start takes longer."
            ) from error

    def publish(
        self,
        writing: WritingFolder,
        *,
        stamp: Stamp,
        seq: int,
        last: tuple[str, ...],
        counts: Mapping[Kind, int],
    ) -> Path:
        """Make what was written the newest generation; return its folder."""
        files = {name: measured(writing.path / name) for name in _files_in(writing.path)}
        contents = {
            "format": FORMAT,
            "seq": seq,
            "last": list(last),
            "stamp": asdict(stamp),
            "counts": {kind.value: count for kind, count in counts.items()},
            "files": {name: list(each) for name, each in files.items()},
        }
        for path in writing.path.rglob("*"):
            if path.is_dir():
                sync(path)
        reached(Failpoint.SNAPSHOT_BEFORE_MANIFEST)
        writing.write(MANIFEST, [seal(contents)])
        sync(writing.path)
        reached(Failpoint.SNAPSHOT_BEFORE_RENAME)
        tenant = writing.path.parent
        before = [int(each.name) for each in tenant.iterdir() if each.name.isdecimal()]
        newest = tenant / str(max(before, default=0) + 1)
        writing.path.rename(newest)
        reached(Failpoint.SNAPSHOT_AFTER_RENAME)
        sync(tenant)
        # A damaged one is no help to a later start, and must not take the place of a good one.
        damaged = {int(each.name) for each in self._damaged if each.parent == tenant}
        kept = [number for number in sorted(before) if number not in damaged][-(KEPT - 1) :]
        for number in set(before) - set(kept):
            shutil.rmtree(tenant / str(number), ignore_errors=True)
        return newest

    def forget(self) -> None:
        """Delete all snapshots."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _check_fit(self, records: Records, tenant: TenantId, found: Generation) -> None:
        wanted = asdict(self.stamp_of(records, tenant))
        for name, value in asdict(found.stamp).items():
            if value != wanted[name]:
                raise DamagedSnapshot(found.folder, f"is of another {_STAMPED[name]}")
        if found.last != last_change(records, tenant, found.seq):
            raise DamagedSnapshot(found.folder, "does not follow from this store's change log")


_STAMPED = {
    "store": "store",
    "model": "model",
    "taxonomies": "version of the taxonomies",
    "code": "version of Onramp",
    "derivation": "derivation",
}


def last_change(records: Records, tenant: TenantId, seq: int) -> tuple[str, ...]:
    """Return the row of the change log with this number; empty if there is none."""
    found = records.changes(tenant, after=seq - 1, limit=1) if seq else []
    return next((_told(change) for change in found if change.seq == seq), ())


def _told(change: Change) -> tuple[str, ...]:
    return (change.kind.value, change.id, change.type.value, str(change.revision))


def read_manifest(folder: Path) -> Generation:
    """Return what a generation's manifest says.

    Raises:
        DamagedSnapshot: if it cannot be read, or is not as it was written.
    """
    try:
        contents = read_sealed(
            folder / MANIFEST, file_format=FORMAT, damaged=partial(DamagedSnapshot, folder)
        )
        return Generation(
            folder=folder,
            seq=contents["seq"],
            last=tuple(contents["last"]),
            stamp=Stamp(**contents["stamp"]),
            counts=contents["counts"],
            files={name: (size, digest) for name, (size, digest) in contents["files"].items()},
        )
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise DamagedSnapshot(folder, f"has no readable manifest ({error})") from error


def verify(generation: Generation, *, whole: bool) -> None:
    """Compare the files with the manifest.

    Args:
        generation: which.
        whole: also read those that an index verifies itself before it parses them.

    Raises:
        DamagedSnapshot: if a file is not what was written, or one is missing or too many.
    """
    there = set(_files_in(generation.folder)) - {MANIFEST}
    if there != set(generation.files):
        odd = min(there ^ set(generation.files))
        raise DamagedSnapshot(generation.folder, f"has a file too many or too few: {odd}")
    with ThreadPoolExecutor(_HASHERS, thread_name_prefix="verify") as hashers:
        names = list(generation.files)
        agree = hashers.map(lambda name: _agrees(generation, name, whole=whole), names)
        for name, agrees in zip(names, agree, strict=True):
            if not agrees:
                raise DamagedSnapshot(generation.folder, f"has a damaged file: {name}")


def _agrees(generation: Generation, name: str, *, whole: bool) -> bool:
    path = generation.folder / name
    size, digest = generation.files[name]
    try:
        # The size first, so that no file that was swapped is read through for hours.
        if path.stat().st_size != size:
            return False
        return (not whole and path.name.startswith(_BY_INDEX)) or measured(path)[1] == digest
    except OSError:
        return False


def _files_in(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if not path.is_dir())
    return sorted(str(path.relative_to(folder)) for path in found)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with process_lock(path) as is_mine:
        if not is_mine:
            raise SnapshotBusy(f"Another process writes a snapshot in {path.parent}.")
        yield

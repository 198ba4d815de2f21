"""Saving a view as a snapshot, and opening one from a snapshot or from the store."""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from index import VectorIndexError
from service.domain.ids import TenantId
from service.domain.record import Kind
from service.errors import DamagedSnapshot
from service.indexing.folders import ReadingFolder
from service.indexing.snapshots import Generation, Snapshots, last_change
from service.indexing.view import View, no_vectors
from service.matching.ports import Records

logger = logging.getLogger(__name__)

_SERVICE = Path(__file__).parents[1]
# Whatever turns records into what the view holds; other code, and a snapshot is of no use.
_READING_CODE = ("domain", "matching", "indexing", "storage")
# Code, and the matrix of topics.
_READ_BY = {".py", ".npz"}

OnPage = Callable[[int], None] | None


def code_hash() -> str:
    """Return the SHA-256 (hex) of the code that reads records into a view."""
    digest = hashlib.sha256()
    for package in _READING_CODE:
        files = (_SERVICE / package).rglob("*")
        for path in sorted(each for each in files if each.suffix in _READ_BY):
            digest.update(path.relative_to(_SERVICE).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def save_view(view: View, records: Records, tenant: TenantId, snapshots: Snapshots) -> Path:
    """Write a snapshot of the view, caught up with the log; return its folder.

    No learner is in it. An index that is going over to codes is waited for, so that the next
    start need not do it again; meanwhile others may read and write. Nothing else may be done with
    the view while it is written; that is for a process that has nothing to answer.

    Raises:
        SnapshotBusy: if another process is writing one.
        SnapshotNotWritten: if the disk does not take it.
    """
    view.wait_for_growth()
    stamp = snapshots.stamp_of(records, tenant)
    with snapshots.writing(tenant) as folder, view.still() as seq:
        view.save(folder)
        counts = view.counts()
        del counts[Kind.LEARNER]
        last = last_change(records, tenant, seq)
        return snapshots.publish(folder, stamp=stamp, seq=seq, last=last, counts=counts)


def open_view(
    make: Callable[[], View],
    records: Records,
    tenant: TenantId,
    snapshots: Snapshots | None,
    on_page: OnPage,
) -> View:
    """Return the view as the store is now, from the newest snapshot that is good if there is one.

    Args:
        make: makes an empty view.
        records: the store.
        tenant: whose view.
        snapshots: where to look for one; none to read everything from the store.
        on_page: told how many records were read, page by page.
    """
    for generation in snapshots.usable(records, tenant) if snapshots else ():
        view = make()
        try:
            _restore(view, records, tenant, generation, on_page)
        except DamagedSnapshot as error:
            if snapshots:
                snapshots.leave_aside(generation.folder)
            logger.warning("%s", error)
        else:
            return view
    view = make()
    try:
        view.load(on_page)
    except VectorIndexError as error:
        raise no_vectors(error) from error
    return view


def _restore(
    view: View, records: Records, tenant: TenantId, generation: Generation, on_page: OnPage
) -> None:
    try:
        view.restore(ReadingFolder(generation.folder), generation.seq, on_page)
    except (OSError, ValueError, LookupError, TypeError, VectorIndexError) as error:
        raise DamagedSnapshot(generation.folder, f"could not be taken up ({error})") from error
    # A last look at the whole: what another process writes at this moment is caught up with.
    for _ in range(3):
        stored = records.counts(tenant)
        view.catch_up()
        if view.counts() == stored:
            return
    raise DamagedSnapshot(generation.folder, "holds another number of records than the store")

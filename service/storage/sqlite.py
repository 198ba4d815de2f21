"""The record store: one SQLite file that holds the truth, of which every index is a view."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from service.domain.ids import TenantId
from service.domain.record import Change, ChangeType, DerivedRecord, Kind, StoredRecord
from service.domain.verdict import SkillVerdict
from service.errors import DamagedStore, StoreFull, StoreMissing, StoreProblem, UnreadableFile
from service.failpoints import Failpoint, reached
from service.matching.ports import Fingerprint, RecordKey, Verdicts
from service.storage import reading
from service.storage.connections import Connections
from service.storage.credit_rules import SqliteRuleBook
from service.storage.decisions import SqliteDecisions
from service.storage.decoded import PERSONAL, DecodedRecords
from service.storage.erasures import ERASURES_FILE, Erasure, ErasureFile, deletions
from service.storage.keys import SqliteKeyBook
from service.storage.rows import RecordRows, rows_of
from service.storage.verdicts import check_verdicts, read_verdicts, write_verdict
from service.storage.versions import bring_up_to_date, is_current, version_of
from service.storage.writing import write, write_meta

logger = logging.getLogger(__name__)

STORE_FILE = "onramp.sqlite3"
IDS_PER_QUERY = 500
PAGE = 1000
# Half a second, as long as loading the model takes.
CHECKED_AT_START = 256_000_000
# Records are personal: whoever else has an account on the machine does not read them.
_OWNER_ALONE = 0o600


class SqliteStore:
    """Keeps records in one file; implements ``service.matching.ports.Records``.

    Any thread may use it, but only the process that opened it. What ``commit`` returned is
    durable. The revision of a record that was deleted and comes back goes on after that of its
    deletion, so that no revision ever names two different contents.

    Attributes:
        decisions: the log of answers, in the same file.
        key_book: tenants and keys, in the same file.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._decoded = DecodedRecords()
        self._erasures = ErasureFile(connections.path.parent / ERASURES_FILE)
        self.rule_book = SqliteRuleBook(connections)
        self.decisions = SqliteDecisions(connections)
        self.key_book = SqliteKeyBook(connections)

    @classmethod
    def open(cls, folder: Path, *, create: bool, reserve_bytes: int = 0) -> Self:
        """Open the store in the folder, and bring its tables to this version if they are older.

        Args:
            folder: where the file ``onramp.sqlite3`` is.
            create: whether to make the folder and the store if they are missing.
            reserve_bytes: how much space to keep back for erasing records when the disk is full.

        Raises:
            StoreMissing: if there is none and none is to be made.
            StoreFromAnotherVersion: if a version of Onramp wrote it that this one does not know.
            DamagedStore: if the file is not an SQLite file, or is damaged.
            StoreProblem: if the file cannot be opened or written, or belongs to something else.
        """
        path = folder.absolute() / STORE_FILE
        if create:
            _make(folder, path)
        # A file without a byte is what is left when the making of a store is cut off.
        if not path.is_file() or not (create or path.stat().st_size):
            raise StoreMissing(
                f"There is no store in {folder}; make one with `onramp --data {folder} init`."
            )
        connections = Connections(path, reserve_bytes=reserve_bytes)
        try:
            _bring_up_to_date(connections, path)
            store = cls(connections)
            store._complete_register()
        except BaseException:
            connections.close()
            raise
        return store

    def close(self) -> None:
        """Close the file; the store cannot be used any more."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def commit(
        self,
        tenant: TenantId,
        puts: Sequence[DerivedRecord],
        deletes: Sequence[RecordKey] = (),
        verdicts: Verdicts | None = None,
    ) -> list[Change]:
        """Keep, then remove, records in one transaction; return the log's new rows, in order.

        A record that is put twice stays as it was put last; each put has its row in the log.

        Raises:
            InvalidRecord: if one of them cannot be kept; then none of them is.
            RecordChanged: if ``verdicts`` are not those that hold now; then nothing has changed.
            StoreFull: if there is no space left; then nothing has changed. Removing alone uses
                space that is kept back for it.
            StoreProblem: if the store cannot be written; then nothing has changed.
        """
        rows = [rows_of(tenant, derived) for derived in puts]
        try:
            return self._commit(tenant, rows, deletes, verdicts)
        except StoreFull:
            if rows:
                raise
        with self._connections.reserve.released():
            return self._commit(tenant, rows, deletes, verdicts)

    def _commit(
        self,
        tenant: TenantId,
        rows: Sequence[RecordRows],
        deletes: Sequence[RecordKey],
        verdicts: Verdicts | None,
    ) -> list[Change]:
        with self._connections.writing(frees=not rows) as connection:
            reached(Failpoint.COMMIT_BEGINS)
            if verdicts is not None:
                check_verdicts(connection, tenant, verdicts)
            changes = write(connection, tenant, rows, deletes)
            if verdicts is not None and verdicts.new is not None:
                write_verdict(connection, tenant, verdicts.new)
        reached(Failpoint.AFTER_COMMIT)
        self._note_erasures(tenant, changes)
        return changes

    def check_writable(self) -> None:
        """Do nothing if records can be kept.

        Raises:
            StoreReadOnly: if the disk once did not keep what it was told to.
        """
        self._connections.check_writable()

    def copy_to(self, target: Path) -> bool:
        """Copy the whole store to a new file while it is in use.

        Returns:
            Whether others wrote so much that they had to wait until it was done.

        Raises:
            StoreProblem: if it cannot be read or written, or what came out is not sound.
        """
        return self._connections.copy_to(target)

    def tenants(self) -> list[TenantId]:
        """Return all tenants that have a record."""
        with self._connections.reading() as connection:
            return reading.read_tenants(connection)

    def revisions(self, tenant: TenantId, kind: Kind) -> dict[str, int]:
        """Return the revision of every record of a kind."""
        with self._connections.reading() as connection:
            return reading.read_revisions(connection, tenant, kind)

    def version(self) -> str:
        """Return which migration the tables have been through."""
        with self._connections.reading() as connection:
            return version_of(connection)

    def promises(self) -> dict[str, str | int]:
        """Return what SQLite says of what this store relies on, read back from a connection.

        Its library's version, journal mode, synchronous and secure_delete.
        """
        with self._connections.reading() as connection:
            return reading.read_promises(connection)

    def check_at_start(self) -> None:
        """Read the file through, unless it is so large that who starts would wait for it.

        Pages of a larger one are checked as they are read, and all of them by the doctor.

        Raises:
            DamagedStore: if SQLite finds a page that is not as it was written.
        """
        if self._connections.size() > CHECKED_AT_START:
            return
        with self._connections.reading() as connection:
            said = reading.read_integrity(connection)
        if said != "ok":
            raise DamagedStore(
                f"The store is damaged ({said.splitlines()[-1]}); restore it from a backup: "
                "onramp --data DIR restore FOLDER --replace"
            )

    def quick_check(self) -> str:
        """Read the file through; return "ok", or what SQLite finds wrong first."""
        with self._connections.reading() as connection:
            return reading.read_quick_check(connection)

    def find(self, tenant: TenantId, kind: Kind, ids: Sequence[str]) -> dict[str, StoredRecord]:
        """Return those of the records that exist, by id; one transaction for up to 500 ids."""
        found: dict[str, StoredRecord] = {}
        for some in _batches(ids):
            found |= self._find(tenant, kind, some)
        return found

    def _find(self, tenant: TenantId, kind: Kind, ids: Sequence[str]) -> dict[str, StoredRecord]:
        with self._connections.reading() as connection:
            known: dict[str, StoredRecord] = {}
            new = list(ids)
            if kind not in PERSONAL:
                revisions = reading.read_revisions_among(connection, tenant, kind, ids)
                known = self._decoded.found(tenant, kind, revisions)
                new = [each for each in revisions if each not in known]
            if not new:
                return known
            raw = reading.read_among(connection, tenant, kind, new)
        decoded = raw.decode()
        self._decoded.keep(tenant, kind, decoded)
        return known | {stored.record.id: stored for stored in decoded}

    def fingerprints(
        self, tenant: TenantId, kind: Kind, ids: Sequence[str]
    ) -> dict[str, Fingerprint]:
        """Return the fingerprints of those of the records that exist, by id."""
        found: dict[str, Fingerprint] = {}
        for some in _batches(ids):
            with self._connections.reading() as connection:
                found |= reading.read_fingerprints(connection, tenant, kind, some)
        return found

    def _complete_register(self) -> None:
        try:
            with self._connections.reading() as connection:
                deleted = deletions(connection)
            self._erasures.catch_up(deleted)
        except (OSError, UnreadableFile, StoreProblem) as error:
            # Whoever meets the damage is told of it; the rest may still be of use.
            logger.warning("The register of erasures could not be completed: %s", error)

    def _note_erasures(self, tenant: TenantId, changes: Sequence[Change]) -> None:
        erased = [
            Erasure(tenant, change.id, change.revision)
            for change in changes
            if change.kind is Kind.LEARNER and change.type is ChangeType.DELETE
        ]
        try:
            self._erasures.add(erased)
        except OSError:
            # They are erased, and the log has them; the next one who opens the store adds them.
            logger.warning("The register of erasures could not be written.", exc_info=True)

    def verdicts(
        self, tenant: TenantId, kind: Kind, ids: Sequence[str]
    ) -> dict[str, tuple[SkillVerdict, ...]]:
        """Return the verdicts on those of the records that have some; ascending by skill."""
        found: dict[str, tuple[SkillVerdict, ...]] = {}
        for some in _batches(ids):
            with self._connections.reading() as connection:
                found |= read_verdicts(connection, tenant, kind, some)
        return found

    def scan(self, tenant: TenantId, kind: Kind) -> Iterator[list[StoredRecord]]:
        """Yield all records of a kind by ascending id, in pages of up to 1,000.

        Each page shows the store as it is when the page is asked for; no read transaction
        outlasts it.
        """
        after = None
        while page := self.page(tenant, kind, after=after, limit=PAGE):
            yield page
            after = page[-1].record.id

    def page(
        self, tenant: TenantId, kind: Kind, *, after: str | None, limit: int
    ) -> list[StoredRecord]:
        """Return up to ``limit`` records by ascending id, from the first one after ``after``."""
        with self._connections.reading() as connection:
            raw = reading.read_page(connection, tenant, kind, after=after or "", limit=limit)
        return raw.decode()

    def changes(self, tenant: TenantId, *, after: int, limit: int = 1000) -> list[Change]:
        """Return the log's rows with ``seq > after``, in order, at most ``limit``."""
        with self._connections.reading() as connection:
            return reading.read_changes(connection, tenant, after=after, limit=limit)

    def last_seq(self, tenant: TenantId) -> int:
        """Return the ``seq`` of the log's newest row; 0 for an empty log."""
        with self._connections.reading() as connection:
            return reading.read_last_seq(connection, tenant)

    def counts(self, tenant: TenantId) -> dict[Kind, int]:
        """Return how many records there are of each kind; 0 where there are none."""
        with self._connections.reading() as connection:
            return reading.read_counts(connection, tenant)

    def get_meta(self, tenant: TenantId, key: str) -> str | None:
        """Return a fact about the tenant's data, such as the hash of its vectors' model."""
        with self._connections.reading() as connection:
            return reading.read_meta(connection, tenant, key)

    def set_meta(self, tenant: TenantId, key: str, value: str) -> None:
        """Keep a fact about the tenant's data."""
        with self._connections.writing() as connection:
            write_meta(connection, tenant, key, value)


def _make(folder: Path, path: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=_OWNER_ALONE)
        reached(Failpoint.FILE_MADE)
    except OSError as error:
        raise StoreProblem(
            f"{folder} cannot be the folder of a store: {error.strerror}. Name another one."
        ) from error


def _bring_up_to_date(connections: Connections, path: Path) -> None:
    with connections.reading() as connection:
        current = is_current(connection)
    if not current:
        with connections.writing() as connection:
            bring_up_to_date(connection, path)
            reached(Failpoint.BEFORE_MIGRATED)


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), IDS_PER_QUERY):
        yield ids[start : start + IDS_PER_QUERY]

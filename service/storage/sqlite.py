"""The record store: one SQLite file that holds the truth, of which every index is a view."""

import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from service.domain.derivation import Derivation, DerivationState
from service.domain.ids import TenantId
from service.domain.precondition import Precondition
from service.domain.record import Change, ChangeType, DerivedRecord, Kind, StoredRecord
from service.domain.verdict import SkillVerdict
from service.errors import (
    DamagedStore,
    StoreFull,
    StoreMissing,
    StoreProblem,
    UnreadableFile,
    VectorsReplaced,
)
from service.failpoints import Failpoint, reached
from service.matching.ports import (
    Fingerprint,
    LearnerPage,
    MetaKey,
    Pinned,
    RecordKey,
    VectorPage,
    Verdicts,
)
from service.matching.privacy_ports import Privacy
from service.storage import querying, reading
from service.storage.carrying import Later, carry_over, read_later
from service.storage.connections import Connections
from service.storage.consents import SqliteConsents
from service.storage.contacts import SqliteContacts
from service.storage.credit_rules import SqliteRuleBook
from service.storage.decisions import SqliteDecisions
from service.storage.decoded import PERSONAL, DecodedRecords, Which
from service.storage.derivations import SqliteDerivations, facts_of, read_under_way
from service.storage.disclosures import SqliteDisclosures
from service.storage.erasures import ERASURES_FILE, Erasure, ErasureFile, deletions
from service.storage.events import SqliteEvents
from service.storage.keys import SqliteKeyBook
from service.storage.learner_events import SqliteLearnerEvents
from service.storage.learner_pages import (
    learner_page,
    read_learners,
    read_vectors,
    vector_page,
)
from service.storage.leftovers import clear_leftovers
from service.storage.operations import SqliteOperations
from service.storage.preconditions import check_preconditions
from service.storage.reading import RawRecords
from service.storage.repeats import SqliteRepeats
from service.storage.rows import RecordRows, rows_of
from service.storage.schema import slot_of
from service.storage.sessions import SqliteSessionBook
from service.storage.states import States
from service.storage.verdicts import check_verdicts, read_verdicts, write_verdict
from service.storage.versions import bring_up_to_date, is_current, version_of
from service.storage.writing import write, write_floor, write_meta

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
    deletion, and after a restore above all that were given before it, so that no revision ever
    names two different contents.

    Attributes:
        decisions: the log of answers, in the same file.
        privacy: what is kept about learners beside their records, in the same file.
        events: what became of answers.
        operations: what was sent to be worked on afterwards.
        repeats: answers that are kept for whoever asks again.
        derivations: vectors and links made anew, beside those that serve.
        key_book: tenants and keys, in the same file.
        session_book: sessions of pages, in the same file.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        # The derivation that is read; none for the one that serves, whichever that is.
        self._pinned: int | None = None
        self._decoded = DecodedRecords()
        self._states = States(connections)
        self._erasures = ErasureFile(connections.path.parent / ERASURES_FILE)
        self.rule_book = SqliteRuleBook(connections)
        self.decisions = SqliteDecisions(connections)
        self.consents = SqliteConsents(connections)
        self.privacy = Privacy(
            self.consents,
            SqliteDisclosures(connections),
            SqliteContacts(connections),
            SqliteLearnerEvents(connections),
        )
        self.events = SqliteEvents(connections)
        self.operations = SqliteOperations(connections)
        self.repeats = SqliteRepeats(connections)
        self.derivations = SqliteDerivations(connections)
        self.key_book = SqliteKeyBook(connections)
        self.session_book = SqliteSessionBook(connections)

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
            clear_leftovers(folder)
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
        conditions: Mapping[RecordKey, Precondition] | None = None,
    ) -> list[Change]:
        """Keep, then remove, records in one transaction; return the log's new rows, in order.

        A record that is put twice stays as it was put last; each put has its row in the log.

        Raises:
            InvalidRecord: if one of them cannot be kept; then none of them is.
            RecordChanged: if ``verdicts`` are not those that hold now; then nothing has changed.
            PreconditionFailed: if a record is not as ``conditions`` say; then nothing has changed.
            VectorsReplaced: if this is pinned to vectors that do not serve any more.
            StoreFull: if there is no space left; then nothing has changed. Removing alone uses
                space that is kept back for it.
            StoreProblem: if the store cannot be written; then nothing has changed.
        """
        rows = [rows_of(tenant, derived) for derived in puts]
        try:
            return self._commit(tenant, rows, deletes, verdicts, conditions or {})
        except StoreFull:
            if rows:
                raise
        with self._connections.reserve.released():
            return self._commit(tenant, rows, deletes, verdicts, conditions or {})

    def _commit(
        self,
        tenant: TenantId,
        rows: Sequence[RecordRows],
        deletes: Sequence[RecordKey],
        verdicts: Verdicts | None,
        conditions: Mapping[RecordKey, Precondition],
    ) -> list[Change]:
        with self._connections.writing(frees=not rows) as connection:
            reached(Failpoint.COMMIT_BEGINS)
            serving = reading.read_derivation(connection, tenant)
            if rows and self._pinned not in (None, serving):
                raise VectorsReplaced
            check_preconditions(connection, tenant, conditions)
            if verdicts is not None:
                check_verdicts(connection, tenant, verdicts)
            changes = write(connection, slot_of(serving), tenant, rows, deletes)
            if verdicts is not None and verdicts.new is not None:
                write_verdict(connection, tenant, verdicts.new)
        reached(Failpoint.AFTER_COMMIT)
        self._note_erasures(tenant, changes)
        return changes

    def pinned(self, tenant: TenantId) -> Pinned:
        """Return the records with the vectors and links that serve now, and with no others."""
        with self._connections.reading() as connection:
            serving = reading.read_derivation(connection, tenant)
            model_hash = reading.read_meta(connection, tenant, MetaKey.MODEL_HASH)
        return Pinned(self._at(serving), model_hash, serving)

    def upcoming(self, tenant: TenantId, *, announced: bool = True) -> Pinned | None:
        """Return the records with the vectors and links that are about to serve, if any are.

        Args:
            tenant: whose records.
            announced: only when they are about to; not already when all is derived.
        """
        found = self.derivations.current(tenant)
        if found is None or found.seq is None or found.state is DerivationState.REPLACED:
            return None
        if announced and found.state is not DerivationState.READY:
            return None
        return Pinned(self._at(found.number), found.using.model_hash, found.number)

    def _at(self, number: int) -> Self:
        pinned = copy(self)
        pinned._pinned = number
        return pinned

    def derivation(self, tenant: TenantId) -> Derivation | None:
        """Return the derivation that is under way or has old vectors left to delete, if any."""
        return self.derivations.current(tenant)

    def _check_pinned(self, serving: int) -> None:
        if self._pinned is not None and self._pinned < serving:
            raise VectorsReplaced

    def _serving(self, tenant: TenantId) -> int:
        """Return the number of the derivation that serves."""
        return int(self._states.fact(tenant, MetaKey.DERIVATION) or 0)

    def _upcoming(self, tenant: TenantId) -> Derivation | None:
        """Return the derivation that this is pinned to, unless that serves already."""
        if self._pinned is None or self._pinned <= self._serving(tenant):
            return None
        with self._connections.reading() as connection:
            # It may have come to serve just now.
            if self._pinned <= reading.read_derivation(connection, tenant):
                return None
            return read_under_way(connection, tenant)

    def _number(self, tenant: TenantId) -> int:
        """Return the number of the derivation that is read."""
        return self._serving(tenant) if self._pinned is None else self._pinned

    def _number_in(self, connection: sqlite3.Connection, tenant: TenantId) -> int:
        if self._pinned is not None:
            return self._pinned
        return querying.serving(connection, tenant)

    def _read(self, connection: Connection, tenant: TenantId) -> int:
        if self._pinned is not None:
            return self._pinned
        return reading.read_derivation(connection, tenant)

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

    def highest_revision(self) -> int:
        """Return the latest revision that any record has had, before a restore included."""
        with self._connections.reading() as connection:
            return max(reading.read_highest_revision(connection), reading.read_floor(connection))

    def raise_floor(self, revision: int) -> None:
        """Let every change from here on have a later revision than this."""
        with self._connections.writing() as connection:
            write_floor(connection, revision)

    def later(self) -> Later:
        """Return what a restore of a backup has to carry over from this store."""
        with self._connections.reading() as connection:
            return read_later(connection)

    def carry_over(self, later: Later | None) -> int:
        """Let end what ended in another store since; return how many rows changed.

        Args:
            later: what that store says; none if it could not be read.
        """
        with self._connections.writing(frees=True) as connection:
            return carry_over(connection, later)

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
        if kind in PERSONAL:
            with self._connections.querying() as connection:
                raw = self._among(connection, tenant, kind, ids)
            return {stored.record.id: stored for stored in raw.decode()}
        of = Which(tenant, self._number(tenant), kind)
        unchanged = self._decoded.as_of(of, ids, seq=self._states.last_seq(tenant))
        new = [each for each in ids if each not in unchanged]
        return unchanged | self._find_new(tenant, kind, new) if new else unchanged

    def _find_new(
        self, tenant: TenantId, kind: Kind, ids: Sequence[str]
    ) -> dict[str, StoredRecord]:
        with self._connections.querying() as connection:
            seq = querying.newest_seq(connection, tenant)
            of = Which(tenant, self._number_in(connection, tenant), kind)
            revisions = querying.revisions_among(connection, tenant, kind, ids)
            known = self._decoded.found(of, revisions, seq=seq)
            new = [each for each in revisions if each not in known]
            if not new:
                return known
            raw = self._among(connection, tenant, kind, new)
        decoded = raw.decode()
        self._decoded.keep(of, decoded, seq=seq)
        return known | {stored.record.id: stored for stored in decoded}

    def _among(
        self, connection: sqlite3.Connection, tenant: TenantId, kind: Kind, ids: Sequence[str]
    ) -> RawRecords:
        slot = slot_of(self._number_in(connection, tenant))
        raw = querying.records_among(connection, slot, tenant, kind, ids)
        if len(raw.records) < len(ids):
            # Old vectors are deleted after a swap; a record without one is not gone.
            self._check_pinned(querying.serving(connection, tenant))
        return raw

    def fingerprints(
        self, tenant: TenantId, kind: Kind, ids: Sequence[str]
    ) -> dict[str, Fingerprint]:
        """Return the fingerprints of those of the records that exist, by id."""
        found: dict[str, Fingerprint] = {}
        for some in _batches(ids):
            with self._connections.reading() as connection:
                slot = slot_of(self._read(connection, tenant))
                found |= reading.read_fingerprints(connection, slot, tenant, kind, some)
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

    def scan_vectors(self, tenant: TenantId, kind: Kind) -> Iterator[VectorPage]:
        """Yield the vectors of all records of a kind by ascending id; otherwise as ``scan``."""
        after = ""
        while True:
            with self._connections.reading() as connection:
                slot = slot_of(self._read(connection, tenant))
                rows = read_vectors(connection, slot, tenant, kind, after=after, limit=PAGE)
                self._check_pinned(reading.read_derivation(connection, tenant))
            if not rows:
                return
            yield vector_page(rows)
            after = rows[-1].id

    def find_learners(self, tenant: TenantId, ids: Sequence[str]) -> LearnerPage:
        """Return those of the learners that exist, with what shows their skills, for up to 500."""
        with self._connections.reading() as connection:
            slot = slot_of(self._read(connection, tenant))
            raw = read_learners(connection, slot, tenant, ids)
            self._check_pinned(reading.read_derivation(connection, tenant))
        return learner_page(raw)

    def page(
        self, tenant: TenantId, kind: Kind, *, after: str | None, limit: int
    ) -> list[StoredRecord]:
        """Return up to ``limit`` records by ascending id, from the first one after ``after``."""
        with self._connections.reading() as connection:
            slot = slot_of(self._read(connection, tenant))
            raw = reading.read_page(connection, slot, tenant, kind, after=after or "", limit=limit)
        return raw.decode()

    def changes(self, tenant: TenantId, *, after: int, limit: int = 1000) -> list[Change]:
        """Return the log's rows with ``seq > after``, in order, at most ``limit``.

        Raises:
            VectorsReplaced: if this is pinned to vectors that do not serve any more.
        """
        self._check_pinned(self._serving(tenant))
        if after == self._states.last_seq(tenant):
            return []
        with self._connections.querying() as connection:
            serving = querying.serving(connection, tenant)
            self._check_pinned(serving)
            found = querying.changes_after(connection, tenant, after=after, limit=limit)
        upcoming = self._upcoming(tenant)
        if upcoming is None:
            return found
        return [change for change in found if change.seq <= (upcoming.seq or 0)]

    def last_seq(self, tenant: TenantId) -> int:
        """Return the ``seq`` of the log's newest row; 0 for an empty log."""
        upcoming = self._upcoming(tenant)
        if upcoming is not None and upcoming.seq is not None:
            return upcoming.seq
        return self._states.last_seq(tenant)

    def counts(self, tenant: TenantId) -> dict[Kind, int]:
        """Return how many records there are of each kind; 0 where there are none."""
        is_upcoming = self._upcoming(tenant) is not None
        with self._connections.reading() as connection:
            if is_upcoming:
                slot = slot_of(self._read(connection, tenant))
                return reading.read_counts_in(connection, slot, tenant)
            return reading.read_counts(connection, tenant)

    def get_meta(self, tenant: TenantId, key: str) -> str | None:
        """Return a fact about the tenant's data, such as the hash of its vectors' model."""
        upcoming = self._upcoming(tenant)
        then = facts_of(upcoming) if upcoming else {}
        return then.get(key) or self._states.fact(tenant, key)

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

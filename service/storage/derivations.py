"""Derivations: vectors and links made anew in the slot that does not serve, and the swap."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Table, bindparam, delete, func, select, update
from sqlalchemy.dialects import sqlite

from service.domain.derivation import Derivation, DerivationState, DerivedWith
from service.domain.ids import TenantId
from service.domain.record import Kind, StoredRecord
from service.errors import DerivationBusy, VectorsReplaced
from service.failpoints import Failpoint, reached
from service.matching.ports import MetaKey, RecordKey
from service.storage import reading
from service.storage.connections import Connections
from service.storage.process_lock import process_lock
from service.storage.rows import key_of, rows_of
from service.storage.schema import Slot, slot_of
from service.storage.schema import derivations as table
from service.storage.writing import forget_derived, write_derived, write_meta

LOCK_FILE: Final = "derivation.lock"
PAGE: Final = 1000

_FOUND = select(table).where(table.c.tenant == bindparam("tenant"))
_FORGET = delete(table).where(table.c.tenant == bindparam("which"))
_SET = update(table).where(table.c.tenant == bindparam("which"))


class SqliteDerivations:
    """Implements ``service.matching.ports.Derivations``, in the store's own file."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def current(self, tenant: TenantId) -> Derivation | None:
        """Return the derivation that is under way or has old vectors left to delete, if any."""
        with self._connections.reading() as connection:
            return read_under_way(connection, tenant)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from deriving for as long as this lasts.

        Raises:
            DerivationBusy: if another process derives.
        """
        path = self._connections.path.parent / LOCK_FILE
        with process_lock(path) as is_mine:
            if not is_mine:
                raise DerivationBusy(
                    f"Another process derives everything in {path.parent} anew; "
                    "`onramp doctor` says how far it is."
                )
            yield

    def begin(self, tenant: TenantId, using: DerivedWith) -> Derivation:
        """Return the derivation that is under way with the same model and taxonomies, or a new one.

        What another one has left is deleted first.
        """
        with self._connections.reading() as connection:
            serving = reading.read_derivation(connection, tenant)
            found = read_under_way(connection, tenant)
        if found is not None and _is_under_way(found, serving) and found.using == using:
            return found
        while self._delete_some(tenant, slot_of(serving + 1), PAGE):
            pass
        row = {
            "tenant": tenant,
            "number": serving + 1,
            "model_hash": using.model_hash,
            "model_version": using.model_version,
            "taxonomies": using.taxonomies,
            "state": DerivationState.RUNNING.value,
            "done": 0,
            "total": 0,
            "seq": None,
        }
        insert = sqlite.insert(table)
        keep = insert.on_conflict_do_update(
            index_elements=["tenant"], set_={name: insert.excluded[name] for name in list(row)[1:]}
        )
        with self._connections.writing() as connection:
            connection.execute(keep, row)
        reached(Failpoint.DERIVATION_BEGUN)
        return Derivation(
            number=serving + 1, using=using, state=DerivationState.RUNNING, done=0, total=0
        )

    def staged(self, tenant: TenantId, kind: Kind) -> Iterator[list[StoredRecord]]:
        """Yield the records of a kind that are derived, with what was derived, in pages."""
        after = ""
        while True:
            with self._connections.reading() as connection:
                slot = slot_of(reading.read_derivation(connection, tenant) + 1)
                raw = reading.read_page(connection, slot, tenant, kind, after=after, limit=PAGE)
            page = raw.decode()
            if not page:
                return
            yield page
            after = page[-1].record.id

    def missing(
        self, tenant: TenantId, kind: Kind, *, after: str, limit: int
    ) -> list[StoredRecord]:
        """Return the first records after an id that are not derived, with what serves now."""
        with self._connections.reading() as connection:
            slot = slot_of(reading.read_derivation(connection, tenant))
            raw = reading.read_missing(connection, slot, tenant, kind, after=after, limit=limit)
        return raw.decode()

    def stage(self, tenant: TenantId, number: int, derived: Sequence[StoredRecord]) -> int:
        """Keep what was derived of records that are still in their revision; return of how many.

        Raises:
            VectorsReplaced: if this derivation is not the one that is under way.
        """
        rows = {key_of(each): rows_of(tenant, each) for each in derived}
        slot = slot_of(number)
        with self._connections.reading() as connection:
            total = sum(reading.read_counts(connection, tenant).values())
            done = _count(connection, slot.vectors, tenant)
        with self._connections.writing() as connection:
            _check(connection, tenant, number)
            still = _as_they_were(connection, tenant, derived)
            write_derived(connection, slot, tenant, [rows[key] for key in still])
            reached(Failpoint.DERIVATION_HALF_STAGED)
            done = min(total, done + len(still))
            connection.execute(_SET, {"which": tenant, "done": done, "total": total})
        reached(Failpoint.DERIVATION_STAGED)
        return len(still)

    def reach(self, tenant: TenantId, number: int, *, seq: int, is_ready: bool) -> None:
        """Note that all is derived up to a row of the log, and whether it is about to serve.

        Raises:
            VectorsReplaced: if this derivation is not the one that is under way.
        """
        state = DerivationState.READY if is_ready else DerivationState.RUNNING
        with self._connections.writing() as connection:
            _check(connection, tenant, number)
            connection.execute(_SET, {"which": tenant, "seq": seq, "state": state.value})
        reached(Failpoint.DERIVATION_REACHED)

    def swap(self, tenant: TenantId, number: int, *, seq: int) -> bool:
        """Let the derivation serve from now on, unless the log has grown; tell whether it does.

        Raises:
            VectorsReplaced: if this derivation is not the one that is under way.
        """
        with self._connections.writing() as connection:
            under_way = _check(connection, tenant, number)
            if reading.read_last_seq(connection, tenant) != seq:
                return False
            for key, value in facts_of(under_way).items():
                write_meta(connection, tenant, key, value)
            connection.execute(_SET, {"which": tenant, "state": DerivationState.REPLACED.value})
            reached(Failpoint.BEFORE_SWAP)
        reached(Failpoint.SWAPPED)
        return True

    def clear(self, tenant: TenantId, *, limit: int = PAGE) -> int:
        """Delete some of what served before; return of how many records, 0 when all is gone."""
        with self._connections.reading() as connection:
            serving = reading.read_derivation(connection, tenant)
            found = read_under_way(connection, tenant)
        if found is None or _is_under_way(found, serving):
            return 0
        count = self._delete_some(tenant, slot_of(serving + 1), limit)
        if not count:
            with self._connections.writing(frees=True) as connection:
                connection.execute(_FORGET, {"which": tenant})
        return count

    def _delete_some(self, tenant: TenantId, slot: Slot, limit: int) -> int:
        vectors = slot.vectors
        some = select(vectors.c.kind, vectors.c.id).where(vectors.c.tenant == tenant).limit(limit)
        with self._connections.writing(frees=True) as connection:
            keys = [RecordKey(Kind(kind), each) for kind, each in connection.execute(some)]
            forget_derived(connection, slot, tenant, keys)
            if keys:
                reached(Failpoint.HALF_CLEARED)
        return len(keys)


def facts_of(derivation: Derivation) -> dict[str, str]:
    """Return what the store keeps of a derivation once that serves."""
    return {
        MetaKey.DERIVATION: str(derivation.number),
        MetaKey.MODEL_HASH: derivation.using.model_hash,
        MetaKey.TAXONOMY_VERSIONS: derivation.using.taxonomies,
    }


def read_under_way(connection: Connection, tenant: TenantId) -> Derivation | None:
    """Return the derivation that is under way or has old vectors left to delete, if any."""
    row = connection.execute(_FOUND, {"tenant": tenant}).one_or_none()
    if row is None:
        return None
    return Derivation(
        number=row.number,
        using=DerivedWith(
            model_hash=row.model_hash, model_version=row.model_version, taxonomies=row.taxonomies
        ),
        state=DerivationState(row.state),
        done=row.done,
        total=row.total,
        seq=row.seq,
    )


def _is_under_way(found: Derivation, serving: int) -> bool:
    return found.state is not DerivationState.REPLACED and found.number == serving + 1


def _check(connection: Connection, tenant: TenantId, number: int) -> Derivation:
    found = read_under_way(connection, tenant)
    serving = reading.read_derivation(connection, tenant)
    if found is None or found.number != number or not _is_under_way(found, serving):
        raise VectorsReplaced
    return found


def _count(connection: Connection, vectors: Table, tenant: TenantId) -> int:
    asked = select(func.count()).select_from(vectors).where(vectors.c.tenant == tenant)
    return int(connection.execute(asked).scalar_one())


def _as_they_were(
    connection: Connection, tenant: TenantId, derived: Sequence[StoredRecord]
) -> list[RecordKey]:
    """Return the keys of those that are there in the revision that they were derived from."""
    read: dict[Kind, dict[str, int]] = {}
    for each in derived:
        key = key_of(each)
        read.setdefault(key.kind, {})[key.id] = each.revision
    still: list[Any] = []
    for kind, revisions in read.items():
        now = reading.read_revisions_among(connection, tenant, kind, list(revisions))
        still += [RecordKey(kind, each) for each in revisions if now.get(each) == revisions[each]]
    return still

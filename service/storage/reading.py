"""What is asked of the tables, and what their rows say."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    exists,
    func,
    select,
    text,
)

from service.domain.ids import TenantId
from service.domain.record import Kind, StoredRecord
from service.errors import DamagedStore
from service.matching.ports import Fingerprint, MetaKey
from service.storage.rows import Row, links_by_id, stored_record
from service.storage.schema import SLOTS, Slot, changes, meta, records


def of_kind(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row is the tenant's and of the kind."""
    return (table.c.tenant == bindparam("tenant")) & (table.c.kind == bindparam("kind"))


def among_ids(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row has one of the ids, which come as one JSON array."""
    array = func.json_each(bindparam("ids")).table_valued("value")
    return table.c.id.in_(select(array.c.value))


def wanted(tenant: TenantId, kind: Kind, ids: Sequence[str]) -> dict[str, str]:
    """Return the values for ``of_kind`` and ``among_ids``."""
    return {"tenant": tenant, "kind": kind.value, "ids": json.dumps(ids)}


def _between_ids(table: Table) -> ColumnElement[bool]:
    return (table.c.id > bindparam("after")) & (table.c.id <= bindparam("until"))


class _Statements(NamedTuple):
    """What is asked of the records and of one slot's vectors and links."""

    records_among: Select[Any]
    records_page: Select[Any]
    links_among: Select[Any]
    links_page: Select[Any]
    fingerprints: Select[Any]
    missing: Select[Any]
    counts: Select[Any]


def same_record(table: Table, other: Table) -> ColumnElement[bool]:
    """Return the condition that two rows are of one record."""
    return (
        (table.c.tenant == other.c.tenant)
        & (table.c.kind == other.c.kind)
        & (table.c.id == other.c.id)
    )


def records_with(vectors: Table) -> Select[Any]:
    """Return the question for the records of a kind with their vectors in a table."""
    return (
        select(
            records.c.id,
            records.c.revision,
            records.c.content_hash,
            records.c.body,
            vectors.c.text_hash,
            vectors.c.vector,
        )
        .join(vectors, same_record(vectors, records))
        .where(of_kind(records))
    )


def _statements(slot: Slot, other: Slot) -> _Statements:
    vectors, skill_links = slot
    asked = records_with(vectors)
    paged = (
        asked.where(records.c.id > bindparam("after"))
        .order_by(records.c.id)
        .limit(bindparam("limit"))
    )
    links = (
        select(skill_links.c.id, *list(skill_links.c)[4:])
        .where(of_kind(skill_links))
        .order_by(skill_links.c.id, skill_links.c.position)
    )
    return _Statements(
        records_among=asked.where(among_ids(records)),
        records_page=paged,
        links_among=links.where(among_ids(skill_links)),
        links_page=links.where(_between_ids(skill_links)),
        fingerprints=select(
            records.c.id, records.c.content_hash, vectors.c.text_hash, records.c.revision
        )
        .join(vectors, same_record(vectors, records))
        .where(of_kind(records), among_ids(records)),
        missing=paged.where(~exists().where(same_record(other.vectors, records))),
        counts=select(vectors.c.kind, func.count())
        .where(vectors.c.tenant == bindparam("tenant"))
        .group_by(vectors.c.kind),
    )


class Among(NamedTuple):
    """The questions for records, with one slot's vectors, and for their links in it, by id."""

    records: Select[Any]
    links: Select[Any]


_IN = {slot: _statements(slot, other) for slot, other in zip(SLOTS, reversed(SLOTS), strict=True)}
AMONG = {slot: Among(asked.records_among, asked.links_among) for slot, asked in _IN.items()}
REVISIONS_AMONG = select(records.c.id, records.c.revision).where(
    of_kind(records), among_ids(records)
)
CHANGES = (
    select(changes.c.seq, changes.c.kind, changes.c.id, changes.c.type, changes.c.revision)
    .where(changes.c.tenant == bindparam("tenant"), changes.c.seq > bindparam("after"))
    .order_by(changes.c.seq)
)
LAST_SEQ = select(func.max(changes.c.seq)).where(changes.c.tenant == bindparam("tenant"))
_COUNTS = (
    select(records.c.kind, func.count())
    .where(records.c.tenant == bindparam("tenant"))
    .group_by(records.c.kind)
)
META = select(meta.c.value).where(
    meta.c.tenant == bindparam("tenant"), meta.c.key == bindparam("key")
)


_HIGHEST = select(func.max(changes.c.revision))
# From one tenant to the next by the key, since to look at all records for that takes long.
_TENANTS = text(
    "WITH RECURSIVE found(tenant) AS (SELECT min(tenant) FROM records UNION ALL "
    "SELECT (SELECT min(tenant) FROM records WHERE tenant > found.tenant) FROM found "
    "WHERE found.tenant IS NOT NULL) SELECT tenant FROM found WHERE tenant IS NOT NULL"
)
_REVISIONS = select(records.c.id, records.c.revision).where(of_kind(records))
# Facts of the whole store, of no tenant in particular.
OF_STORE = TenantId("")
FLOOR = "revision_floor"
# What a store relies on, as SQLite itself tells it.
_PROMISED = ("journal_mode", "synchronous", "secure_delete")


class RawRecords(NamedTuple):
    """Rows of records and of their links, to be decoded when the transaction is over."""

    kind: Kind
    records: Sequence[Row]
    links: Sequence[Row]

    def decode(self) -> list[StoredRecord]:
        """Return the records, in the order of their rows.

        Raises:
            DamagedStore: if a row is not as it was kept.
        """
        with unreadable(self.kind):
            links = links_by_id(self.links)
            return [stored_record(self.kind, row, links) for row in self.records]


@contextmanager
def unreadable(kind: Kind) -> Iterator[None]:
    """Tell a row that is not as it was kept as damage of the store."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise DamagedStore(
            f"The store is damaged: a row of a {kind} cannot be read. Restore it from a "
            "backup, or import the records again."
        ) from error


def read_derivation(connection: Connection, tenant: TenantId) -> int:
    """Return the number of the derivation that serves."""
    return int(read_meta(connection, tenant, MetaKey.DERIVATION) or 0)


def read_revisions_among(
    connection: Connection, tenant: TenantId, kind: Kind, ids: Sequence[str]
) -> dict[str, int]:
    """Return the revisions of those of the records that exist, by id."""
    rows = connection.execute(REVISIONS_AMONG, wanted(tenant, kind, ids))
    return {each.id: each.revision for each in rows}


def read_page(
    connection: Connection, slot: Slot, tenant: TenantId, kind: Kind, *, after: str, limit: int
) -> RawRecords:
    """Return the first records with a greater id than ``after``, by ascending id."""
    where = {"tenant": tenant, "kind": kind.value, "after": after}
    rows = connection.execute(_IN[slot].records_page, {**where, "limit": limit}).all()
    where["until"] = rows[-1].id if rows else after
    return RawRecords(kind, rows, connection.execute(_IN[slot].links_page, where).all())


def read_missing(
    connection: Connection, slot: Slot, tenant: TenantId, kind: Kind, *, after: str, limit: int
) -> RawRecords:
    """Return the first records after an id of which the other slot has no vector."""
    where = {"tenant": tenant, "kind": kind.value, "after": after, "limit": limit}
    rows = connection.execute(_IN[slot].missing, where).all()
    which = wanted(tenant, kind, [each.id for each in rows])
    return RawRecords(kind, rows, connection.execute(_IN[slot].links_among, which).all())


def read_fingerprints(
    connection: Connection, slot: Slot, tenant: TenantId, kind: Kind, ids: Sequence[str]
) -> dict[str, Fingerprint]:
    """Return the fingerprints of those of the records that exist, by id."""
    rows = connection.execute(_IN[slot].fingerprints, wanted(tenant, kind, ids))
    return {record_id: Fingerprint(*rest) for record_id, *rest in rows}


def read_last_seq(connection: Connection, tenant: TenantId) -> int:
    """Return the ``seq`` of the log's newest row; 0 for an empty log."""
    return connection.execute(LAST_SEQ, {"tenant": tenant}).scalar() or 0


def read_counts(connection: Connection, tenant: TenantId) -> dict[Kind, int]:
    """Return how many records there are of each kind; 0 where there are none."""
    found = {Kind(kind): count for kind, count in connection.execute(_COUNTS, {"tenant": tenant})}
    return {kind: found.get(kind, 0) for kind in Kind}


def read_counts_in(connection: Connection, slot: Slot, tenant: TenantId) -> dict[Kind, int]:
    """Return of how many records of each kind a slot has vectors; 0 where it has none."""
    found = {Kind(kind): n for kind, n in connection.execute(_IN[slot].counts, {"tenant": tenant})}
    return {kind: found.get(kind, 0) for kind in Kind}


def read_tenants(connection: Connection) -> list[TenantId]:
    """Return all tenants that have a record."""
    return [TenantId(tenant) for tenant in connection.execute(_TENANTS).scalars()]


def read_highest_revision(connection: Connection) -> int:
    """Return the latest revision of any record, also of one that is gone; 0 if there is none."""
    return connection.execute(_HIGHEST).scalar() or 0


def read_revisions(connection: Connection, tenant: TenantId, kind: Kind) -> dict[str, int]:
    """Return the revision of every record of a kind, by id."""
    rows = connection.execute(_REVISIONS, {"tenant": tenant, "kind": kind.value})
    return {row.id: row.revision for row in rows}


def read_promises(connection: Connection) -> dict[str, str | int]:
    """Return SQLite's version, and how the connection says that it keeps what it is given."""
    found: dict[str, str | int] = {
        name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in _PROMISED
    }
    return {"version": connection.execute(select(func.sqlite_version())).scalar_one(), **found}


def read_integrity(connection: Connection) -> str:
    """Return "ok", or what SQLite finds wrong first; also with the order of keys."""
    return str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())


def read_quick_check(connection: Connection) -> str:
    """Return "ok", or what SQLite finds wrong first."""
    return str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())


def read_meta(connection: Connection, tenant: TenantId, key: str) -> str | None:
    """Return the value that is kept under the key, if there is one."""
    return connection.execute(META, {"tenant": tenant, "key": key}).scalar()


def read_floor(connection: Connection) -> int:
    """Return the revision above which every change goes on; 0 for a store never restored.

    Before a restore the same ids had revisions of their own, in backups and in the register of
    erasures. Above all of them, no revision names two contents, nor two lives of an id.
    """
    found = read_meta(connection, OF_STORE, FLOOR)
    return int(found) if found else 0

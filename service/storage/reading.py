"""What is asked of the tables, and what their rows say."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, func, select
from sqlalchemy.dialects.sqlite import dialect

from service.domain.ids import TenantId
from service.domain.record import Change, Kind, StoredRecord
from service.errors import DamagedStore
from service.matching.ports import Fingerprint
from service.storage.rows import Row, change_of, links_by_id, stored_record
from service.storage.schema import changes, meta, records, skill_links, vectors


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


_SAME_RECORD = (
    (vectors.c.tenant == records.c.tenant)
    & (vectors.c.kind == records.c.kind)
    & (vectors.c.id == records.c.id)
)
_RECORDS = (
    select(
        records.c.id,
        records.c.revision,
        records.c.content_hash,
        records.c.body,
        vectors.c.text_hash,
        vectors.c.vector,
    )
    .join(vectors, _SAME_RECORD)
    .where(of_kind(records))
)
_LINKS = (
    select(skill_links.c.id, *list(skill_links.c)[4:])
    .where(of_kind(skill_links))
    .order_by(skill_links.c.id, skill_links.c.position)
)
_RECORDS_AMONG = _RECORDS.where(among_ids(records))
_LINKS_AMONG = _LINKS.where(among_ids(skill_links))
_RECORDS_PAGE = (
    _RECORDS.where(records.c.id > bindparam("after"))
    .order_by(records.c.id)
    .limit(bindparam("limit"))
)
_LINKS_PAGE = _LINKS.where(_between_ids(skill_links))
_FINGERPRINTS = (
    select(records.c.id, records.c.content_hash, vectors.c.text_hash, records.c.revision)
    .join(vectors, _SAME_RECORD)
    .where(of_kind(records), among_ids(records))
)
_REVISIONS_AMONG = select(records.c.id, records.c.revision).where(
    of_kind(records), among_ids(records)
)
_CHANGES = (
    select(changes.c.seq, changes.c.kind, changes.c.id, changes.c.type, changes.c.revision)
    .where(changes.c.tenant == bindparam("tenant"), changes.c.seq > bindparam("after"))
    .order_by(changes.c.seq)
)
_LAST_SEQ = select(func.max(changes.c.seq)).where(changes.c.tenant == bindparam("tenant"))
_COUNTS = (
    select(records.c.kind, func.count())
    .where(records.c.tenant == bindparam("tenant"))
    .group_by(records.c.kind)
)
_META = select(meta.c.value).where(
    meta.c.tenant == bindparam("tenant"), meta.c.key == bindparam("key")
)


def _text_of(query: Select[*tuple[Any, ...]]) -> str:
    return str(query.compile(dialect=dialect(paramstyle="named")))


# What every answer asks, as text: to put it together anew takes longer than to answer it.
_RECORDS_AMONG_TEXT = _text_of(_RECORDS_AMONG)
_LINKS_AMONG_TEXT = _text_of(_LINKS_AMONG)
_REVISIONS_AMONG_TEXT = _text_of(_REVISIONS_AMONG)
_CHANGES_TEXT = f"{_text_of(_CHANGES)} LIMIT :limit"
_LAST_SEQ_TEXT = _text_of(_LAST_SEQ)
_META_TEXT = _text_of(_META)
_TENANTS = select(records.c.tenant).distinct().order_by(records.c.tenant)
_REVISIONS = select(records.c.id, records.c.revision).where(of_kind(records))
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
        try:
            links = links_by_id(self.links)
            return [stored_record(self.kind, row, links) for row in self.records]
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise DamagedStore(
                f"The store is damaged: a row of a {self.kind} cannot be read. Restore it from a "
                "backup, or import the records again."
            ) from error


def read_among(
    connection: sqlite3.Connection, tenant: TenantId, kind: Kind, ids: Sequence[str]
) -> RawRecords:
    """Return those of the records that exist, in no order."""
    which = wanted(tenant, kind, ids)
    rows = connection.execute(_RECORDS_AMONG_TEXT, which).fetchall()
    return RawRecords(kind, rows, connection.execute(_LINKS_AMONG_TEXT, which).fetchall())


def read_revisions_among(
    connection: sqlite3.Connection, tenant: TenantId, kind: Kind, ids: Sequence[str]
) -> dict[str, int]:
    """Return the revisions of those of the records that exist, by id."""
    return dict(connection.execute(_REVISIONS_AMONG_TEXT, wanted(tenant, kind, ids)))


def read_page(
    connection: Connection, tenant: TenantId, kind: Kind, *, after: str, limit: int
) -> RawRecords:
    """Return the first records with a greater id than ``after``, by ascending id."""
    where = {"tenant": tenant, "kind": kind.value, "after": after}
    rows = connection.execute(_RECORDS_PAGE, {**where, "limit": limit}).all()
    until = rows[-1].id if rows else after
    return RawRecords(kind, rows, connection.execute(_LINKS_PAGE, {**where, "until": until}).all())


def read_fingerprints(
    connection: Connection, tenant: TenantId, kind: Kind, ids: Sequence[str]
) -> dict[str, Fingerprint]:
    """Return the fingerprints of those of the records that exist, by id."""
    rows = connection.execute(_FINGERPRINTS, wanted(tenant, kind, ids))
    return {record_id: Fingerprint(*rest) for record_id, *rest in rows}


def read_changes(
    connection: sqlite3.Connection, tenant: TenantId, *, after: int, limit: int
) -> list[Change]:
    """Return the log's rows with ``seq > after``, in order, at most ``limit``."""
    where = {"tenant": tenant, "after": after, "limit": limit}
    return [change_of(row) for row in connection.execute(_CHANGES_TEXT, where)]


def read_last_seq(connection: Connection, tenant: TenantId) -> int:
    """Return the ``seq`` of the log's newest row; 0 for an empty log."""
    return connection.execute(_LAST_SEQ, {"tenant": tenant}).scalar() or 0


def read_newest_seq(connection: sqlite3.Connection, tenant: TenantId) -> int:
    """Return the same over a bare connection."""
    (seq,) = connection.execute(_LAST_SEQ_TEXT, {"tenant": tenant}).fetchone()
    return seq or 0


def read_counts(connection: Connection, tenant: TenantId) -> dict[Kind, int]:
    """Return how many records there are of each kind; 0 where there are none."""
    found = {Kind(kind): count for kind, count in connection.execute(_COUNTS, {"tenant": tenant})}
    return {kind: found.get(kind, 0) for kind in Kind}


def read_tenants(connection: Connection) -> list[TenantId]:
    """Return all tenants that have a record."""
    return [TenantId(tenant) for tenant in connection.execute(_TENANTS).scalars()]


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


def read_meta(connection: sqlite3.Connection, tenant: TenantId, key: str) -> str | None:
    """Return the value that is kept under the key, if there is one."""
    row = connection.execute(_META_TEXT, {"tenant": tenant, "key": key}).fetchone()
    return row[0] if row else None

"""What every answer asks of the store, over bare connections: statements as text.

To put such a small query together anew takes longer than to answer it.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.sqlite import dialect

from service.domain.ids import TenantId
from service.domain.record import Change, Kind
from service.matching.ports import MetaKey
from service.storage import reading
from service.storage.reading import RawRecords, wanted
from service.storage.rows import change_of
from service.storage.schema import SLOTS, Slot


def _text_of(query: Select[Any]) -> str:
    return str(query.compile(dialect=dialect(paramstyle="named")))


_RECORDS_AMONG = {slot: _text_of(reading.AMONG[slot].records) for slot in SLOTS}
_LINKS_AMONG = {slot: _text_of(reading.AMONG[slot].links) for slot in SLOTS}
_REVISIONS_AMONG = _text_of(reading.REVISIONS_AMONG)
_CHANGES = f"{_text_of(reading.CHANGES)} LIMIT :limit"
_LAST_SEQ = _text_of(reading.LAST_SEQ)
_META = _text_of(reading.META)


def newest_seq(connection: sqlite3.Connection, tenant: TenantId) -> int:
    """Return the ``seq`` of the log's newest row; 0 for an empty log."""
    (seq,) = connection.execute(_LAST_SEQ, {"tenant": tenant}).fetchone()
    return seq or 0


def fact(connection: sqlite3.Connection, tenant: TenantId, key: str) -> str | None:
    """Return the value that is kept under the key, if there is one."""
    row = connection.execute(_META, {"tenant": tenant, "key": key}).fetchone()
    return row[0] if row else None


def serving(connection: sqlite3.Connection, tenant: TenantId) -> int:
    """Return the number of the derivation that serves."""
    return int(fact(connection, tenant, MetaKey.DERIVATION) or 0)


def changes_after(
    connection: sqlite3.Connection, tenant: TenantId, *, after: int, limit: int
) -> list[Change]:
    """Return the log's rows with ``seq > after``, in order, at most ``limit``."""
    where = {"tenant": tenant, "after": after, "limit": limit}
    return [change_of(row) for row in connection.execute(_CHANGES, where)]


def revisions_among(
    connection: sqlite3.Connection, tenant: TenantId, kind: Kind, ids: Sequence[str]
) -> dict[str, int]:
    """Return the revisions of those of the records that exist, by id."""
    return dict(connection.execute(_REVISIONS_AMONG, wanted(tenant, kind, ids)))


def records_among(
    connection: sqlite3.Connection, slot: Slot, tenant: TenantId, kind: Kind, ids: Sequence[str]
) -> RawRecords:
    """Return those of the records that exist, in no order."""
    which = wanted(tenant, kind, ids)
    rows = connection.execute(_RECORDS_AMONG[slot], which).fetchall()
    return RawRecords(kind, rows, connection.execute(_LINKS_AMONG[slot], which).fetchall())

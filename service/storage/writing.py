"""One group of changes, written in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Delete, Select, Table, delete, func, select
from sqlalchemy.dialects import sqlite

from service.domain.ids import TenantId
from service.domain.record import Change, ChangeType, Kind
from service.failpoints import Failpoint, reached
from service.matching.ports import RecordKey
from service.storage.consents import forget_consents
from service.storage.contacts import forget_contacts
from service.storage.decisions import erase_learners
from service.storage.disclosures import erase_disclosures
from service.storage.events import erase_events
from service.storage.operations import erase_operation_lines
from service.storage.reading import (
    FLOOR,
    OF_STORE,
    among_ids,
    of_kind,
    read_floor,
    read_last_seq,
    wanted,
)
from service.storage.rows import RecordRows, change_row
from service.storage.schema import DELETIONS, SLOTS, Slot, changes, meta, records
from service.storage.sessions import erase_sessions

Revisions = dict[RecordKey, int]

# What goes with a learner, or loses their name, in the transaction that deletes them.
_ERASING = (
    erase_events,
    erase_operation_lines,
    erase_sessions,
    erase_learners,
    forget_consents,
    forget_contacts,
    erase_disclosures,
)


def _upsert(table: Table) -> str:
    insert = sqlite.insert(table)
    key = [column.name for column in table.primary_key]
    rest = {column.name: column for column in insert.excluded if column.name not in key}
    return _sql(insert.on_conflict_do_update(index_elements=key, set_=rest))


def _sql(statement: sqlite.Insert) -> str:
    # Rows go in as plain tuples: by dictionaries, 40,000 links take three times as long.
    return str(statement.compile(dialect=sqlite.dialect()))


_PUT_RECORDS = _upsert(records)
_PUT_META = _upsert(meta)
_ADD_CHANGES = _sql(sqlite.insert(changes))
_REVISIONS = select(records.c.id, records.c.revision).where(of_kind(records), among_ids(records))
_DELETED_AT = (
    select(changes.c.id, func.max(changes.c.revision))
    .where(of_kind(changes), among_ids(changes), DELETIONS)
    .group_by(changes.c.id)
)
_DELETE = delete(records).where(of_kind(records), among_ids(records))


class _Known(NamedTuple):
    """What the store knew before a group of changes.

    ``before`` has the revision of each record, or of its deletion; what is new goes on above the
    floor.
    """

    present: Revisions
    before: Revisions
    floor: int
    seq: int


class _Statements(NamedTuple):
    """How one slot's vectors and links are written and removed."""

    put_vectors: str
    add_links: str
    forget: Delete
    unlink: Delete


def _statements(slot: Slot) -> _Statements:
    vectors, links = slot
    return _Statements(
        put_vectors=_upsert(vectors),
        add_links=_sql(sqlite.insert(links)),
        forget=delete(vectors).where(of_kind(vectors), among_ids(vectors)),
        unlink=delete(links).where(of_kind(links), among_ids(links)),
    )


_IN = {slot: _statements(slot) for slot in SLOTS}


class Plan(NamedTuple):
    """What a group of changes comes to: the log's new rows, and what is there in the end."""

    log: list[Change]
    puts: dict[RecordKey, RecordRows]
    deletes: list[RecordKey]
    revisions: Revisions


def write(
    connection: Connection,
    slot: Slot,
    tenant: TenantId,
    puts: Sequence[RecordRows],
    deletes: Sequence[RecordKey],
) -> list[Change]:
    """Keep and remove the records in the transaction that is open; return the log's new rows.

    What the other slot has of a record that is put was derived from another revision: it goes.
    """
    keys = [*(rows.key for rows in puts), *deletes]
    present = _revisions(connection, _REVISIONS, tenant, keys)
    before = _revisions(connection, _DELETED_AT, tenant, keys) | present
    known = _Known(
        present, before, floor=read_floor(connection), seq=read_last_seq(connection, tenant)
    )
    plan = _plan(puts, deletes, known)
    replaced = plan.puts.keys() & present.keys()
    _run(connection, _IN[slot].unlink, tenant, replaced)
    for other in (each for each in SLOTS if each is not slot):
        forget_derived(connection, other, tenant, replaced)
    _run(connection, _DELETE, tenant, plan.deletes)
    reached(Failpoint.HALF_WRITTEN)
    gone = [key.id for key in plan.deletes if key.kind is Kind.LEARNER]
    if gone:
        for erase in _ERASING:
            erase(connection, tenant, gone)
    _add(connection, slot, tenant, plan)
    return plan.log


def forget_derived(
    connection: Connection, slot: Slot, tenant: TenantId, keys: Iterable[RecordKey]
) -> None:
    """Remove what a slot has of the records."""
    wanted_keys = list(keys)
    for statement in (_IN[slot].forget, _IN[slot].unlink):
        _run(connection, statement, tenant, wanted_keys)


def write_derived(
    connection: Connection, slot: Slot, tenant: TenantId, rows: Sequence[RecordRows]
) -> None:
    """Keep vectors and links in a slot, in place of those that are there."""
    _run(connection, _IN[slot].unlink, tenant, [each.key for each in rows])
    if rows:
        connection.exec_driver_sql(_IN[slot].put_vectors, [each.vector for each in rows])
    links = [link for each in rows for link in each.links]
    if links:
        connection.exec_driver_sql(_IN[slot].add_links, links)


def write_meta(connection: Connection, tenant: TenantId, key: str, value: str) -> None:
    """Keep the value under the key, in place of any other."""
    connection.exec_driver_sql(_PUT_META, (tenant, key, value))


def write_floor(connection: Connection, revision: int) -> None:
    """Let every change from here on have a later revision than this."""
    write_meta(connection, OF_STORE, FLOOR, str(max(revision, read_floor(connection))))


def _plan(puts: Sequence[RecordRows], deletes: Sequence[RecordKey], known: _Known) -> Plan:
    log: list[Change] = []
    revisions = dict(known.before)
    latest = {}
    gone: dict[RecordKey, None] = {}

    def note(key: RecordKey, change: ChangeType) -> None:
        revisions[key] = max(revisions.get(key, 0), known.floor) + 1
        log.append(
            Change(
                seq=known.seq + len(log) + 1,
                kind=key.kind,
                id=key.id,
                type=change,
                revision=revisions[key],
            )
        )

    for rows in puts:
        latest[rows.key] = rows
        note(rows.key, ChangeType.PUT)
    for key in deletes:
        if key not in gone and (key in known.present or key in latest):
            latest.pop(key, None)
            gone[key] = None
            note(key, ChangeType.DELETE)
    return Plan(log, latest, list(gone), revisions)


def _add(connection: Connection, slot: Slot, tenant: TenantId, plan: Plan) -> None:
    # By key, since pages that are filled in their order are written once.
    puts = [plan.puts[key] for key in sorted(plan.puts)]
    for sql, rows in (
        (_PUT_RECORDS, [(*put.record, plan.revisions[put.key]) for put in puts]),
        (_IN[slot].put_vectors, [put.vector for put in puts]),
        (_IN[slot].add_links, [link for put in puts for link in put.links]),
        (_ADD_CHANGES, [change_row(tenant, change) for change in plan.log]),
    ):
        if rows:
            connection.exec_driver_sql(sql, rows)


def _revisions(
    connection: Connection, question: Select[Any], tenant: TenantId, keys: Iterable[RecordKey]
) -> Revisions:
    return {
        RecordKey(kind, record_id): revision
        for kind, ids in _by_kind(keys).items()
        for record_id, revision in connection.execute(question, wanted(tenant, kind, ids))
    }


def _run(
    connection: Connection, statement: Delete, tenant: TenantId, keys: Iterable[RecordKey]
) -> None:
    for kind, ids in _by_kind(keys).items():
        connection.execute(statement, wanted(tenant, kind, ids))


def _by_kind(keys: Iterable[RecordKey]) -> dict[Kind, list[str]]:
    ids: dict[Kind, list[str]] = defaultdict(list)
    for key in keys:
        ids[key.kind].append(key.id)
    return ids

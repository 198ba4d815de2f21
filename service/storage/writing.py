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
from service.storage.decisions import erase_learners
from service.storage.events import erase_events
from service.storage.reading import among_ids, of_kind, read_last_seq, wanted
from service.storage.rows import RecordRows, change_row
from service.storage.schema import DELETIONS, changes, meta, records, skill_links, vectors

Revisions = dict[RecordKey, int]


def _upsert(table: Table) -> str:
    insert = sqlite.insert(table)
    key = [column.name for column in table.primary_key]
    rest = {column.name: column for column in insert.excluded if column.name not in key}
    return _sql(insert.on_conflict_do_update(index_elements=key, set_=rest))


def _sql(statement: sqlite.Insert) -> str:
    # Rows go in as plain tuples: by dictionaries, 40,000 links take three times as long.
    return str(statement.compile(dialect=sqlite.dialect()))


_PUT_RECORDS = _upsert(records)
_PUT_VECTORS = _upsert(vectors)
_PUT_META = _upsert(meta)
_ADD_LINKS = _sql(sqlite.insert(skill_links))
_ADD_CHANGES = _sql(sqlite.insert(changes))
_REVISIONS = select(records.c.id, records.c.revision).where(of_kind(records), among_ids(records))
_DELETED_AT = (
    select(changes.c.id, func.max(changes.c.revision))
    .where(of_kind(changes), among_ids(changes), DELETIONS)
    .group_by(changes.c.id)
)
_UNLINK = delete(skill_links).where(of_kind(skill_links), among_ids(skill_links))
_DELETE = delete(records).where(of_kind(records), among_ids(records))


class Plan(NamedTuple):
    """What a group of changes comes to: the log's new rows, and what is there in the end."""

    log: list[Change]
    puts: dict[RecordKey, RecordRows]
    deletes: list[RecordKey]
    revisions: Revisions


def write(
    connection: Connection,
    tenant: TenantId,
    puts: Sequence[RecordRows],
    deletes: Sequence[RecordKey],
) -> list[Change]:
    """Keep and remove the records in the transaction that is open; return the log's new rows."""
    keys = [*(rows.key for rows in puts), *deletes]
    present = _revisions(connection, _REVISIONS, tenant, keys)
    before = _revisions(connection, _DELETED_AT, tenant, keys) | present
    plan = _plan(
        puts, deletes, present=present, before=before, seq=read_last_seq(connection, tenant)
    )
    _run(connection, _UNLINK, tenant, plan.puts.keys() & present.keys())
    _run(connection, _DELETE, tenant, plan.deletes)
    reached(Failpoint.HALF_WRITTEN)
    gone = [key.id for key in plan.deletes if key.kind is Kind.LEARNER]
    if gone:
        erase_events(connection, tenant, gone)
        erase_learners(connection, tenant, gone)
    _add(connection, tenant, plan)
    return plan.log


def write_meta(connection: Connection, tenant: TenantId, key: str, value: str) -> None:
    """Keep the value under the key, in place of any other."""
    connection.exec_driver_sql(_PUT_META, (tenant, key, value))


def _plan(
    puts: Sequence[RecordRows],
    deletes: Sequence[RecordKey],
    *,
    present: Revisions,
    before: Revisions,
    seq: int,
) -> Plan:
    log: list[Change] = []
    revisions = dict(before)
    latest = {}
    gone: dict[RecordKey, None] = {}

    def note(key: RecordKey, change: ChangeType) -> None:
        revisions[key] = revisions.get(key, 0) + 1
        log.append(
            Change(
                seq=seq + len(log) + 1,
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
        if key not in gone and (key in present or key in latest):
            latest.pop(key, None)
            gone[key] = None
            note(key, ChangeType.DELETE)
    return Plan(log, latest, list(gone), revisions)


def _add(connection: Connection, tenant: TenantId, plan: Plan) -> None:
    # By key, since pages that are filled in their order are written once.
    puts = [plan.puts[key] for key in sorted(plan.puts)]
    for sql, rows in (
        (_PUT_RECORDS, [(*put.record, plan.revisions[put.key]) for put in puts]),
        (_PUT_VECTORS, [put.vector for put in puts]),
        (_ADD_LINKS, [link for put in puts for link in put.links]),
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

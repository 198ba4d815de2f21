"""What ended since a backup was made, carried over into its restore so that it does not come back.

A table is carried over by one line in ``ENDING``, ``STANDING``, ``SAID`` or ``FORGOTTEN``.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from service.storage.schema import (
    contacts,
    keys,
    operation_line_ids,
    operation_lines,
    operations,
    sessions,
)

Values = Mapping[str, Any]


class Ending(NamedTuple):
    """A table whose rows end, and stay.

    Attributes:
        table: which.
        ends: the names of columns that say when a row ends, in ISO 8601 and UTC; the earlier of
            two times counts, and none is never.
    """

    table: Table
    ends: tuple[str, ...]


class Said(NamedTuple):
    """A table whose rows say something that may be said anew.

    Attributes:
        table: which.
        words: the names of the columns that say it.
    """

    table: Table
    words: tuple[str, ...]


# Rows that end: in the backup they end when they did in the store that it replaces.
ENDING: Final = (Ending(keys, ("revoked", "expires")),)
# Rows that hold against something for as long as they are there: those of the store that is
# replaced come along.
STANDING: Final[tuple[Table, ...]] = ()
# Rows of which the last word holds, which is that of the store that is replaced.
SAID: Final = (Said(contacts, ("status", "answered_at")),)
# Rows that are deleted when they end, so that nothing tells which of a backup did: none is kept.
# An operation would be worked on again, and bring back who was erased after it was.
FORGOTTEN: Final = (sessions, operation_line_ids, operation_lines, operations)


class Later(NamedTuple):
    """What a store says that a backup of it, made before, may not know.

    Attributes:
        ended: for each table of ``ENDING`` the rows that have an end.
        standing: for each table of ``STANDING`` its rows.
        said: for each table of ``SAID`` its rows.
    """

    ended: Sequence[Sequence[Values]]
    standing: Sequence[Sequence[Values]]
    said: Sequence[Sequence[Values]]


def read_later(connection: Connection) -> Later:
    """Return what a restore has to carry over from the store that it replaces."""
    return Later(
        [_rows(connection, _with_an_end(each)) for each in ENDING],
        [_rows(connection, select(table)) for table in STANDING],
        [_rows(connection, select(each.table)) for each in SAID],
    )


def carry_over(connection: Connection, later: Later | None) -> int:
    """Let end in a backup what ended since; return how many rows changed, sessions not counted.

    Args:
        connection: of the backup's copy, in a transaction.
        later: what the store says that is replaced; none if it could not be read.
    """
    for table in FORGOTTEN:
        connection.execute(delete(table))
    if later is None:
        return 0
    count = 0
    for ending, rows in zip(ENDING, later.ended, strict=True):
        count += sum(_end(connection, ending, row) for row in rows)
    for table, rows in zip(STANDING, later.standing, strict=True):
        insert = sqlite.insert(table).on_conflict_do_nothing()
        count += sum(connection.execute(insert, dict(row)).rowcount for row in rows)
    for said, rows in zip(SAID, later.said, strict=True):
        for row in rows:
            _say(connection, said, row)
    return count


def _say(connection: Connection, said: Said, row: Values) -> None:
    """Let a row say what it said last."""
    same = and_(*(key == bindparam(f"of_{key.name}") for key in said.table.primary_key))
    found = {f"of_{key.name}": row[key.name] for key in said.table.primary_key}
    told = update(said.table).where(same).values({word: row[word] for word in said.words})
    connection.execute(told, found)


def _end(connection: Connection, ending: Ending, row: Values) -> bool:
    """Let a row end no later than told; tell whether that is a change."""
    columns = [ending.table.c[name] for name in ending.ends if row[name] is not None]
    same = and_(*(key == bindparam(f"of_{key.name}") for key in ending.table.primary_key))
    found = {f"of_{key.name}": row[key.name] for key in ending.table.primary_key}
    changed = 0
    for column in columns:
        later: ColumnElement[bool] = or_(column.is_(None), column > row[column.name])
        told = update(ending.table).where(same, later).values({column.name: row[column.name]})
        changed += connection.execute(told, found).rowcount
    return bool(changed)


def _with_an_end(ending: Ending) -> Any:
    ends = [ending.table.c[name] for name in ending.ends]
    wanted = [*ending.table.primary_key, *ends]
    return select(*wanted).where(or_(*(each.is_not(None) for each in ends)))


def _rows(connection: Connection, asked: Any) -> list[Values]:
    return [dict(row) for row in connection.execute(asked).mappings()]

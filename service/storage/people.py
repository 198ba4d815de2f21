"""Learners as the tables about consent know them: whether one is there, and that one changed."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, insert, select, update

from service.domain.ids import TenantId
from service.domain.record import Change, ChangeType, Kind
from service.errors import NotFound
from service.storage.reading import read_floor, read_last_seq
from service.storage.rows import change_row
from service.storage.schema import changes, records

_ONE = (
    (records.c.tenant == bindparam("of_tenant"))
    & (records.c.kind == Kind.LEARNER.value)
    & (records.c.id == bindparam("of_learner"))
)
_REVISION = select(records.c.revision).where(_ONE)
_GROW = (
    update(records)
    .where(_ONE)
    .values(revision=func.max(records.c.revision, bindparam("floor")) + 1)
)
_THERE = select(records.c.id).where(
    records.c.tenant == bindparam("tenant"),
    records.c.kind == Kind.LEARNER.value,
    records.c.id.in_(select(func.json_each(bindparam("learners")).table_valued("value").c.value)),
)


def of_learners(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row is about one of the tenant's learners."""
    array = func.json_each(bindparam("learners")).table_valued("value")
    return (table.c.tenant == bindparam("of_tenant")) & table.c.learner.in_(select(array.c.value))


def which(tenant: TenantId, learners: Sequence[str]) -> dict[str, str]:
    """Return the values for ``of_learners``."""
    return {"of_tenant": tenant, "learners": json.dumps(list(learners))}


def there_are(connection: Connection, tenant: TenantId, learners: Sequence[str]) -> set[str]:
    """Return those of the learners who are there."""
    where = {"tenant": tenant, "learners": json.dumps(list(learners))}
    return set(connection.execute(_THERE, where).scalars())


def require(connection: Connection, tenant: TenantId, learner: str) -> None:
    """Do nothing if a learner is there.

    Raises:
        NotFound: if there is none with this id.
    """
    if learner not in there_are(connection, tenant, [learner]):
        raise NotFound(Kind.LEARNER, learner)


def log_change(connection: Connection, tenant: TenantId, learner: str) -> Change:
    """Say in the change log that a learner was put, though the record itself is as it was.

    Every index that follows the log then reads the learner again, and what they agreed to.
    """
    one: dict[str, Any] = {"of_tenant": tenant, "of_learner": learner}
    connection.execute(_GROW, {**one, "floor": read_floor(connection)})
    change = Change(
        seq=read_last_seq(connection, tenant) + 1,
        kind=Kind.LEARNER,
        id=learner,
        type=ChangeType.PUT,
        revision=connection.execute(_REVISION, one).scalar_one(),
    )
    names = [column.name for column in changes.columns]
    row = dict(zip(names, change_row(tenant, change), strict=True))
    connection.execute(insert(changes), row)
    return change

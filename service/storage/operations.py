"""Operations: lines in, results out, and neither for longer than they are needed."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from service.domain.ids import TenantId
from service.domain.operation import LineResult, Operation, OperationState, SentLine
from service.storage.connections import Connections
from service.storage.operation_rows import (
    instant,
    operation_of,
    operation_row,
    refused_row,
    sent_row,
)
from service.storage.schema import operation_lines, operations

LOCK_FILE: Final = "operations.lock"
_OWNER_ALONE: Final = 0o600
_OPEN = (OperationState.WAITING.value, OperationState.RUNNING.value)
_OVER = (OperationState.DONE.value, OperationState.CANCELED.value)

_ONE = select(operations).where(
    operations.c.tenant == bindparam("of_tenant"), operations.c.id == bindparam("of_id")
)
_UNFINISHED = (
    select(operations)
    .where(operations.c.state.in_(_OPEN))
    .order_by(operations.c.created, operations.c.tenant, operations.c.id)
)
_WAITING = (
    select(func.count())
    .select_from(operations)
    .where(operations.c.tenant == bindparam("of_tenant"), operations.c.state.in_(_OPEN))
)
_OF_ONE = (
    operation_lines.c.tenant == bindparam("of_tenant"),
    operation_lines.c.operation == bindparam("of_id"),
)
_PENDING = (
    select(operation_lines.c.line, operation_lines.c.sent)
    .where(*_OF_ONE, operation_lines.c.sent.is_not(None))
    .order_by(operation_lines.c.line)
    .limit(bindparam("limit"))
)
_RESULTS = (
    select(operation_lines.c.line, operation_lines.c.result, operation_lines.c.is_failure)
    .where(*_OF_ONE, operation_lines.c.sent.is_(None), operation_lines.c.line > bindparam("after"))
    .order_by(operation_lines.c.line)
    .limit(bindparam("limit"))
)
_FAILURES = _RESULTS.where(operation_lines.c.is_failure)
_ADD = insert(operations)
_ADD_LINES = insert(operation_lines)
_NOTE = (
    update(operation_lines)
    # A line that was erased meanwhile has nothing to be sent any more, and gets no result.
    .where(*_OF_ONE, operation_lines.c.line == bindparam("of_line"))
    .where(operation_lines.c.sent.is_not(None))
    .values(sent=None, result=bindparam("result"), is_failure=bindparam("is_failure"))
)
_REMOVE_PENDING = delete(operation_lines).where(*_OF_ONE, operation_lines.c.sent.is_not(None))
_REMOVE = delete(operations).where(
    operations.c.tenant == bindparam("of_tenant"), operations.c.id == bindparam("of_id")
)
_REMOVE_LINES = delete(operation_lines).where(*_OF_ONE)
_OLD = select(operations.c.tenant, operations.c.id).where(
    or_(
        operations.c.ended < bindparam("before"),
        # Its sender went away, or the process ended, before all of it was here.
        (operations.c.state == OperationState.ARRIVING.value)
        & (operations.c.created < bindparam("before")),
    )
)


class SqliteOperations:
    """Keeps operations in the store's file."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Tell whether this process is the one that works on operations, for as long as it lasts.

        The lock is the system's: it goes with the process, however that ends.
        """
        path = self._connections.path.parent / LOCK_FILE
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ALONE)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(descriptor)

    def waiting(self, tenant: TenantId) -> int:
        """Return how many of a tenant's operations are not over."""
        with self._connections.reading() as connection:
            return int(connection.execute(_WAITING, {"of_tenant": tenant}).scalar_one())

    def add(self, operation: Operation) -> None:
        """Keep a new operation, whose lines follow."""
        with self._connections.writing() as connection:
            connection.execute(_ADD, operation_row(operation))

    def add_lines(
        self, operation: Operation, sent: Sequence[SentLine], refused: Sequence[LineResult]
    ) -> None:
        """Keep lines, and of those that cannot be read what is wrong with them."""
        rows = [sent_row(operation, each) for each in sent]
        rows += [refused_row(operation, each) for each in refused]
        if rows:
            with self._connections.writing() as connection:
                connection.execute(_ADD_LINES, rows)

    def find(self, tenant: TenantId, operation: str) -> Operation | None:
        """Return an operation, if there is one with this id."""
        with self._connections.reading() as connection:
            row = connection.execute(_ONE, _which(tenant, operation)).one_or_none()
        return None if row is None else operation_of(row._mapping)

    def unfinished(self) -> list[Operation]:
        """Return the operations of all tenants that are to be worked on, oldest first."""
        with self._connections.reading() as connection:
            return [operation_of(row._mapping) for row in connection.execute(_UNFINISHED)]

    def pending(self, operation: Operation, *, limit: int) -> list[SentLine]:
        """Return the next lines without a result."""
        which = {**_which(operation.owner.tenant, operation.id), "limit": limit}
        with self._connections.reading() as connection:
            return [SentLine(*row) for row in connection.execute(_PENDING, which)]

    def results(
        self, tenant: TenantId, operation: str, *, after: int, limit: int, failures: bool = False
    ) -> list[LineResult]:
        """Return results in the order of their lines; of failures alone if that is asked for."""
        which = {**_which(tenant, operation), "after": after, "limit": limit}
        with self._connections.reading() as connection:
            found = connection.execute(_FAILURES if failures else _RESULTS, which)
            return [LineResult(*row) for row in found]

    def note(self, operation: Operation, results: Sequence[LineResult]) -> bool:
        """Keep results, in place of what was sent; return whether the operation goes on.

        It does not if it was canceled or deleted; then nothing is kept.
        """
        which = _which(operation.owner.tenant, operation.id)
        with self._connections.writing() as connection:
            row = connection.execute(_ONE, which).one_or_none()
            if row is None or row.state not in _OPEN:
                return False
            if results:
                said = [
                    {**which, "of_line": each.number, "result": each.text}
                    | {"is_failure": each.is_failure}
                    for each in results
                ]
                connection.execute(_NOTE, said)
            failed = sum(each.is_failure for each in results)
            values = {
                "state": OperationState.RUNNING.value,
                "done": row.done + len(results),
                "failed": row.failed + failed,
            }
            connection.execute(_changing(which, values))
        return True

    def end(self, tenant: TenantId, operation: str, state: OperationState, at: datetime) -> None:
        """End an operation that is not over; what was sent and not done is forgotten."""
        which = _which(tenant, operation)
        with self._connections.writing(frees=True) as connection:
            row = connection.execute(_ONE, which).one_or_none()
            if row is None or row.state in _OVER:
                return
            connection.execute(_REMOVE_PENDING, which)
            done = row.total if state is OperationState.DONE else row.done
            values = {"state": state.value, "ended": instant(at), "done": done}
            connection.execute(_changing(which, values))

    def begin(self, operation: Operation, *, total: int, failed: int) -> None:
        """Let an operation be worked on: all of its lines are here."""
        which = _which(operation.owner.tenant, operation.id)
        values = {
            "state": OperationState.WAITING.value,
            "total": total,
            "done": failed,
            "failed": failed,
        }
        with self._connections.writing() as connection:
            connection.execute(_changing(which, values))

    def remove(self, tenant: TenantId, operation: str) -> None:
        """Remove an operation and all of its lines."""
        with self._connections.writing(frees=True) as connection:
            _remove(connection, tenant, operation)

    def forget(self, *, before: datetime) -> int:
        """Remove the operations that ended before a time; return how many there were."""
        with self._connections.reading() as connection:
            old = connection.execute(_OLD, {"before": instant(before)}).all()
        for tenant, operation in old:
            self.remove(tenant, operation)
        return len(old)


def erase_operation_lines(
    connection: Connection, tenant: TenantId, learners: Sequence[str]
) -> None:
    """Remove every line and result that names one of the learners, and operations of their own.

    In the transaction that is open. An id stands in JSON between quotes of one sort, and in the
    sentences of problems between those of the other.
    """
    for learner in learners:
        texts = (operation_lines.c.sent, operation_lines.c.result, operation_lines.c.ids)
        named = [
            func.instr(text, f"{quote}{learner}{quote}") > 0 for text in texts for quote in "\"'"
        ]
        connection.execute(
            update(operation_lines)
            .where(operation_lines.c.tenant == tenant, or_(*named))
            .values(sent=None, result=None, ids="[]", is_failure=True)
        )
        own = select(operations.c.id).where(
            operations.c.tenant == tenant,
            func.json_extract(operations.c.owner, "$.learner") == learner,
        )
        for operation in connection.execute(own).scalars().all():
            _remove(connection, tenant, operation)


def _remove(connection: Connection, tenant: TenantId, operation: str) -> None:
    connection.execute(_REMOVE_LINES, _which(tenant, operation))
    connection.execute(_REMOVE, _which(tenant, operation))


def _changing(which: dict[str, str], values: dict[str, Any]) -> Any:
    return (
        update(operations)
        .where(operations.c.tenant == which["of_tenant"], operations.c.id == which["of_id"])
        .values(values)
    )


def _which(tenant: TenantId, operation: str) -> dict[str, str]:
    return {"of_tenant": tenant, "of_id": operation}

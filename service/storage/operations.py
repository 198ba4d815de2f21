"""Operations: lines in, results out, and neither for longer than they are needed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select, tuple_, update

from service.domain.ids import TenantId
from service.domain.operation import (
    LineResult,
    MostOperations,
    Operation,
    OperationState,
    SentLine,
    bytes_of,
)
from service.errors import NotFound, TooManyOperations, TooMuchKept
from service.storage import operation_queries as queries
from service.storage.connections import Connections
from service.storage.operation_rows import (
    id_rows,
    instant,
    operation_of,
    operation_row,
    refused_row,
    sent_row,
)
from service.storage.process_lock import process_lock
from service.storage.schema import operation_line_ids, operation_lines, operations

LOCK_FILE: Final = "operations.lock"
_LEARNERS_AT_ONCE: Final = 500


class SqliteOperations:
    """Keeps operations in the store's file."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Tell whether this process is the one that works on operations, while the block lasts."""
        with process_lock(self._connections.path.parent / LOCK_FILE) as is_mine:
            yield is_mine

    def size(self, tenant: TenantId) -> int:
        """Return how many bytes are kept of a tenant's operations."""
        with self._connections.reading() as connection:
            return int(connection.execute(queries.SIZE, {"of_tenant": tenant}).scalar_one())

    def add(self, operation: Operation, size: int, most: MostOperations) -> None:
        """Keep a new operation, whose lines follow.

        Args:
            operation: which arrives.
            size: of all of its lines, in bytes.
            most: how much there may be of one tenant.

        Raises:
            TooManyOperations: if as many as may be are not over.
            TooMuchKept: if there are more bytes with it than may be kept.
        """
        of = {"of_tenant": operation.owner.tenant}
        with self._connections.writing() as connection:
            if connection.execute(queries.WAITING, of).scalar_one() >= most.waiting:
                raise TooManyOperations(most.waiting)
            if connection.execute(queries.SIZE, of).scalar_one() + size > most.bytes:
                raise TooMuchKept(most.bytes)
            connection.execute(queries.ADD, operation_row(operation, size=size))

    def add_lines(
        self, operation: Operation, sent: Sequence[SentLine], refused: Sequence[LineResult]
    ) -> None:
        """Keep lines, and of those that cannot be read what is wrong with them.

        Raises:
            NotFound: if the operation is gone, with the learner whose it was.
        """
        rows = [sent_row(operation, each) for each in sent]
        rows += [refused_row(operation, each) for each in refused]
        ids = [row for each in sent for row in id_rows(operation, each)]
        with self._connections.writing() as connection:
            _check_arriving(connection, operation)
            if rows:
                connection.execute(queries.ADD_LINES, rows)
            if ids:
                connection.execute(queries.ADD_IDS, ids)

    def find(self, tenant: TenantId, operation: str) -> Operation | None:
        """Return an operation, if there is one with this id."""
        with self._connections.reading() as connection:
            row = connection.execute(queries.ONE, _which(tenant, operation)).one_or_none()
        return None if row is None else operation_of(row._mapping)

    def unfinished(self) -> list[Operation]:
        """Return the operations of all tenants that are to be worked on, oldest first."""
        with self._connections.reading() as connection:
            return [operation_of(row._mapping) for row in connection.execute(queries.UNFINISHED)]

    def pending(self, operation: Operation, *, limit: int) -> list[SentLine]:
        """Return the next lines without a result."""
        which = {**_which(operation.owner.tenant, operation.id), "limit": limit}
        with self._connections.reading() as connection:
            return [SentLine(*row) for row in connection.execute(queries.PENDING, which)]

    def results(
        self, tenant: TenantId, operation: str, *, after: int, limit: int, failures: bool = False
    ) -> list[LineResult]:
        """Return results in the order of their lines; of failures alone if that is asked for."""
        which = {**_which(tenant, operation), "after": after, "limit": limit}
        with self._connections.reading() as connection:
            found = connection.execute(queries.FAILURES if failures else queries.RESULTS, which)
            return [LineResult(*row) for row in found]

    def note(self, operation: Operation, results: Sequence[LineResult]) -> bool:
        """Keep results, in place of what was sent; return whether the operation goes on.

        It does not if it was canceled or deleted; then nothing is kept.
        """
        which = _which(operation.owner.tenant, operation.id)
        with self._connections.writing() as connection:
            row = connection.execute(queries.ONE, which).one_or_none()
            if row is None or row.state not in queries.OPEN:
                return False
            size = row.size
            if results:
                size += _growth(connection, which, results)
                said = [
                    {**which, "of_line": each.number, "result": each.text}
                    | {"is_failure": each.is_failure}
                    for each in results
                ]
                connection.execute(queries.NOTE, said)
            failed = sum(each.is_failure for each in results)
            values = {
                "state": OperationState.RUNNING.value,
                "done": row.done + len(results),
                "failed": row.failed + failed,
                "size": size,
            }
            connection.execute(_changing(which, values))
        return True

    def end(self, tenant: TenantId, operation: str, state: OperationState, at: datetime) -> None:
        """End an operation that is not over; what was sent and not done is forgotten."""
        which = _which(tenant, operation)
        with self._connections.writing(frees=True) as connection:
            row = connection.execute(queries.ONE, which).one_or_none()
            if row is None or row.state in queries.OVER:
                return
            size = row.size - connection.execute(queries.PENDING_SIZE, which).scalar_one()
            connection.execute(queries.REMOVE_PENDING, which)
            done = row.total if state is OperationState.DONE else row.done
            values = {"state": state.value, "ended": instant(at), "done": done}
            values["size"] = max(0, size)
            connection.execute(_changing(which, values))

    def begin(self, operation: Operation, size: int) -> None:
        """Let an operation be worked on: all of its lines are here, with so many bytes.

        Raises:
            NotFound: if it is gone, with the learner whose it was.
        """
        which = _which(operation.owner.tenant, operation.id)
        values = {
            "state": operation.state.value,
            "size": size,
            "total": operation.total,
            "done": operation.done,
            "failed": operation.failed,
        }
        with self._connections.writing() as connection:
            _check_arriving(connection, operation)
            connection.execute(_changing(which, values))

    def remove(self, tenant: TenantId, operation: str) -> None:
        """Remove an operation and all of its lines."""
        with self._connections.writing(frees=True) as connection:
            _remove(connection, tenant, operation)

    def forget(self, *, before: datetime, arriving_before: datetime | None = None) -> int:
        """Remove the operations that ended before a time; return how many there were.

        Args:
            before: when they ended.
            arriving_before: when those came that can no longer be arriving; as ``before`` if none.
        """
        times = {"before": before, "arriving_before": arriving_before or before}
        with self._connections.reading() as connection:
            said = {name: instant(time) for name, time in times.items()}
            old = connection.execute(queries.OLD, said).all()
        for tenant, operation in old:
            self.remove(tenant, operation)
        return len(old)


def erase_operation_lines(
    connection: Connection, tenant: TenantId, learners: Sequence[str]
) -> None:
    """Empty every line that names one of the learners, and remove operations of their own.

    In the transaction that is open. What came of a line goes with it, whomever it names.
    """
    for start in range(0, len(learners), _LEARNERS_AT_ONCE):
        group = learners[start : start + _LEARNERS_AT_ONCE]
        of_them = (operation_line_ids.c.tenant == tenant, operation_line_ids.c.id.in_(group))
        named = select(operation_line_ids.c.operation, operation_line_ids.c.line).where(*of_them)
        connection.execute(
            update(operation_lines)
            .where(operation_lines.c.tenant == tenant)
            .where(tuple_(operation_lines.c.operation, operation_lines.c.line).in_(named))
            .values(sent=None, result=None, is_failure=True)
        )
        connection.execute(delete(operation_line_ids).where(*of_them))
        own = select(operations.c.id).where(
            operations.c.tenant == tenant, operations.c.learner.in_(group)
        )
        for operation in connection.execute(own).scalars().all():
            _remove(connection, tenant, operation)


def _check_arriving(connection: Connection, operation: Operation) -> None:
    which = _which(operation.owner.tenant, operation.id)
    row = connection.execute(queries.ONE, which).one_or_none()
    if row is None or row.state != OperationState.ARRIVING.value:
        raise NotFound("operation", operation.id)


def _growth(connection: Connection, which: dict[str, str], results: Sequence[LineResult]) -> int:
    """Return by how many bytes an operation grows when results take the place of lines."""
    lines = [each.number for each in results]
    found = connection.execute(queries.SIZES, {**which, "lines": lines})
    were: dict[int, int] = {line: size for line, size in found}  # noqa: C416  # rows are no pairs
    return sum(bytes_of(each) - were[each.number] for each in results if each.number in were)


def _remove(connection: Connection, tenant: TenantId, operation: str) -> None:
    connection.execute(queries.REMOVE_LINES, _which(tenant, operation))
    connection.execute(queries.REMOVE, _which(tenant, operation))


def _changing(which: dict[str, str], values: dict[str, Any]) -> Any:
    return (
        update(operations)
        .where(operations.c.tenant == which["of_tenant"], operations.c.id == which["of_id"])
        .values(values)
    )


def _which(tenant: TenantId, operation: str) -> dict[str, str]:
    return {"of_tenant": tenant, "of_id": operation}

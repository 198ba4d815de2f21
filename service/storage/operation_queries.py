"""What is asked of the tables of operations."""

from sqlalchemy import LargeBinary, bindparam, cast, delete, func, insert, or_, select, update

from service.domain.operation import OperationState
from service.storage.schema import operation_line_ids, operation_lines, operations

OPEN = (OperationState.WAITING.value, OperationState.RUNNING.value)
OVER = (OperationState.DONE.value, OperationState.CANCELED.value)

ONE = select(operations).where(
    operations.c.tenant == bindparam("of_tenant"), operations.c.id == bindparam("of_id")
)
UNFINISHED = (
    select(operations)
    .where(operations.c.state.in_(OPEN))
    .order_by(operations.c.created, operations.c.tenant, operations.c.id)
)
WAITING = (
    select(func.count())
    .select_from(operations)
    .where(operations.c.tenant == bindparam("of_tenant"), operations.c.state.not_in(OVER))
)
SIZE = select(func.coalesce(func.sum(operations.c.size), 0)).where(
    operations.c.tenant == bindparam("of_tenant")
)
OF_ONE = (
    operation_lines.c.tenant == bindparam("of_tenant"),
    operation_lines.c.operation == bindparam("of_id"),
)
PENDING = (
    select(operation_lines.c.line, operation_lines.c.sent)
    .where(*OF_ONE, operation_lines.c.sent.is_not(None))
    .order_by(operation_lines.c.line)
    .limit(bindparam("limit"))
)
BYTES_SENT = func.length(cast(operation_lines.c.sent, LargeBinary))
PENDING_SIZE = select(func.coalesce(func.sum(BYTES_SENT), 0)).where(*OF_ONE)
SIZES = select(operation_lines.c.line, BYTES_SENT).where(
    *OF_ONE,
    operation_lines.c.sent.is_not(None),
    operation_lines.c.line.in_(bindparam("lines", expanding=True)),
)
RESULTS = (
    select(operation_lines.c.line, operation_lines.c.result, operation_lines.c.is_failure)
    .where(*OF_ONE, operation_lines.c.sent.is_(None), operation_lines.c.line > bindparam("after"))
    .order_by(operation_lines.c.line)
    .limit(bindparam("limit"))
)
FAILURES = RESULTS.where(operation_lines.c.is_failure)
ADD = insert(operations)
ADD_LINES = insert(operation_lines)
ADD_IDS = insert(operation_line_ids)
NOTE = (
    update(operation_lines)
    # A line that was erased meanwhile has nothing to be sent any more, and gets no result.
    .where(*OF_ONE, operation_lines.c.line == bindparam("of_line"))
    .where(operation_lines.c.sent.is_not(None))
    .values(sent=None, result=bindparam("result"), is_failure=bindparam("is_failure"))
)
REMOVE_PENDING = delete(operation_lines).where(*OF_ONE, operation_lines.c.sent.is_not(None))
REMOVE = delete(operations).where(
    operations.c.tenant == bindparam("of_tenant"), operations.c.id == bindparam("of_id")
)
REMOVE_LINES = delete(operation_lines).where(*OF_ONE)
OLD = select(operations.c.tenant, operations.c.id).where(
    or_(
        operations.c.ended < bindparam("before"),
        # Its sender went away, or the process ended, before all of it was here.
        (operations.c.state == OperationState.ARRIVING.value)
        & (operations.c.created < bindparam("arriving_before")),
    )
)

"""Operations and their lines as rows, and rows as operations."""

from datetime import UTC, datetime
from typing import Any

from service.domain.ids import TenantId
from service.domain.operation import LineResult, Operation, OperationState, SentLine
from service.storage.principals import principal_of, principal_text


def sent_row(operation: Operation, line: SentLine) -> dict[str, object]:
    """Return the row of a line that is to be worked on."""
    return {
        **_of_line(operation, line.number),
        "sent": line.text,
        "result": None,
        "is_failure": False,
    }


def id_rows(operation: Operation, line: SentLine) -> list[dict[str, object]]:
    """Return a row for each id that a line names."""
    return [{**_of_line(operation, line.number), "id": each} for each in sorted(set(line.ids))]


def refused_row(operation: Operation, line: LineResult) -> dict[str, object]:
    """Return the row of a line that could not be read."""
    return {
        **_of_line(operation, line.number),
        "sent": None,
        "result": line.text,
        "is_failure": True,
    }


def _of_line(operation: Operation, number: int) -> dict[str, object]:
    return {"tenant": operation.owner.tenant, "operation": operation.id, "line": number}


def operation_row(operation: Operation, *, size: int) -> dict[str, object]:
    """Return the row of a new operation; ``size`` is in bytes."""
    owner = operation.owner
    return {
        "tenant": owner.tenant,
        "id": operation.id,
        "owner": principal_text(owner),
        "learner": owner.learner,
        "task": operation.task,
        "state": operation.state.value,
        "size": size,
        "total": operation.total,
        "done": operation.done,
        "failed": operation.failed,
        "created": instant(operation.created),
        "ended": None,
    }


def operation_of(row: Any) -> Operation:
    """Return the operation that was kept."""
    return Operation(
        id=row["id"],
        owner=principal_of(TenantId(row["tenant"]), row["owner"]),
        task=row["task"],
        state=OperationState(row["state"]),
        total=row["total"],
        done=row["done"],
        failed=row["failed"],
        created=datetime.fromisoformat(row["created"]),
        ended=datetime.fromisoformat(row["ended"]) if row["ended"] else None,
    )


def instant(at: datetime) -> str:
    """Return a time as it is kept."""
    # Of one length and one zone, so that texts are in the order of times.
    return at.astimezone(UTC).isoformat(timespec="microseconds")

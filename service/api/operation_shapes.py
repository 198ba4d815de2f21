"""What an operation looks like to whoever asked for it."""

import json
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from typing_extensions import TypedDict

from service.api.problems import document
from service.domain.operation import LineResult, Operation

_ERASED = "This line named a learner who was erased."


class OperationStatus(TypedDict):
    """An operation: how far it is, and the first lines that failed.

    `state` is `waiting`, `running`, `done` or `canceled`; `task` is the `operationId` of the route
    that was asked. `expires` is when it and its results are removed; null until it is over.
    """

    operation_id: str
    task: str
    state: str
    total: int
    done: int
    failed: int
    errors: list[dict[str, object]]
    created: str
    ended: str | None
    expires: str | None
    result: str


class OperationCounts(TypedDict):
    """How far an operation was when its results were read; `lines` of `total` have one."""

    state: str
    total: int
    lines: int
    failed: int


class OperationSummary(TypedDict):
    """The last line of an operation's results, by which a reader knows that nothing is missing."""

    summary: OperationCounts


def operation_json(
    operation: Operation, failures: Sequence[LineResult], *, kept: timedelta
) -> OperationStatus:
    """Return how far an operation is.

    Args:
        operation: the operation.
        failures: the first of its lines that failed.
        kept: for how long it is kept after its end.
    """
    ended = operation.ended
    return {
        "operation_id": operation.id,
        "task": operation.task,
        "state": operation.state.value,
        "total": operation.total,
        "done": operation.done,
        "failed": operation.failed,
        "errors": [line_json(each) for each in failures],
        "created": operation.created.isoformat(),
        "ended": ended.isoformat() if ended else None,
        "expires": (ended + kept).isoformat() if ended else None,
        "result": f"/v1/operations/{operation.id}/result",
    }


def line_json(result: LineResult) -> dict[str, Any]:
    """Return what became of a line; of one that named somebody who was erased, just that."""
    if result.text is not None:
        found: dict[str, Any] = json.loads(result.text)
        return found
    status = HTTPStatus.GONE
    return {"line": result.number, "status": status.value, "problem": document(status, _ERASED)}


def line_bytes(result: LineResult) -> bytes:
    """Return what became of a line as it is sent."""
    text = result.text
    if text is None:
        text = json.dumps(line_json(result))
    return text.encode() + b"\n"

"""Working on operations: a few lines of each in turn."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from service.access import Access, UnknownKey
from service.answers import Answers
from service.api.asking import Asking
from service.api.batches import BATCHES, Batch, tried_line
from service.api.bulk import Keeping, kept_lines
from service.api.errors import TRANSIENT
from service.api.lines import RawLine
from service.api.problems import problem_of
from service.api.resources import RESOURCES
from service.domain.access import Principal, PrincipalKind
from service.domain.operation import LineResult, Operation, OperationState
from service.domain.record import Kind
from service.errors import TooMuchKept
from service.intake import Intake
from service.intake.operations import Operations

_QUESTIONS_AT_ONCE: Final = 8
# Few enough to be done within the time that a stop has.
_RECORDS_AT_ONCE: Final = 64
# What fails so often in a row, and not by the store's doing, fails for ever.
_TRIES: Final = 5

logger = logging.getLogger(__name__)


class Working(NamedTuple):
    """What operations are worked on with."""

    answers: Answers
    intake: Intake
    operations: Operations
    access: Access


class _Task(NamedTuple):
    """What is done with the lines of an operation, so many at once."""

    at_once: int
    work: Callable[[Working, Principal, Sequence[RawLine]], Sequence[Mapping[str, Any]]]


def _answered(
    batch: Batch, working: Working, owner: Principal, lines: Sequence[RawLine]
) -> Sequence[Mapping[str, Any]]:
    asking = Asking(working.answers, owner)
    return [tried_line(line, batch, asking) for line in lines]


def _kept(
    kind: Kind, working: Working, owner: Principal, lines: Sequence[RawLine]
) -> Sequence[Mapping[str, Any]]:
    return kept_lines(lines, kind, Keeping(working.intake, owner.tenant))


_TASKS: Final[dict[str, _Task]] = {
    **{
        each.task: _Task(_QUESTIONS_AT_ONCE, partial(_answered, each))
        for each in BATCHES
        if each.may_wait
    },
    **{
        f"bulk_{each.plural}": _Task(_RECORDS_AT_ONCE, partial(_kept, each.kind))
        for each in RESOURCES
    },
}


def work_once(working: Working) -> bool:
    """Work on some lines of each operation in turn; return whether any of them went on."""
    # All of them have their turn, whatever becomes of those before.
    went_on = [_tried(operation, working) for operation in working.operations.unfinished()]
    return any(went_on)


def _tried(operation: Operation, working: Working) -> bool:
    """Work on some lines of an operation; return whether it went on, and end one that cannot."""
    try:
        _go_on(operation, working)
    except Exception as error:
        times = working.operations.trouble(operation)
        if times == 1:
            logger.warning("an operation cannot go on, and will be tried again", exc_info=True)
        if times >= _TRIES and not isinstance(error, TRANSIENT):
            logger.error("an operation is canceled: it could not go on %d times in a row", times)
            working.operations.end(operation, OperationState.CANCELED)
        return False
    return True


def _go_on(operation: Operation, working: Working) -> None:
    task = _TASKS.get(operation.task)
    if task is None or not _may_go_on(operation.owner, working.access):
        working.operations.end(operation, OperationState.CANCELED)
        return
    sent = working.operations.pending(operation, limit=task.at_once)
    if not sent:
        working.operations.end(operation, OperationState.DONE)
        return
    lines = [RawLine(each.number, each.text.encode(errors="backslashreplace")) for each in sent]
    found = _found(task, working, operation.owner, lines)
    working.operations.note(
        operation, [_result(line, each) for line, each in zip(lines, found, strict=True)]
    )


def _found(
    task: _Task, working: Working, owner: Principal, lines: Sequence[RawLine]
) -> Sequence[Mapping[str, Any]]:
    """Return what comes of the lines; that no more is kept where that is so, and nothing done."""
    if not working.operations.is_full(owner.tenant):
        return task.work(working, owner, lines)
    problem = problem_of(TooMuchKept(working.operations.most_bytes))
    return [
        {"line": line.number, "status": problem["status"], "problem": problem} for line in lines
    ]


def _may_go_on(owner: Principal, access: Access) -> bool:
    """Tell whether who asked may still ask: not with a key that was revoked meanwhile."""
    if owner.kind is not PrincipalKind.SECRET:
        return True
    try:
        return access.keyring.live(owner.id).principal == owner
    except UnknownKey:
        return False


def _result(line: RawLine, found: Mapping[str, Any]) -> LineResult:
    text = json.dumps(found, ensure_ascii=False).encode(errors="backslashreplace").decode()
    return LineResult(line.number, text, is_failure="problem" in found)

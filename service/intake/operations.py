"""Operations: lines are taken in at once, worked on afterwards, and kept for a while."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Final

from service.domain.access import Principal
from service.domain.operation import LineResult, Operation, OperationState, SentLine
from service.errors import NotFound, TooManyOperations
from service.matching.ports import Clock
from service.storage.operations import SqliteOperations

FAILURES_SHOWN: Final = 20
# So many lines are written in one transaction, so that others wait for none for long.
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How many operations there may be, and for how long their results are kept.

    Attributes:
        waiting: how many of a tenant's may wait or be worked on.
        kept: for how long after their end.
    """

    waiting: int = 20
    kept: timedelta = timedelta(hours=24)


class Operations:
    """Takes operations in, and tells their owners what became of them. Blocking.

    Nobody but who asked sees one: to all others it is not there.
    """

    def __init__(
        self,
        store: SqliteOperations,
        clock: Clock,
        new_id: Callable[[], str],
        keeping: Keeping | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id
        self._keeping = keeping or Keeping()

    @property
    def kept(self) -> timedelta:
        """For how long an operation is kept after its end."""
        return self._keeping.kept

    def take(
        self, owner: Principal, task: str, lines: Iterator[SentLine | LineResult]
    ) -> Operation:
        """Take the lines in; when this returns, all of them are durable.

        Args:
            owner: who asks.
            task: what is done with each line.
            lines: what was sent, and of what cannot be read what is wrong with it.

        Raises:
            TooManyOperations: if as many of the tenant as may be are not over.
        """
        if self._store.waiting(owner.tenant) >= self._keeping.waiting:
            raise TooManyOperations(self._keeping.waiting)
        operation = Operation(
            id=self._new_id(),
            owner=owner,
            task=task,
            state=OperationState.ARRIVING,
            total=0,
            done=0,
            failed=0,
            created=self._clock.now(),
        )
        self._store.add(operation)
        total = failed = 0
        while group := list(islice(lines, _AT_ONCE)):
            sent = [each for each in group if isinstance(each, SentLine)]
            refused = [each for each in group if isinstance(each, LineResult)]
            self._store.add_lines(operation, sent, refused)
            total, failed = total + len(group), failed + len(refused)
        self._store.begin(operation, total=total, failed=failed)
        return replace(
            operation, state=OperationState.WAITING, total=total, done=failed, failed=failed
        )

    def get(self, owner: Principal, operation: str) -> Operation:
        """Return an operation of one's own.

        Raises:
            NotFound: if there is none; just so if it is somebody else's.
        """
        found = self._store.find(owner.tenant, operation)
        if found is None or found.state is OperationState.ARRIVING:
            raise NotFound("operation", operation)
        if (found.owner.id, found.owner.learner) != (owner.id, owner.learner):
            raise NotFound("operation", operation)
        return found

    def failures(self, operation: Operation) -> list[LineResult]:
        """Return the first results that say what went wrong."""
        return self._store.results(
            operation.owner.tenant, operation.id, after=0, limit=FAILURES_SHOWN, failures=True
        )

    def results(self, operation: Operation, *, after: int, limit: int) -> list[LineResult]:
        """Return results in the order of their lines, from after a line on."""
        return self._store.results(operation.owner.tenant, operation.id, after=after, limit=limit)

    def cancel(self, owner: Principal, operation: str) -> Operation:
        """End an operation of one's own; what is done stays, what is not is forgotten.

        Raises:
            NotFound: if there is none.
        """
        found = self.get(owner, operation)
        self.end(found, OperationState.CANCELED)
        return self.get(owner, operation)

    def remove(self, owner: Principal, operation: str) -> None:
        """Remove an operation of one's own, and all results; it is canceled if it is not over.

        Raises:
            NotFound: if there is none.
        """
        found = self.get(owner, operation)
        self._store.remove(found.owner.tenant, found.id)

    def alone(self) -> AbstractContextManager[bool]:
        """Tell whether this process is the one that works, for as long as it lasts."""
        return self._store.alone()

    def unfinished(self) -> list[Operation]:
        """Return what is to be worked on, oldest first."""
        return self._store.unfinished()

    def pending(self, operation: Operation, *, limit: int) -> list[SentLine]:
        """Return the next lines without a result."""
        return self._store.pending(operation, limit=limit)

    def note(self, operation: Operation, results: Sequence[LineResult]) -> bool:
        """Keep results; return whether the operation goes on."""
        return self._store.note(operation, results)

    def end(self, operation: Operation, state: OperationState) -> None:
        """End an operation, if it is not over."""
        self._store.end(operation.owner.tenant, operation.id, state, self._clock.now())

    def forget(self) -> int:
        """Remove what ended long enough ago; return how many there were."""
        return self._store.forget(before=self._clock.now() - self._keeping.kept)

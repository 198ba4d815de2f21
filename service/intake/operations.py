"""Operations: lines are taken in at once, worked on afterwards, and kept for a while."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from service.domain.access import Principal
from service.domain.ids import TenantId
from service.domain.operation import (
    LineResult,
    MostOperations,
    Operation,
    OperationState,
    SentLine,
)
from service.errors import NotFound
from service.matching.ports import Clock
from service.storage.operations import SqliteOperations

FAILURES_SHOWN: Final = 20
# Its sender or its process is gone if an operation has not arrived by then.
_ARRIVAL: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How many operations there may be, and for how long their results are kept.

    Attributes:
        waiting: how many of a tenant's may arrive, wait or be worked on.
        kept: for how long after their end.
        bytes: how many of lines and results are kept of a tenant.
    """

    waiting: int = 20
    kept: timedelta = timedelta(hours=24)
    bytes: int = MostOperations().bytes


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
        self._troubles: Counter[str] = Counter()

    @property
    def kept(self) -> timedelta:
        """For how long an operation is kept after its end."""
        return self._keeping.kept

    def begin(self, owner: Principal, task: str, size: int) -> Operation:
        """Return a new operation; its lines follow, and then ``arrived`` or ``give_up``.

        Args:
            owner: who asks.
            task: what is done with each line.
            size: how many bytes its lines have.

        Raises:
            TooManyOperations: if as many of the tenant as may be are not over, or as much is kept
                as may be.
        """
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
        most = MostOperations(waiting=self._keeping.waiting, bytes=self._keeping.bytes)
        self._store.add(operation, size, most)
        return operation

    def add(self, operation: Operation, lines: Sequence[SentLine | LineResult]) -> None:
        """Keep lines of an operation that arrives: what was sent, or what is wrong with it.

        Raises:
            NotFound: if it is gone, with the learner whose it was.
        """
        sent = [each for each in lines if isinstance(each, SentLine)]
        refused = [each for each in lines if isinstance(each, LineResult)]
        self._store.add_lines(operation, sent, refused)

    def arrived(self, operation: Operation, *, failed: int, total: int, size: int) -> Operation:
        """Let an operation be worked on; when this returns, all of its lines are durable.

        Raises:
            NotFound: if it is gone, with the learner whose it was.
        """
        waiting = replace(
            operation, state=OperationState.WAITING, total=total, done=failed, failed=failed
        )
        self._store.begin(waiting, size)
        return waiting

    def give_up(self, operation: Operation) -> None:
        """Remove an operation whose lines do not arrive."""
        self._store.remove(operation.owner.tenant, operation.id)

    def is_full(self, tenant: TenantId) -> bool:
        """Tell whether no more results of a tenant are kept."""
        return self._store.size(tenant) >= self._keeping.bytes

    @property
    def most_bytes(self) -> int:
        """How many bytes of lines and results are kept of a tenant."""
        return self._keeping.bytes

    def get(self, owner: Principal, operation: str) -> Operation:
        """Return an operation of one's own.

        Raises:
            NotFound: if there is none; just so if it is somebody else's.
        """
        found = self._store.find(owner.tenant, operation)
        if found is None or found.state is OperationState.ARRIVING:
            raise NotFound("operation", operation)
        if _who(found.owner) != _who(owner):
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
        self._troubles.pop(operation.id, None)
        return self._store.note(operation, results)

    def trouble(self, operation: Operation) -> int:
        """Note that an operation could not go on; return how often that was so in a row."""
        self._troubles[operation.id] += 1
        return self._troubles[operation.id]

    def end(self, operation: Operation, state: OperationState) -> None:
        """End an operation, if it is not over."""
        self._troubles.pop(operation.id, None)
        self._store.end(operation.owner.tenant, operation.id, state, self._clock.now())

    def forget(self) -> int:
        """Remove what ended long enough ago; return how many there were."""
        now = self._clock.now()
        return self._store.forget(before=now - self._keeping.kept, arriving_before=now - _ARRIVAL)


def _who(principal: Principal) -> tuple[str, ...]:
    """Return what tells somebody from others, in whatever tenant."""
    return principal.kind, principal.id, principal.party or "", principal.learner or ""

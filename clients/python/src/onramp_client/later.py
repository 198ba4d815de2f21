"""Operations, lines that are worked on afterwards, for the client that waits."""

import time
from collections.abc import Callable, Iterator
from typing import Final

from onramp_client import operations as op
from onramp_client import types as t
from onramp_client.errors import TimedOut
from onramp_client.records import Sender

POLL_S: Final = 2.0
# The states in which nothing more comes.
OVER: Final = frozenset({"done", "canceled"})


class Operations:
    """What the caller asked to be worked on afterwards: ``batch_recommend_later`` and the like."""

    def __init__(self, sender: Sender, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sender = sender
        self._sleep = sleep

    def get(self, operation: str) -> t.OperationStatus:
        """Return how far an operation is."""
        return self._sender.send(op.get_operation(operation))

    def wait(
        self, operation: str, *, every_s: float = POLL_S, at_most_s: float | None = None
    ) -> t.OperationStatus:
        """Return an operation once it is over.

        Args:
            operation: its id.
            every_s: the seconds between two questions how far it is.
            at_most_s: the seconds to wait in all; none for as long as it takes.

        Raises:
            TimedOut: if it is not over by then; it goes on.
        """
        waited = 0.0
        while (found := self.get(operation))["state"] not in OVER:
            if at_most_s is not None and waited >= at_most_s:
                raise TimedOut(f"Operation {operation} is not over after {at_most_s:g} seconds.")
            self._sleep(every_s)
            waited += every_s
        return found

    def results(self, operation: str) -> Iterator[op.ResultLine]:
        """Yield the results that are there, in the order of the lines, then a summary."""
        return self._sender.stream(op.get_operation_result(operation))

    def cancel(self, operation: str) -> t.OperationStatus:
        """End an operation and return how far it was; results that are there stay."""
        return self._sender.send(op.cancel_operation(operation))

    def delete(self, operation: str) -> None:
        """Remove an operation with its results; it is canceled if need be."""
        self._sender.send(op.delete_operation(operation))

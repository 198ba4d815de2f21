"""Operations, lines that are worked on afterwards, for the client that is awaited."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from onramp_client import operations as op
from onramp_client import types as t
from onramp_client.async_records import AsyncSender
from onramp_client.errors import TimedOut
from onramp_client.later import OVER, POLL_S


class AsyncOperations:
    """What the caller asked to be worked on afterwards: ``batch_recommend_later`` and the like."""

    def __init__(
        self, sender: AsyncSender, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._sender = sender
        self._sleep = sleep

    async def get(self, operation: str) -> t.OperationStatus:
        """Return how far an operation is."""
        return await self._sender.send(op.get_operation(operation))

    async def wait(
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
        while (found := await self.get(operation))["state"] not in OVER:
            if at_most_s is not None and waited >= at_most_s:
                raise TimedOut(f"Operation {operation} is not over after {at_most_s:g} seconds.")
            await self._sleep(every_s)
            waited += every_s
        return found

    def results(self, operation: str) -> AsyncIterator[op.ResultLine]:
        """Yield the results that are there, in the order of the lines, then a summary."""
        return self._sender.stream(op.get_operation_result(operation))

    async def cancel(self, operation: str) -> t.OperationStatus:
        """End an operation and return how far it was; results that are there stay."""
        return await self._sender.send(op.cancel_operation(operation))

    async def delete(self, operation: str) -> None:
        """Remove an operation with its results; it is canceled if need be."""
        await self._sender.send(op.delete_operation(operation))

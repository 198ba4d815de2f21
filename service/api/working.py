"""Work that goes on to its end whether or not whoever asked stays, and its answer to them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final

from fastapi import Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from service.api.errors import NotReady, Overloaded
from service.errors import OnrampError

MOST: Final = 32
"""So many works go on at once in one process: who left has no place in a lane that others need."""
# At a stop, beyond what answers under way had: all in all it is less than ten seconds.
_END_S: Final = 1.0

logger = logging.getLogger(__name__)


class Works:
    """The works that go on in this process, apart from the requests that began them.

    Args:
        patience_s: how long those that go on are waited for at the end.
    """

    def __init__(self, *, patience_s: float = _END_S) -> None:
        self._patience_s = patience_s
        self._tasks: set[asyncio.Task[None]] = set()

    def check(self) -> None:
        """Do nothing if one more may begin.

        Raises:
            Overloaded: if too many go on already.
        """
        if len(self._tasks) >= MOST:
            raise Overloaded

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin a work, which tells itself what became of it."""
        task = asyncio.get_running_loop().create_task(work)
        # The loop alone would not keep it.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Wait a few seconds for the works that go on, and cut off those that take longer."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=self._patience_s)
        for task in late:
            task.cancel()
        if late:
            logger.warning("%d works were cut off at the end", len(late))
            await asyncio.wait(late)


class _Passed(StreamingResponse):
    """An answer that is made elsewhere, and says when it is sent or nobody takes it any more."""

    def __init__(
        self,
        made: StreamingResponse,
        parts: AsyncIterator[bytes],
        *,
        when_over: Callable[[], None],
    ) -> None:
        super().__init__(parts, status_code=made.status_code)
        self.raw_headers = made.raw_headers
        self._when_over = when_over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._when_over()


class Passing:
    """An answer on its way from the work that makes it to the request that sends it.

    Each part waits until the one before is taken; once the request has left, none waits.
    """

    def __init__(self) -> None:
        self._head: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._parts: asyncio.Queue[bytes | Exception | None] = asyncio.Queue(1)
        self._is_left = False

    async def response(self) -> Response:
        """Return the answer, or raise what kept it from being made."""
        try:
            return await asyncio.shield(self._head)
        except asyncio.CancelledError:
            self._leave()
            raise

    def give(self, response: Response) -> None:
        """Give the answer; the parts of one that streams are put one by one."""
        if isinstance(response, StreamingResponse):
            response = _Passed(response, self._taken(), when_over=self._leave)
        self._head.set_result(response)

    async def put(self, part: bytes) -> None:
        """Give the next part."""
        await self._put(part)

    async def end(self) -> None:
        """Say that there are no more parts."""
        await self._put(None)

    async def fail(self, error: Exception) -> None:
        """Say that there will be no answer, or no more of it."""
        if self._is_left and not isinstance(error, OnrampError):
            logger.error("what nobody waits for any more has failed", exc_info=error)
        elif self._head.done():
            await self._put(error)
        else:
            self._head.set_exception(error)

    def cut_off(self) -> None:
        """Say that the service stops before there is more of the answer."""
        if self._head.done():
            self._leave()
            self._parts.put_nowait(NotReady())
        else:
            self._head.set_exception(NotReady())

    async def _put(self, part: bytes | Exception | None) -> None:
        if not self._is_left:
            await self._parts.put(part)

    async def _taken(self) -> AsyncIterator[bytes]:
        while (part := await self._parts.get()) is not None:
            if isinstance(part, Exception):
                raise part
            yield part

    def _leave(self) -> None:
        self._is_left = True
        # Whoever waits to put a part goes on.
        while not self._parts.empty():
            self._parts.get_nowait()

"""The header Idempotency-Key: the same request sent twice is done once, and answered twice."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import IO, Annotated

from fastapi import Depends, Header, Request, Response
from fastapi.responses import StreamingResponse

from service.answers import Answers
from service.api.deps import AnswersDep, PrincipalDep, given
from service.api.errors import AnswerNotKept, KeyReused, StillInFlight
from service.domain.access import Principal
from service.domain.repeat import KeptAnswer, RepeatState
from service.errors import OnrampError
from service.intake.repeats import LEASE, MAX_KEPT, Asked, Repeats, asked_by

_HELD_EVERY_S = LEASE.total_seconds() / 3
_AT_ONCE = 1_000_000
# What belongs to an answer; the other headers belong to the moment.
_KEPT_HEADERS = ("content-type", "etag", "location")

Content = str | bytes | memoryview
Make = Callable[[], Awaitable[Response]]
KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="A name of your own for this request. Sent again within 24 hours, with the "
        "same body, it gets the same answer and nothing is done twice.",
    ),
]
RepeatsDep = Annotated[Repeats, Depends(given(lambda services: services.repeats))]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """Does what a request asks for once, where the request has a key, and always otherwise."""

    key: str | None
    about: str
    principal: Principal
    repeats: Repeats
    todo: Answers

    async def answer(self, body: bytes | IO[bytes], make: Make) -> Response:
        """Return the answer that is made, or the one that was made before.

        Raises:
            KeyReused: if the key belongs to another request.
            StillInFlight: if the same request is still worked on.
            AnswerNotKept: if the request was done, and its answer was too long to be kept.
        """
        if self.key is None:
            return await make()
        digest = await self.todo.run(_digest, body)
        asked = asked_by(self.principal, self.key, about=self.about, body=digest)
        begun = await self.todo.run(self.repeats.begin, asked)
        match begun.state:
            case RepeatState.DIFFERENT:
                raise KeyReused
            case RepeatState.IN_FLIGHT:
                raise StillInFlight
            case RepeatState.DONE:
                return _again(begun.answer)
            case RepeatState.NEW:
                return await self._first(asked, make)

    async def _first(self, asked: Asked, make: Make) -> Response:
        try:
            response = await make()
            if isinstance(response, StreamingResponse):
                response.body_iterator = self._kept(response, response.body_iterator, asked)
                return response
            await self.todo.run(self.repeats.finish, asked, _answer(response, response.body))
        except BaseException:
            self._let_go(asked)
            raise
        return response

    async def _kept(
        self, response: Response, parts_made: AsyncIterable[Content], asked: Asked
    ) -> AsyncIterator[bytes]:
        """Pass the answer on, and keep it before its end is told."""
        parts: list[bytes] = []
        size = 0
        try:
            async with self._held(asked):
                async for part in parts_made:
                    chunk = part.encode() if isinstance(part, str) else bytes(part)
                    size += len(chunk)
                    if size <= MAX_KEPT:
                        parts.append(chunk)
                    yield chunk
            answer = _answer(response, b"".join(parts)) if size <= MAX_KEPT else None
            await self.todo.run(self.repeats.finish, asked, answer)
        except BaseException:
            self._let_go(asked)
            raise

    @asynccontextmanager
    async def _held(self, asked: Asked) -> AsyncIterator[None]:
        async def hold() -> None:
            while True:
                await asyncio.sleep(_HELD_EVERY_S)
                with suppress(OnrampError):
                    await self.todo.run(self.repeats.hold, asked)

        task = asyncio.create_task(hold())
        try:
            yield
        finally:
            task.cancel()

    def _let_go(self, asked: Asked) -> None:
        # Nobody waits for it: whoever asked may be gone, and then nothing can be awaited here.
        def release() -> None:
            try:
                self.repeats.release(asked)
            except OnrampError:
                logger.warning("a key is held for a minute more", exc_info=True)

        asyncio.get_running_loop().run_in_executor(None, release)


async def _once(
    request: Request,
    principal: PrincipalDep,
    repeats: RepeatsDep,
    todo: AnswersDep,
    key: KeyHeader = None,
) -> Once:
    about = f"{request.method} {request.scope['path']}"
    return Once(key=key, about=about, principal=principal, repeats=repeats, todo=todo)


OnceDep = Annotated[Once, Depends(_once)]


def _answer(response: Response, body: bytes | memoryview) -> KeptAnswer:
    kept = [(name, value) for name, value in response.headers.items() if name in _KEPT_HEADERS]
    return KeptAnswer(status=response.status_code, headers=tuple(kept), body=bytes(body))


def _again(answer: KeptAnswer | None) -> Response:
    if answer is None:
        raise AnswerNotKept
    headers = {**dict(answer.headers), "Idempotent-Replayed": "true"}
    return Response(answer.body, status_code=answer.status, headers=headers)


def _digest(body: bytes | IO[bytes]) -> bytes:
    if isinstance(body, bytes):
        return hashlib.sha256(body).digest()
    found = hashlib.sha256()
    while part := body.read(_AT_ONCE):
        found.update(part)
    body.seek(0)
    return found.digest()

"""The header Idempotency-Key: the same request sent twice is done once, and answered twice."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import IO, Annotated

from fastapi import Depends, Header, Request, Response
from fastapi.responses import StreamingResponse

from service.answers import Answers
from service.api.deps import AnswersDep, PrincipalDep, Services, given
from service.api.errors import AnswerNotKept, KeyReused, Overloaded, StillInFlight, TooManyKeys
from service.api.working import Passing, Works
from service.domain.access import Principal
from service.domain.repeat import KeptAnswer, RepeatState
from service.errors import OnrampError
from service.intake.repeats import LEASE, MAX_KEPT, Asked, Asking, Repeats

_HELD_EVERY_S = LEASE.total_seconds() / 3
_FORGOTTEN_EVERY_S = 600.0
_AT_ONCE = 1_000_000
# What belongs to an answer; the other headers belong to the moment.
_KEPT_HEADERS = ("content-type", "etag", "location", "preference-applied")

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
    works: Works

    async def answer(self, body: bytes | IO[bytes], make: Make) -> Response:
        """Return the answer that is made, or the one that was made before.

        With a key it is made to its end, whether or not the client stays: a retry would else do
        again what was done. An answer that no cache may keep is not kept here either.

        Args:
            body: what the request says; a file is closed in the end.
            make: does what is asked for.

        Raises:
            KeyReused: if the key belongs to another request.
            StillInFlight: if the same request is still worked on.
            AnswerNotKept: if the request was done, and its answer could not be kept.
            TooManyKeys: if this sender has more keys than are kept of one.
            Overloaded: if too many requests with keys are worked on.
        """
        if self.key is None:
            return await make()
        try:
            self.works.check()
        except Overloaded:
            _close(body)
            raise
        passing = Passing()
        self.works.begin(self._work(self.key, body, make, passing))
        return await passing.response()

    async def _work(self, key: str, body: bytes | IO[bytes], make: Make, passing: Passing) -> None:
        try:
            asked = await self.todo.run(self._asked, key, body)
            begun = await self.todo.run(self.repeats.begin, asked)
            match begun.state:
                case RepeatState.DIFFERENT:
                    raise KeyReused
                case RepeatState.IN_FLIGHT:
                    raise StillInFlight
                case RepeatState.TOO_MANY:
                    raise TooManyKeys
                case RepeatState.DONE:
                    passing.give(_again(begun.answer))
                case RepeatState.NEW:
                    async with self._held(asked):
                        await self._first(asked, make, passing)
        except asyncio.CancelledError:
            passing.cut_off()
            raise
        except Exception as error:
            await passing.fail(error)
        finally:
            _close(body)

    async def _first(self, asked: Asked, make: Make, passing: Passing) -> None:
        try:
            response = await make()
        except Exception:
            # Nothing was kept. Of a work that is cut off that is not known: its key stays held.
            await self._let_go(asked)
            raise
        if isinstance(response, StreamingResponse):
            await self._stream(asked, response, passing)
        else:
            await self._finish(asked, _answer(response, response.body))
            passing.give(response)

    async def _stream(self, asked: Asked, response: StreamingResponse, passing: Passing) -> None:
        """Pass the answer on part by part, and keep it before its end is told."""
        made, parts, size = response.body_iterator, list[bytes](), 0
        passing.give(response)
        try:
            async for part in made:
                chunk = part.encode() if isinstance(part, str) else bytes(part)
                size += len(chunk)
                if size <= MAX_KEPT:
                    parts.append(chunk)
                await passing.put(chunk)
        except Exception:
            # Some of it may be done: nobody does it again under this key.
            await self._finish(asked, None)
            raise
        await self._finish(asked, _answer(response, b"".join(parts)) if size <= MAX_KEPT else None)
        await passing.end()

    async def _finish(self, asked: Asked, answer: KeptAnswer | None) -> None:
        try:
            await self.todo.run(self.repeats.finish, asked, answer)
        except OnrampError:
            # What was asked for is done, and the answer says so.
            logger.warning("an answer was not kept for a repeat", exc_info=True)

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

    async def _let_go(self, asked: Asked) -> None:
        try:
            await self.todo.run(self.repeats.release, asked)
        except OnrampError:
            logger.warning("a key is held for a minute more", exc_info=True)

    def _asked(self, key: str, body: bytes | IO[bytes]) -> Asked:
        asking = Asking(principal=self.principal, about=self.about, key=key)
        return self.repeats.asked(asking, _digest(body))


@asynccontextmanager
async def forgetting(services: Services) -> AsyncIterator[None]:
    """Remove every ten minutes, while something is served, what is older than a day."""

    async def forget() -> None:
        while True:
            await asyncio.sleep(_FORGOTTEN_EVERY_S)
            try:
                await services.answers.run(services.repeats.forget)
            except OnrampError:
                logger.warning("what is older than a day is not removed yet", exc_info=True)

    task = asyncio.create_task(forget())
    try:
        yield
    finally:
        task.cancel()


async def _once(
    request: Request,
    principal: PrincipalDep,
    repeats: RepeatsDep,
    todo: AnswersDep,
    key: KeyHeader = None,
) -> Once:
    return Once(
        key=key,
        about=f"{request.method} {request.scope['path']}",
        principal=principal,
        repeats=repeats,
        todo=todo,
        works=request.app.state.works,
    )


OnceDep = Annotated[Once, Depends(_once)]


def _answer(response: Response, body: bytes | memoryview) -> KeptAnswer | None:
    if "no-store" in response.headers.get("cache-control", ""):
        return None
    kept = [(name, value) for name, value in response.headers.items() if name in _KEPT_HEADERS]
    return KeptAnswer(status=response.status_code, headers=tuple(kept), body=bytes(body))


def _again(answer: KeptAnswer | None) -> Response:
    if answer is None:
        raise AnswerNotKept
    headers = {**dict(answer.headers), "Idempotent-Replayed": "true"}
    return Response(answer.body, status_code=answer.status, headers=headers)


def _close(body: bytes | IO[bytes]) -> None:
    if not isinstance(body, bytes):
        body.close()


def _digest(body: bytes | IO[bytes]) -> bytes:
    if isinstance(body, bytes):
        return hashlib.sha256(body).digest()
    found = hashlib.sha256()
    while part := body.read(_AT_ONCE):
        found.update(part)
    body.seek(0)
    return found.digest()

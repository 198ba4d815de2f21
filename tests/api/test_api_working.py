"""Work goes on though its request leaves, and an answer is passed on part by part."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from service.api.errors import NotReady, Overloaded
from service.api.working import MOST, Passing, Works

SCOPE: Any = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}}


async def never() -> AsyncIterator[bytes]:
    """Yield nothing; the parts of these answers are put one by one."""
    parts: tuple[bytes, ...] = ()
    for part in parts:
        yield part


async def receive() -> Any:
    await asyncio.Event().wait()


async def passed(passing: Passing, done: list[int], *, parts: int) -> None:
    """Give an answer of so many parts, and note each that was taken."""
    passing.give(StreamingResponse(never(), status_code=201, headers={"X-Said": "yes"}))
    for number in range(parts):
        await passing.put(b"%d" % number)
        done.append(number)
    await passing.end()


def test_an_answer_is_passed_on_as_it_was_made() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def ask() -> None:
        works, passing = Works(), Passing()
        works.begin(passed(passing, [], parts=3))
        response = await passing.response()
        await response(SCOPE, receive, send)
        await works.end()

    asyncio.run(ask())

    start, *bodies = sent
    assert (start["status"], dict(start["headers"])[b"x-said"]) == (201, b"yes")
    assert b"".join(each["body"] for each in bodies) == b"012"


@pytest.mark.parametrize("lost_at", ["http.response.start", "http.response.body"])
def test_a_work_goes_on_to_its_end_wherever_its_connection_is_lost(lost_at: str) -> None:
    done: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == lost_at:
            raise OSError

    async def ask() -> None:
        works, passing = Works(), Passing()
        works.begin(passed(passing, done, parts=5))
        response = await passing.response()
        with pytest.raises(ClientDisconnect):
            await response(SCOPE, receive, send)
        await works.end()

    asyncio.run(ask())

    assert done == [0, 1, 2, 3, 4]


def test_a_work_goes_on_though_its_request_is_given_up_before_there_is_an_answer() -> None:
    done: list[int] = []

    async def ask() -> None:
        works, passing, may_go_on = Works(), Passing(), asyncio.Event()

        async def work() -> None:
            await may_go_on.wait()
            await passed(passing, done, parts=5)

        works.begin(work())
        request = asyncio.create_task(passing.response())
        await asyncio.sleep(0)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        may_go_on.set()
        await works.end()

    asyncio.run(ask())

    assert done == [0, 1, 2, 3, 4]


def test_at_the_end_a_work_that_takes_too_long_is_cut_off_and_says_so() -> None:
    async def ask() -> None:
        works, passing = Works(patience_s=0.0), Passing()

        async def work() -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                passing.cut_off()
                raise

        works.begin(work())
        request = asyncio.create_task(passing.response())
        await asyncio.sleep(0)
        await works.end()
        with pytest.raises(NotReady):
            await request

    asyncio.run(ask())


def test_more_works_than_may_go_on_at_once_are_refused() -> None:
    async def ask() -> None:
        works, may_go_on = Works(), asyncio.Event()

        async def work() -> None:
            await may_go_on.wait()

        for _ in range(MOST):
            works.check()
            works.begin(work())
        with pytest.raises(Overloaded):
            works.check()
        may_go_on.set()
        await works.end()
        works.check()

    asyncio.run(ask())

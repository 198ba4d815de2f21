"""The place that a request has while it is worked on, and gives up to wait for something else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Protocol

from starlette.types import Scope

VISIT: Final = "visit"


class Visit(Protocol):
    """A request's way through admission."""

    def step_aside(self) -> bool:
        """Leave the place, and tell whether there was one."""
        ...

    async def enter(self) -> None:
        """Take a place.

        Raises:
            Overloaded: if there is none.
        """
        ...


@asynccontextmanager
async def aside(scope: Scope) -> AsyncIterator[None]:
    """Give a request's place to others for as long as the block waits for something else.

    Raises:
        Overloaded: if there is no place afterwards.
    """
    visit: Visit | None = scope.get("state", {}).get(VISIT)
    had_place = visit is not None and visit.step_aside()
    yield
    if visit is not None and had_place:
        await visit.enter()

"""Lanes: so many places, and a short line behind them."""

import asyncio
from collections import deque

from service.api.errors import Overloaded

# How much the last stay counts in what one usually takes.
_LATEST = 0.2


class Lane:
    """So many places, and a line of so many who wait for one, each for so long at most.

    Belongs to one event loop. First come, first served; who would wait too long, as far as the last
    stays tell, is refused on arrival: for more than ``sure`` of that. With a half, hardly anyone
    waits in vain when what is being worked on takes longer than the last did.
    """

    def __init__(self, *, places: int, queue: int, wait_s: float, sure: float = 1.0) -> None:
        self._places = places
        self._free = places
        self._queue = queue
        self._wait_s = wait_s
        self._expected_at_most_s = sure * wait_s
        self._stay_s = 0.0
        self._line: deque[asyncio.Event] = deque()

    @property
    def is_full(self) -> bool:
        """Whether whoever comes now is refused."""
        if self._free:
            return False
        waiting = len(self._line)
        return waiting >= self._queue or self._expected_s(waiting + 1) > self._expected_at_most_s

    async def enter(self) -> None:
        """Take a place, at once or after those who came before.

        Raises:
            Overloaded: if the line is full or too slow, or no place became free in time.
        """
        if self._free:
            self._free -= 1
            return
        if self.is_full:
            raise Overloaded
        turn = asyncio.Event()
        self._line.append(turn)
        try:
            async with asyncio.timeout(self._wait_s):
                await turn.wait()
        except BaseException as error:
            self._give_up(turn)
            if isinstance(error, TimeoutError):
                raise Overloaded from None
            raise

    def leave(self, *, stayed_s: float | None = None) -> None:
        """Give the place to whoever is first in line; remember how long it was taken."""
        if stayed_s is not None:
            self._stay_s += _LATEST * (stayed_s - self._stay_s)
        if self._line:
            self._line.popleft().set()
        else:
            self._free += 1

    def _expected_s(self, waiting: int) -> float:
        return self._stay_s * waiting / max(1, self._places)

    def _give_up(self, turn: asyncio.Event) -> None:
        if turn in self._line:
            self._line.remove(turn)
        else:
            # The place came in the same moment.
            self.leave()

"""A clock that a test turns."""

from datetime import datetime, timedelta

from tests.builders.worlds import NOW


class TurnedClock:
    """Shows noon of 24 November 2026, and later whatever it is turned to."""

    def __init__(self) -> None:
        self._now = NOW

    def now(self) -> datetime:
        return self._now

    def turn(self, by: timedelta) -> None:
        self._now += by

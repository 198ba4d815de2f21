"""When to ask again, and after how long: arithmetic alone, the waiting is the clients'."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_ASK_AGAIN: Final = frozenset({429, 503})
_CONFLICT: Final = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often to ask again, and how long to wait in between.

    Only for calls that may be repeated: those that change nothing, those that say the same
    when said twice, and those that have an ``Idempotency-Key``.

    Attributes:
        attempts: how often to ask in all; 1 for once.
        first_s: the longest first wait; each further one may be twice as long. Which part of it
            is waited is left to chance, so that clients do not come back all at once.
        longest_s: no wait is longer, but for what the server asks for.
        patience_s: a server that asks for a longer wait than this is not asked again.
        chance: a number in [0, 1).
    """

    attempts: int = 4
    first_s: float = 0.25
    longest_s: float = 8.0
    patience_s: float = 60.0
    chance: Callable[[], float] = random.random

    def wait_after(
        self, attempt: int, *, status: int | None = None, retry_after: float | None = None
    ) -> float | None:
        """Return the seconds to wait before the call is repeated; none if it is not to be.

        Args:
            attempt: how often was asked, from 1.
            status: what the server answered; none if no answer came.
            retry_after: the seconds that the server asked for.
        """
        # The same request is still worked on, and its answer is there soon.
        is_in_flight = status == _CONFLICT and retry_after is not None
        is_hopeless = status is not None and status not in _ASK_AGAIN and not is_in_flight
        if attempt >= self.attempts or is_hopeless:
            return None
        asked = retry_after or 0.0
        if asked > self.patience_s:
            return None
        longest = min(self.longest_s, self.first_s * 2.0 ** (attempt - 1))
        return asked + self.chance() * longest


NO_RETRY: Final = Retry(attempts=1)


def retry_after_of(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of ``Retry-After``, which may also be a date; none if it says nothing."""
    said = headers.get("retry-after")
    if said is None:
        return None
    if said.isdigit():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until.tzinfo else None

"""What can be wrong with a request before the product reads it.

* OnrampError
  - MalformedBody: the body is not JSON
  - WrongMediaType: the body is not declared as what it has to be
  - CompressedBody: the body is compressed
  - BodyTooLarge: the body is longer than is read
  - TooManyLines: the body has more lines than are worked on afterwards
  - BodyTooSlow: the body did not come in in time
  - UnknownHost: the service does not go by the name that was asked for
  - TooManyRequests: one key or address asks more often than it may
  - Overloaded: more requests have come than can be worked on
  - InvalidBody: the body is JSON, but not what is asked for
  - KeyReused, StillInFlight, AnswerNotKept: a request with this Idempotency-Key came before
  - NotReady: the service is starting or stopping
  - Unauthenticated: nobody known calls
  - Forbidden: whoever calls may not do this
  - Misdirected: the demo is asked by another name than this machine's own
"""

from collections.abc import Sequence
from typing import Final

from service.domain.access import Principal, Scope
from service.errors import OnrampError, StoreProblem
from service.intake import Problem


class MalformedBody(OnrampError):
    """The body is not JSON, or is JSON that programs read in different ways."""


class WrongMediaType(OnrampError):
    """The body is not declared as what it has to be."""

    def __init__(self, found: str, expected: Sequence[str]) -> None:
        wanted = " or ".join(expected)
        given = f"{found[:80]!r}" if found else "missing"
        super().__init__(f"The header Content-Type is {given}; send the body as {wanted}.")


class CompressedBody(OnrampError):
    """The body is compressed: a few bytes could stand for gigabytes."""

    def __init__(self, coding: str) -> None:
        super().__init__(
            f"The header Content-Encoding is {coding[:80]!r}; send the body as it is, "
            "without compression."
        )


class BodyTooLarge(OnrampError):
    """The body is longer than is read; ``limit`` is in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The body is longer than {limit:,} bytes; send less, or send records to the bulk "
            "route in several requests."
        )
        self.limit = limit


class TooManyLines(OnrampError):
    """The body has more lines than are worked on afterwards at once."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The body has more than {limit:,} lines, blank ones too, and no more are worked on "
            "afterwards at once; nothing was kept. Send them in several requests."
        )


class BodyTooSlow(OnrampError):
    """The body did not come in in time."""

    def __init__(self, body_s: float) -> None:
        super().__init__(f"The body did not come in within {body_s:g} seconds; send it again.")


class UnknownHost(OnrampError):
    """The service does not go by the name that was asked for."""

    def __init__(self) -> None:
        super().__init__(
            "The service does not go by the name in the header Host; whoever runs it adds names "
            "with ONRAMP_HOSTS."
        )


class TooManyRequests(OnrampError):
    """One key or address asks more often than it may: ``limit`` times a minute."""

    def __init__(self, limit: int, reset_s: int, *, what: str = "requests") -> None:
        super().__init__(
            f"More than {limit:,} {what} a minute; go on in {reset_s} seconds (Retry-After)."
        )
        self.reset_s = reset_s

    @property
    def headers(self) -> dict[str, str]:
        """When to ask again."""
        return {"Retry-After": str(self.reset_s)}


class Overloaded(OnrampError):
    """More requests have come than can be worked on; whoever comes later is served."""

    def __init__(self) -> None:
        super().__init__("The service is busy; send it again in a second.")


class InvalidBody(OnrampError):
    """The body is JSON, but not what is asked for; ``problems`` has every fault."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(summary(problems))
        self.problems = tuple(problems)


class KeyReused(OnrampError):
    """The Idempotency-Key belongs to another request."""

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key came with another request before; give each its own."
        )


class StillInFlight(OnrampError):
    """The same request is still worked on."""

    def __init__(self) -> None:
        super().__init__("The same request is still worked on; ask again in a moment.")


class AnswerNotKept(OnrampError):
    """The request was done, and its answer could not be kept."""

    def __init__(self) -> None:
        super().__init__(
            "This request was done, and nothing is done again, but its answer is not kept: it was "
            "too long, holds a secret, or broke off. Look up how things stand; to have it done "
            "once more, send it with another key."
        )


class TooManyKeys(OnrampError):
    """One sender has used more keys in a day than are kept of one."""

    def __init__(self) -> None:
        super().__init__(
            "More keys came from this sender within 24 hours than are kept; nothing of this "
            "request was done. Send it without Idempotency-Key, or later."
        )


class NotReady(OnrampError):
    """The service is starting or stopping."""

    def __init__(self) -> None:
        super().__init__("The service is starting or stopping; ask again in a moment.")


TRANSIENT: Final = (StoreProblem, Overloaded, NotReady)
"""What says nothing of what was asked: the same may be done when it is tried again."""


class Unauthenticated(OnrampError):
    """Nobody known calls.

    Attributes:
        was_tried: whether a key or token came with the request.
    """

    def __init__(self, reason: str = "", *, was_tried: bool = False) -> None:
        how = "Send a key as `Authorization: Bearer sk_…`; `onramp keys create` makes one."
        super().__init__(reason or f"This needs a key. {how}")
        self.was_tried = was_tried


class Forbidden(OnrampError):
    """Whoever calls may not do this; ``missing`` is the scope that it needs, if that is why."""

    def __init__(self, reason: str, *, missing: Scope | None = None) -> None:
        super().__init__(reason)
        self.missing = missing

    @classmethod
    def of(cls, principal: Principal, missing: Scope) -> "Forbidden":
        """Return what is said to somebody who lacks a scope."""
        has = ", ".join(sorted(principal.scopes)) or "none"
        reason = f"This needs the scope {missing}; {principal.id} has {has}."
        return cls(reason, missing=missing)

    @classmethod
    def to_others(cls, principal: Principal) -> "Forbidden":
        """Return what is said to somebody who acts for no employer, of what is for employers."""
        return cls(f"{principal.id} acts for no employer; this is for those who do.")


class Misdirected(OnrampError):
    """The demo is asked by another name than this machine's own."""

    def __init__(self) -> None:
        super().__init__(
            "The demo answers without a key, so it answers on this machine alone: use "
            "http://127.0.0.1 or http://localhost with its port."
        )


def summary(problems: Sequence[Problem]) -> str:
    """Return the faults as one sentence."""
    if len(problems) > 1:
        return f"There are {len(problems)} faults; `errors` lists them."
    return "".join(
        f"{each.field}: {each.reason}" if each.path else each.reason for each in problems
    )

"""What can be wrong with a request before the product reads it.

* OnrampError
  - MalformedBody: the body is not JSON
  - WrongMediaType: the body is not declared as what it has to be
  - BodyTooLarge: the body is longer than is read
  - InvalidBody: the body is JSON, but not what is asked for
  - NotReady: the service is starting or stopping
"""

from collections.abc import Sequence

from service.errors import OnrampError
from service.intake import Problem


class MalformedBody(OnrampError):
    """The body is not JSON, or is JSON that programs read in different ways."""


class WrongMediaType(OnrampError):
    """The body is not declared as what it has to be."""

    def __init__(self, found: str, expected: Sequence[str]) -> None:
        wanted = " or ".join(expected)
        given = f"{found[:80]!r}" if found else "missing"
        super().__init__(f"The header Content-Type is {given}; send the body as {wanted}.")


class BodyTooLarge(OnrampError):
    """The body is longer than is read; ``limit`` is in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The body is longer than {limit:,} bytes; send less, or send records to the bulk "
            "route in several requests."
        )
        self.limit = limit


class InvalidBody(OnrampError):
    """The body is JSON, but not what is asked for; ``problems`` has every fault."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(summary(problems))
        self.problems = tuple(problems)


class NotReady(OnrampError):
    """The service is starting or stopping."""

    def __init__(self) -> None:
        super().__init__("The service is starting or stopping; ask again in a moment.")


def summary(problems: Sequence[Problem]) -> str:
    """Return the faults as one sentence."""
    if len(problems) > 1:
        return f"There are {len(problems)} faults; `errors` lists them."
    return "".join(
        f"{each.field}: {each.reason}" if each.path else each.reason for each in problems
    )

"""Changing: who keeps what was made of something can tell whether it has changed since."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Changes(Protocol):
    """What counts when a change begins and when it ends: the count is odd in between."""

    changes: int


C = TypeVar("C", bound=Changes)


def changing(method: Callable[Concatenate[C, P], R]) -> Callable[Concatenate[C, P], R]:
    """Have a method count when it begins and when it ends, also by an error."""

    @wraps(method)
    def counted(self: C, /, *args: P.args, **kwargs: P.kwargs) -> R:
        self.changes += 1
        try:
            return method(self, *args, **kwargs)
        finally:
            self.changes += 1

    return counted


def are_settled(*changes: int) -> bool:
    """Tell whether nothing is being changed of what has these counts."""
    return not any(each % 2 for each in changes)

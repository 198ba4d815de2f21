"""Which request is being answered, so that every line and every problem can name it."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Self

# No dot, at sign or blank: an id is copied into logs, and must not be able to say who somebody is.
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_TRACE_PARENT = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(slots=True, kw_only=True)
class RequestNote:
    """What is known of a request beside what it says.

    Attributes:
        id: the caller's own ``X-Request-Id`` if it is well-formed, else one that was made.
        trace_id: the trace of which it is a part (W3C Trace Context), if the caller says so.
        problem: the code of the problem that it was answered with, or else its title.
    """

    id: str
    trace_id: str | None = None
    problem: str | None = None

    @classmethod
    def of(cls, headers: Mapping[bytes, bytes], *, new_id: Callable[[], str]) -> Self:
        """Return the note of a request with these headers; their names are in small letters."""
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        parent = _TRACE_PARENT.fullmatch(headers.get(b"traceparent", b"").decode("latin-1"))
        return cls(
            id=given if _ID.fullmatch(given) else new_id(),
            trace_id=parent[1] if parent else None,
        )


# Nobody passes a request to where something is logged; the context is what goes along.
_current: ContextVar[RequestNote | None] = ContextVar("request", default=None)


def current_request() -> RequestNote | None:
    """Return the note of the request that is being answered here, if one is."""
    return _current.get()


@contextmanager
def during(note: RequestNote) -> Iterator[None]:
    """Let the note be that of the request that is being answered."""
    token = _current.set(note)
    try:
        yield
    finally:
        _current.reset(token)

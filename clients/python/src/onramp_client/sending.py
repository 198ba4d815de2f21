"""What both clients share around the wire: whom they ask, as whom, and what failures mean."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import httpx2

from onramp_client.calls import Call
from onramp_client.errors import ConnectionFailed, TimedOut
from onramp_client.retrying import Retry, retry_after_of

TIMEOUT_S: Final = 30.0
"""Seconds to connect, and between two pieces of an answer; lists of many take a while."""
_VERSION: Final = "onramp-client/0.1.0"
# These say that the request was wrong, and stays wrong.
_HOPELESS: Final = (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError)


class Failure(NamedTuple):
    """No answer came: ``error`` is what the caller is told, ``may_pass`` if it may be over soon."""

    error: ConnectionFailed
    may_pass: bool


def headers_of(key: str | None) -> dict[str, str]:
    """Return what each request says of who asks."""
    found = {"User-Agent": _VERSION}
    if key is not None:
        found["Authorization"] = f"Bearer {key}"
    return found


def failure_of(error: httpx2.TransportError, base_url: str) -> Failure:
    """Return what it means that no answer came."""
    kind = TimedOut if isinstance(error, httpx2.TimeoutException) else ConnectionFailed
    said = f"No answer from {base_url}: {str(error) or type(error).__name__}."
    return Failure(kind(said), not isinstance(error, _HOPELESS))


def wait_after_failure(retry: Retry, call: Call[object], attempt: int, failure: Failure) -> float:
    """Return the seconds to wait before asking again.

    Raises:
        ConnectionFailed: if it is not to be asked again.
    """
    wait = retry.wait_after(attempt) if call.may_repeat and failure.may_pass else None
    if wait is None:
        raise failure.error
    return wait


def wait_after_answer(
    retry: Retry, call: Call[object], attempt: int, status: int, headers: Mapping[str, str]
) -> float | None:
    """Return the seconds to wait before asking again; none if this answer counts."""
    if not call.may_repeat:
        return None
    return retry.wait_after(attempt, status=status, retry_after=retry_after_of(headers))

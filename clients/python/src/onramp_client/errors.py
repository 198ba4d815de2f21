"""Every error of this client.

* OnrampClientError
  - ConnectionFailed: no answer came
    + TimedOut: it did not come in time
  - InvalidAnswer: what came is none of this API
  - Problem: the server said what is wrong (RFC 9457)
    + BadRequest 400, Unauthorized 401, Forbidden 403, NotFound 404, InvalidRequest 422
    + TooManyRequests 429
    + ServerFault 500 and above
      * Unavailable 503, StorageFull 507
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from onramp_client.retrying import retry_after_of


class OnrampClientError(Exception):
    """Anything that keeps an answer away."""


class ConnectionFailed(OnrampClientError):
    """No answer came: the server cannot be reached, or the connection broke."""


class TimedOut(ConnectionFailed):
    """No answer came in time, or an operation was not over in time."""


class InvalidAnswer(OnrampClientError):
    """What came is no answer of this API: the address may be another service's."""


class Fault(NamedTuple):
    """One thing that is wrong: ``pointer`` is a JSON Pointer into the body."""

    pointer: str
    detail: str


class Problem(OnrampClientError):
    """The server said what is wrong.

    Attributes:
        status: the HTTP status.
        title: what kind of problem it is.
        detail: what is wrong, and what to do.
        errors: one entry for each fault of the request.
        code: tells problems of one status apart, such as ``storage_full``.
        request_id: finds the request in the server's log.
        retry_after: the seconds after which to ask again, if the server said so.
    """

    def __init__(
        self, status: int, document: Mapping[str, Any], headers: Mapping[str, str]
    ) -> None:
        self.status = status
        self.title = str(document.get("title", ""))
        self.detail = str(document.get("detail", ""))
        faults = document.get("errors") or ()
        self.errors = tuple(Fault(each["pointer"], each["detail"]) for each in faults)
        self.code: str | None = document.get("code")
        self.request_id: str | None = document.get("request_id") or headers.get("x-request-id")
        self.retry_after = retry_after_of(headers)
        super().__init__(self._says())

    def _says(self) -> str:
        faults = "".join(f" {fault.pointer}: {fault.detail}" for fault in self.errors)
        named = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.status} {self.title}: {self.detail}{faults}{named}"


class BadRequest(Problem):
    """400: the body is no JSON, or JSON that programs read in different ways."""


class Unauthorized(Problem):
    """401: there is no key, or none that is known."""


class Forbidden(Problem):
    """403: the key may not do this."""


class NotFound(Problem):
    """404: there is no such record, or nothing at this path."""


class InvalidRequest(Problem):
    """422: the body or a parameter breaks a rule; ``errors`` says where."""


class TooManyRequests(Problem):
    """429: more was asked than is allowed in a while."""


class ServerFault(Problem):
    """500 and above: something went wrong there; the server's log has it."""


class Unavailable(ServerFault):
    """503: the server starts, stops, is overloaded, or cannot use its store now."""


class StorageFull(ServerFault):
    """507: the server's disk is full, and nothing of this was kept."""


_KINDS: Final[dict[int, type[Problem]]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    422: InvalidRequest,
    429: TooManyRequests,
    503: Unavailable,
    507: StorageFull,
}
_FIRST_FAULT: Final = 500


def problem_of(status: int, document: Mapping[str, Any], headers: Mapping[str, str]) -> Problem:
    """Return the error that a problem document means; names of headers are in small letters."""
    general = ServerFault if status >= _FIRST_FAULT else Problem
    return _KINDS.get(status, general)(status, document, headers)

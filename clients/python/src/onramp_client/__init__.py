"""A client of Onramp: which microcredential next, who is qualified, and the records behind both.

``Client`` waits for its answers, ``AsyncClient`` is awaited; both have the same methods.
"""

from onramp_client import types
from onramp_client.async_client import AsyncClient
from onramp_client.calls import Call
from onramp_client.client import Client
from onramp_client.errors import (
    BadRequest,
    ConnectionFailed,
    Fault,
    Forbidden,
    InvalidAnswer,
    InvalidRequest,
    NotFound,
    OnrampClientError,
    Problem,
    ServerFault,
    StorageFull,
    TimedOut,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)
from onramp_client.retrying import NO_RETRY, Retry

__all__ = [
    "NO_RETRY",
    "AsyncClient",
    "BadRequest",
    "Call",
    "Client",
    "ConnectionFailed",
    "Fault",
    "Forbidden",
    "InvalidAnswer",
    "InvalidRequest",
    "NotFound",
    "OnrampClientError",
    "Problem",
    "Retry",
    "ServerFault",
    "StorageFull",
    "TimedOut",
    "TooManyRequests",
    "Unauthorized",
    "Unavailable",
    "types",
]

"""What OpenAPI says of the headers that tell when it is worth asking again."""

from http import HTTPStatus
from typing import Any

Json = dict[str, Any]


def _seconds(says: str) -> Json:
    return {"schema": {"type": "integer", "minimum": 0}, "description": says}


HEADERS: Json = {
    "Retry-After": _seconds("Seconds after which it is worth asking again."),
    "RateLimit-Limit": _seconds("Requests in a minute."),
    "RateLimit-Remaining": _seconds("Requests left in this minute."),
    "RateLimit-Reset": _seconds("Seconds until the minute is over."),
}
WITH_HEADERS: dict[HTTPStatus, Json] = {
    status: {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    for status, names in (
        (HTTPStatus.TOO_MANY_REQUESTS, tuple(HEADERS)),
        (HTTPStatus.SERVICE_UNAVAILABLE, ("Retry-After",)),
    )
}

"""Bodies in: bytes to checked values, in one place and by one set of rules."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from service.api.errors import CompressedBody, InvalidBody, MalformedBody, WrongMediaType
from service.errors import InvalidRecord
from service.intake import QUESTION, Most, Problem, parse_json, problems_of, text_faults

JSON = ("application/json",)
NDJSON = ("application/x-ndjson", "application/jsonl")
INLINE_TAG = "<inline>"
STORED_TAG = "<stored>"
"""By these pydantic tells the forms of one field apart; they are no part of what was sent."""

# So much is read in a moment; what is longer is read where it keeps nobody waiting.
_SHORT = 16_000

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


def require_media_type(request: Request, expected: Sequence[str]) -> None:
    """Refuse a body that is not declared as one of the media types, or is compressed.

    A browser sends what it declares as JSON to another site only if that site agrees, so this
    also keeps foreign pages from writing to a server on the reader's own machine.

    Raises:
        WrongMediaType: if it is not.
        CompressedBody: if it is compressed.
    """
    coding = request.headers.get("content-encoding", "").strip().lower()
    if coding not in ("", "identity"):
        raise CompressedBody(coding)
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in expected:
        raise WrongMediaType(given, expected)


def decode(body: bytes) -> str:
    """Return the body as text.

    Raises:
        MalformedBody: if it is not UTF-8.
    """
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedBody(f"The body is not UTF-8: see byte {error.start}.") from None


async def read_as(request: Request, judge: Callable[[Any], T], *, most: Most) -> T:
    """Return what is made of the JSON value that was sent; a long one is judged on the executor.

    Raises:
        WrongMediaType: if it is not declared as JSON.
        CompressedBody: if it is compressed.
        MalformedBody: if it is not JSON, or has numbers, keys or depths that are out of bounds.
        InvalidBody: if a string is too long or has characters that no field may hold.
    """
    require_media_type(request, JSON)
    body = await request.body()
    if len(body) <= _SHORT:
        return judge(_value(body, most))
    run = request.app.state.services.answers.run
    judged: T = await run(lambda: judge(_value(body, most)))
    return judged


def _value(body: bytes, most: Most) -> Any:
    text = decode(body)
    if not text.strip():
        raise MalformedBody("The body is empty; send a JSON object.")
    try:
        value = parse_json(text, most=most)
    except InvalidRecord as error:
        raise MalformedBody(f"The body {error.reason}") from None
    if faults := text_faults(text, value):
        raise InvalidBody([Problem(*each) for each in faults])
    return value


def checked(model: type[M], data: object) -> M:
    """Return the data as a value of the model.

    Raises:
        InvalidBody: if they are not; it has every fault.
    """
    if not isinstance(data, dict):
        raise InvalidBody([Problem((), "The body is not a JSON object.")])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = [_untagged(details) for details in error.errors(include_url=False)]
        raise InvalidBody(problems_of(found, model)) from None


def body_of(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """Return the dependency that reads the request's body, a question, as a value of the model."""

    async def read(request: Request) -> M:
        return await read_as(request, lambda value: checked(model, value), most=QUESTION)

    return read


def _untagged(details: ErrorDetails) -> ErrorDetails:
    path = details["loc"]
    # The last part of an unknown key's path is the caller's own, whatever it looks like.
    own = len(path) - 1 if details["type"] == "extra_forbidden" else None
    tags = {INLINE_TAG, STORED_TAG}
    kept = tuple(part for at, part in enumerate(path) if at == own or part not in tags)
    return {**details, "loc": kept}

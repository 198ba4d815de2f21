"""Answers as bytes: what is long is written by pydantic's core, where it holds up no other."""

import json
from functools import cache
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import TypeAdapter
from pydantic_core import SchemaSerializer
from pydantic_core.core_schema import CoreConfig


class LongAnswer(JSONResponse):
    """An answer of tens of kilobytes; make it on the executor, not on the event loop.

    The same values as by any other answer, in a fifth of the time; a number may be spelled
    otherwise (``1e-7`` and not ``1e-07``, ``3.0`` and not ``3`` where it need not be whole).

    Args:
        content: the answer.
        described: the type that it is of; what that does not name is not written.
    """

    def __init__(self, content: Any, described: type) -> None:
        self._written_by = _serializer(described)
        super().__init__(content)

    def render(self, content: Any) -> bytes:
        """Return the answer as JSON (UTF-8).

        Raises:
            ValueError: if a number in it is not finite, or a text has half a character.
        """
        body = self._written_by.to_json(content)
        # The core writes them as these words, which are no JSON; a text may say them, too.
        if b"NaN" in body or b"Infinity" in body:
            text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            return text.encode()
        return body


@cache
def _serializer(described: type) -> SchemaSerializer:
    # Without this it would write numbers that are not finite as null.
    finite = CoreConfig(ser_json_inf_nan="constants")
    return SchemaSerializer(TypeAdapter(described).core_schema, finite)

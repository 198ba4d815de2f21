"""If-Match and If-None-Match: reading what is new alone, and changing what one has seen alone."""

import hashlib
import re
from http import HTTPStatus
from typing import Annotated, Final, NamedTuple

from fastapi import Depends, Header, Request, Response

from service.api.deps import PrincipalDep
from service.api.errors import InvalidBody
from service.domain.ids import TenantId
from service.domain.precondition import Precondition, Revisions
from service.intake import Problem

_DIGITS: Final = 16
_TAG = re.compile(rf'(W/)?"([0-9]{{1,18}})-([0-9a-f]{{{_DIGITS}}})"', re.ASCII)
# Who may keep an answer has to ask each time whether it still holds.
REVALIDATED = "private, no-cache"
# By these somebody is known; another one may not be given what the first one was.
VARIES = "Authorization, Cookie"

# A star, or tags in quotes with commas between.
_LISTED = r"^\s*(\*|(W/)?\x22[\x21\x23-\x7e]*\x22(\s*,\s*(W/)?\x22[\x21\x23-\x7e]*\x22)*)\s*$"
_LIST = re.compile(_LISTED, re.ASCII)
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=_LISTED,
        description="The change is made only if the record has one of these `ETag`s; `*`: any.",
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        pattern=_LISTED,
        description="`*`: the record is made only if there is none.",
    ),
]
IfChanged = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        pattern=_LISTED,
        description="`ETag`s that are known: 304 without a body if the record has one of them.",
    ),
]


class Tags(NamedTuple):
    """The entity tags of one path in one tenant: those of another say nothing here."""

    tenant: TenantId
    path: str

    def of(self, revision: int) -> str:
        """Return a revision as an entity tag."""
        return f'"{revision}-{self._digest(revision)}"'

    def revisions(self, tags: str | None, *, weak: bool) -> Revisions | None:
        """Return the revisions that tags name; one that is none of these names none."""
        if tags is None:
            return None
        if tags.strip() == "*":
            return Revisions(any=True)
        found = ((int(number), digest) for w, number, digest in _TAG.findall(tags) if weak or not w)
        return Revisions(
            numbers=frozenset(each for each, digest in found if digest == self._digest(each))
        )

    def _digest(self, revision: int) -> str:
        # Of who may ask for all of this already; it only has to differ.
        text = f"{self.tenant}\0{self.path}\0{revision}"
        return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


class Known(NamedTuple):
    """What the client has of a record, if it says so."""

    tags: Tags
    revisions: Revisions | None

    def unless(self, revision: int, response: Response) -> Response:
        """Return the response with its tag, or 304 if the client has it already."""
        response.headers["ETag"] = self.tags.of(revision)
        response.headers["Cache-Control"] = REVALIDATED
        response.headers["Vary"] = VARIES
        if self.revisions is None or not self.revisions.has(revision):
            return response
        kept = {name: response.headers[name] for name in ("ETag", "Cache-Control", "Vary")}
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)


async def _tags(request: Request, principal: PrincipalDep) -> Tags:
    return Tags(principal.tenant, request.scope["path"])


TagsDep = Annotated[Tags, Depends(_tags)]


class Replacing(NamedTuple):
    """On what condition a record may be replaced, and the tags that it has."""

    tags: Tags
    condition: Precondition


async def _replacing(
    request: Request, tags: TagsDep, if_match: IfMatch = None, if_none_match: IfNoneMatch = None
) -> Replacing:
    condition = Precondition(
        match=tags.revisions(_all(request, "If-Match", if_match), weak=False),
        none_match=tags.revisions(_all(request, "If-None-Match", if_none_match), weak=True),
    )
    return Replacing(tags, condition)


async def _match_alone(request: Request, tags: TagsDep, if_match: IfMatch = None) -> Precondition:
    return Precondition(match=tags.revisions(_all(request, "If-Match", if_match), weak=False))


async def _known(request: Request, tags: TagsDep, if_none_match: IfChanged = None) -> Known:
    sent = _all(request, "If-None-Match", if_none_match)
    return Known(tags, tags.revisions(sent, weak=True))


ReplacingDep = Annotated[Replacing, Depends(_replacing)]
MatchDep = Annotated[Precondition, Depends(_match_alone)]
KnownDep = Annotated[Known, Depends(_known)]


def _all(request: Request, name: str, first: str | None) -> str | None:
    """Return what a header says that may come on several lines (RFC 9110, 5.3).

    Raises:
        InvalidBody: if it is no list of tags; FastAPI has looked at the first line alone.
    """
    if first is None:
        return None
    said = ", ".join(request.headers.getlist(name))
    if _LIST.fullmatch(said) is None:
        reason = "is no `*` and no list of entity tags in quotes, also on several lines."
        raise InvalidBody([Problem(("header", name), reason)])
    return said

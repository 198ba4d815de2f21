"""If-Match and If-None-Match: reading what is new alone, and changing what one has seen alone."""

import re
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Response

from service.domain.precondition import Precondition, Revisions

_TAG = re.compile(r'(W/)?"([0-9]{1,18})"', re.ASCII)
# Who may keep an answer has to ask each time whether it still holds.
REVALIDATED = "private, no-cache"

# A star, or tags in quotes with commas between.
_LISTED = r"^\s*(\*|(W/)?\x22[\x21\x23-\x7e]*\x22(\s*,\s*(W/)?\x22[\x21\x23-\x7e]*\x22)*)\s*$"
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


def etag_of(revision: int) -> str:
    """Return a revision as an entity tag."""
    return f'"{revision}"'


async def _precondition(
    if_match: IfMatch = None, if_none_match: IfNoneMatch = None
) -> Precondition:
    return Precondition(
        match=_revisions(if_match, weak=False),
        none_match=_revisions(if_none_match, weak=True),
    )


async def _match_alone(if_match: IfMatch = None) -> Precondition:
    return Precondition(match=_revisions(if_match, weak=False))


async def _known(if_none_match: IfChanged = None) -> Revisions | None:
    return _revisions(if_none_match, weak=True)


PreconditionDep = Annotated[Precondition, Depends(_precondition)]
MatchDep = Annotated[Precondition, Depends(_match_alone)]
KnownDep = Annotated[Revisions | None, Depends(_known)]


def unless_known(known: Revisions | None, revision: int, response: Response) -> Response:
    """Return the response with its tag, or 304 if the client has it already."""
    response.headers["ETag"] = etag_of(revision)
    response.headers["Cache-Control"] = REVALIDATED
    if known is None or not known.has(revision):
        return response
    kept = {name: response.headers[name] for name in ("ETag", "Cache-Control")}
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)


def _revisions(tags: str | None, *, weak: bool) -> Revisions | None:
    """Return the revisions that tags name; one that is none of ours names none."""
    if tags is None:
        return None
    if tags.strip() == "*":
        return Revisions(any=True)
    found = _TAG.findall(tags)
    return Revisions(numbers=frozenset(int(number) for w, number in found if weak or not w))

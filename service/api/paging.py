"""Pages of what is listed by ascending id: where one begins, how long it is, what follows."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query

MAX_PAGE = 1000

T = TypeVar("T")

After = Annotated[
    str,
    Query(
        pattern=r"^[A-Za-z0-9._:-]{0,128}$",
        description="The id after which the page begins; `next` of the page before.",
    ),
]
PageLimit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="At most so many records.")]


def paged(
    found: Sequence[T], limit: int, *, id_of: Callable[[T], str]
) -> tuple[Sequence[T], str | None]:
    """Return what a page shows, and the id after which the next one begins; none if it is the last.

    Args:
        found: one more than the page shows, if there are so many.
        limit: how many it shows at most.
        id_of: tells the id of one of them.
    """
    shown = found[:limit]
    return shown, id_of(shown[-1]) if len(found) > limit else None

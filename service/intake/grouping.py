"""Groups: how many records are derived and committed together."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from service.domain.record import Record, kind_of

T = TypeVar("T")

GROUP = 256


def groups(items: Iterable[T]) -> Iterator[list[T]]:
    """Cut what comes into lists of 256."""
    iterator = iter(items)
    while group := list(islice(iterator, GROUP)):
        yield group


def parts(group: Sequence[Record]) -> Iterator[list[Record]]:
    """Cut where a record comes again, and where another kind begins.

    A credential is linked by the skills that came before it, so these have to be in the
    vocabulary first.
    """
    part: list[Record] = []
    seen: set[str] = set()
    for record in group:
        if part and (record.id in seen or kind_of(record) is not kind_of(part[-1])):
            yield part
            part, seen = [], set()
        part.append(record)
        seen.add(record.id)
    yield part

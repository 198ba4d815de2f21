"""Room: of how many tenants the indexes are in memory, and how much of it they may take."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from service.domain.ids import TenantId
from service.domain.record import Kind

# Measured with what ships, and over a million records; a vector alone is 1.5 KB.
_KB_PER_RECORD: Final = {
    Kind.SKILL: 5.0,
    Kind.OCCUPATION: 8.0,
    Kind.CREDENTIAL: 4.0,
    Kind.JOB: 5.0,
    Kind.LEARNER: 5.0,
}
_KB_PER_MB: Final = 1000.0


def megabytes_of(counts: Mapping[Kind, int]) -> float:
    """Return about how many megabytes the indexes over so many records of each kind take."""
    return sum(_KB_PER_RECORD[kind] * count for kind, count in counts.items()) / _KB_PER_MB


class Size(NamedTuple):
    """A tenant, and about how many megabytes its indexes take."""

    tenant: TenantId
    megabytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many tenants may have their indexes in memory beside the tenant ``default``.

    Attributes:
        most: so many.
        megabytes: so much memory, as ``megabytes_of`` tells; one has room whatever it takes.
    """

    most: int = 64
    megabytes: float = 2_000.0

    def holds(self, sizes: Iterable[Size]) -> bool:
        """Tell whether all of these have room."""
        taken = [each.megabytes for each in sizes]
        return len(taken) <= min(1, self.most) or (
            len(taken) <= self.most and sum(taken) <= self.megabytes
        )

    def excess(self, sizes: Iterable[Size]) -> Iterator[TenantId]:
        """Yield those that have to go, so that the others have room.

        Args:
            sizes: those that are there; the first goes first, and the last one stays.
        """
        there = list(sizes)
        while len(there) > 1 and not self.holds(there):
            yield there.pop(0).tenant

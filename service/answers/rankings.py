"""Rankings that were made before: a list goes by the gap alone, and many learners have the same.

Whoever begins in a line of work and has nothing of it to show yet lacks the same as all others who
do. What is listed for them is worked out once for as long as no credential and no skill changes.
"""

from collections.abc import Callable, Iterator
from threading import Lock
from typing import NamedTuple
from weakref import WeakKeyDictionary

from service.domain.ids import CredentialId
from service.indexing.changing import are_settled
from service.indexing.latest import Latest, digest_of
from service.indexing.tenant import Tenant
from service.matching.ranking import Ranking, Wanted
from service.matching.scoring import Floats

# So many lists are kept, some 4 KB each, of those that are no longer than this.
KEPT, LONGEST = 4_096, 100


class State(NamedTuple):
    """What a list depends on beside what is wanted; another one while something changes."""

    credentials: int
    skills: int
    swaps: int

    @classmethod
    def of(cls, tenant: Tenant) -> "State":
        """Return the state of a tenant now."""
        view = tenant.view
        credentials = view.credentials
        return cls(credentials.changes, view.skills.changes, credentials.index_swaps)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being changed."""
        return are_settled(self.credentials, self.skills)


class Basis(NamedTuple):
    """What a list is made from, beside the state of its tenant.

    Attributes:
        wanted: what is wanted, nothing pinned. What the goal is about by topics need not be in it
            yet, since that goes by the goal and by what is held.
        held: the credentials that the learner holds.
        demand: float32 ``(r,)``: how much the jobs ask for each requirement; none without jobs.
    """

    wanted: Wanted
    held: frozenset[CredentialId]
    demand: Floats | None


class Rankings:
    """The lists that were wanted last, by what was wanted. Any thread may use it.

    What was wanted is known by a digest, so that nothing of a learner stays here.
    """

    def __init__(self, *, kept: int = KEPT) -> None:
        self._most = kept
        self._by_tenant: WeakKeyDictionary[Tenant, _Lists] = WeakKeyDictionary()
        self._lock = Lock()

    def ranked(
        self,
        tenant: Tenant,
        basis: Basis,
        rank: Callable[[], Ranking],
        *,
        state: State,
    ) -> Ranking:
        """Return the list that is wanted: one that was made before, or what ``rank`` makes.

        Args:
            tenant: whose credentials.
            basis: what the list is made from.
            rank: makes it, by nothing else.
            state: the tenant's from before anything was read for what is wanted.
        """
        if not state.is_settled or State.of(tenant) != state:
            return rank()
        key = digest_of(*_parts(basis))
        with self._lock:
            lists = self._by_tenant.get(tenant)
            if lists is None or lists.state != state:
                lists = self._by_tenant[tenant] = _Lists(state, Latest(self._most))
            known = lists.made.get(key)
        if known is not None:
            return known
        made = rank()
        if len(made.ranked) + len(made.apart) <= LONGEST and State.of(tenant) == state:
            with self._lock:
                lists.made.put(key, made)
        return made


class _Lists(NamedTuple):
    state: State
    made: Latest[bytes, Ranking]


def _parts(basis: Basis) -> Iterator[bytes]:
    """Yield all that a list goes by."""
    wanted, demand = basis.wanted, basis.demand
    gap, objective = wanted.gap, wanted.objective
    reading = gap.gap.reading
    yield wanted.aim.tobytes()
    yield gap.need.tobytes()
    yield objective.need.tobytes()
    yield b"" if demand is None else demand.tobytes()
    plain = (
        gap.asked.skills,
        (reading.goal is None, reading.goal and reading.goal.text),
        reading.described_as,
        reading.occupations,
        (objective.mode, objective.direct, objective.taught_from),
        (objective.level, objective.level_other),
        wanted.conditions,
        sorted(wanted.refused),
        sorted(basis.held),
        wanted.weights,
        (wanted.limit, wanted.threshold, wanted.include_unknown),
        (wanted.relax, wanted.diversify, wanted.currency),
        demand is None,
    )
    yield repr(plain).encode("utf-8", "surrogatepass")

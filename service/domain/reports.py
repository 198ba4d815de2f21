"""What whoever runs a catalog wants to know of it: what is in it, what it covers, what it gave."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.answer import Gap
from service.domain.ids import CredentialId, SkillId
from service.domain.record import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedGap:
    """What a learner's goal asks for, as it is and as it would be with one credential."""

    credential: CredentialId
    name: str
    before: Gap
    after: Gap
    labels: Mapping[SkillId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillSupply:
    """A skill that open jobs ask for, and how many credentials on offer teach it."""

    skill: SkillId
    label: str
    jobs: int
    credentials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogReport:
    """What a catalog holds, and what of the jobs' demand it covers.

    Attributes:
        kinds: how many credentials there are of each kind; ``unknown`` where none is stated.
        statuses: the same by status.
        providers: how many different providers there are.
        jobs: how many open jobs ask for something.
        share_taught: the share of the demand of open jobs, by weight, that a credential on offer
            teaches, in [0, 1]; none if no job asks for anything.
        skills: those that most jobs ask for, most first, ties by id.
    """

    kinds: Mapping[str, int]
    statuses: Mapping[str, int]
    providers: int
    jobs: int
    share_taught: float | None
    skills: tuple[SkillSupply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """The indexes of one tenant in this process.

    Attributes:
        counts: how many records of each kind they hold.
        kinds: how vectors are searched, for the kinds of record that grow: exact or quantized.
        sequence: the newest row of the change log that they have.
        store_sequence: the newest that the store has.
        generations: the snapshots on the disk, newest first.
    """

    counts: Mapping[Kind, int]
    kinds: Mapping[Kind, str]
    sequence: int
    store_sequence: int
    generations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentScores:
    """The scores of what was answered last, each in [0, 100], newest answers first.

    Attributes:
        decisions: how many of the answers looked at were of these two kinds.
    """

    decisions: int
    recommended: tuple[float, ...]
    candidates: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLatency:
    """How long requests of one route took, in seconds, as this process's histogram tells.

    Attributes:
        half: half of them took at most so long.
        most: nineteen of twenty took at most so long.
    """

    route: str
    method: str
    count: int
    half: float
    most: float

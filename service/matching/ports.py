"""What matching, intake and answers need from outside.

Whoever implements a port must pass its suite in ``tests/contracts``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from service.domain.condition import Condition
from service.domain.ids import CredentialId, OccupationId, SkillId, TenantId
from service.domain.record import Change, DerivedRecord, Kind, StoredRecord
from service.domain.skill import Skill, SkillLink
from service.domain.verdict import SkillVerdict

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Text in, unit vectors out."""

    @property
    def dim(self) -> int:
        """The number of dimensions of a vector."""
        ...

    @property
    def model_version(self) -> str:
        """The model's name and version, as answers carry it."""
        ...

    @property
    def model_hash(self) -> str:
        """SHA-256 (hex) that changes whenever the vectors would."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the texts' vectors: float32 of shape ``(len(texts), dim)``, unit length."""
        ...


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the current time, with its time zone."""
        ...


class MetaKey(StrEnum):
    """Facts that the store keeps about a tenant's data."""

    MODEL_HASH = "model_hash"
    TAXONOMY_VERSIONS = "taxonomy_versions"


class RecordKey(NamedTuple):
    """What names a record within a tenant."""

    kind: Kind
    id: str


class Fingerprint(NamedTuple):
    """What tells whether a record has changed, without reading it.

    ``content_hash`` is that of the body, ``text_hash`` that of the text its vector stands for.
    """

    content_hash: str
    text_hash: str
    revision: int


class VerdictChange(NamedTuple):
    """A verdict that a person gives, or takes back (``None``), on a record at a revision."""

    key: RecordKey
    revision: int
    skill: SkillId
    verdict: SkillVerdict | None


class Verdicts(NamedTuple):
    """What people say of the records that are put, by which their links were made.

    ``seen`` has the verdicts on each of them, ascending by skill; ``new`` is one that becomes
    durable with the links.
    """

    seen: Mapping[RecordKey, tuple[SkillVerdict, ...]]
    new: VerdictChange | None = None


class Records(Protocol):
    """Where records are kept: the truth, of which every index is a view."""

    def commit(
        self,
        tenant: TenantId,
        puts: Sequence[DerivedRecord],
        deletes: Sequence[RecordKey] = (),
        verdicts: Verdicts | None = None,
    ) -> list[Change]:
        """Keep and remove records in one transaction; return the log's new rows, in order.

        Record, vector, skill links and change-log row of all of them become durable together,
        before this returns. Deleting what is not there changes nothing and logs nothing; what
        is deleted takes the verdicts on it along.

        Raises:
            RecordChanged: if ``verdicts`` are not those that hold now; then nothing has changed.
        """
        ...

    def find(self, tenant: TenantId, kind: Kind, ids: Sequence[str]) -> dict[str, StoredRecord]:
        """Return those of the records that exist, by id; one query for up to 500 ids."""
        ...

    def fingerprints(
        self, tenant: TenantId, kind: Kind, ids: Sequence[str]
    ) -> dict[str, Fingerprint]:
        """Return the fingerprints of those of the records that exist, by id."""
        ...

    def scan(self, tenant: TenantId, kind: Kind) -> Iterator[list[StoredRecord]]:
        """Yield all records of a kind by ascending id, in pages of up to 1,000.

        No read transaction outlasts a page.
        """
        ...

    def page(
        self, tenant: TenantId, kind: Kind, *, after: str | None, limit: int
    ) -> list[StoredRecord]:
        """Return up to ``limit`` records by ascending id, from the first one after ``after``."""
        ...

    def verdicts(
        self, tenant: TenantId, kind: Kind, ids: Sequence[str]
    ) -> dict[str, tuple[SkillVerdict, ...]]:
        """Return the verdicts on those of the records that have some; ascending by skill."""
        ...

    def changes(self, tenant: TenantId, *, after: int, limit: int = 1000) -> list[Change]:
        """Return the log's rows with ``seq > after``, in order, at most ``limit``."""
        ...

    def last_seq(self, tenant: TenantId) -> int:
        """Return the ``seq`` of the log's newest row; 0 for an empty log."""
        ...

    def counts(self, tenant: TenantId) -> dict[Kind, int]:
        """Return how many records there are of each kind; 0 where there are none."""
        ...

    def get_meta(self, tenant: TenantId, key: str) -> str | None:
        """Return a fact about the tenant's data, such as the hash of its vectors' model."""
        ...

    def set_meta(self, tenant: TenantId, key: str, value: str) -> None:
        """Keep a fact about the tenant's data."""
        ...


class SkillHit(NamedTuple):
    """A skill near a vector; ``similarity`` is a cosine in [-1, 1]."""

    skill: SkillId
    similarity: float


class SkillIndex(Protocol):
    """The vocabulary: skills by name and by vector."""

    def by_name(self, name: str) -> SkillId | None:
        """Return the skill that goes by this normalized name, if one does.

        A skill that is ``same_as`` another is returned as that other. Where several share the
        name, a preferred label goes before an alternative one, then the lowest id.
        """
        ...

    def nearest(self, vectors: Vectors, *, k: int) -> list[list[SkillHit]]:
        """Return the ``k`` nearest skills of each vector, nearest first, ties by id."""
        ...

    def get(self, skill: SkillId) -> Skill | None:
        """Return the skill, if there is one with this id."""
        ...

    def vectors_of(self, skills: Sequence[SkillId]) -> Vectors:
        """Return float32 of shape ``(len(skills), dim)``; a row of zeros for an unknown skill."""
        ...


class OccupationHit(NamedTuple):
    """An occupation that a title or a text names; ``confidence`` in [0, 1]."""

    occupation: OccupationId
    title: str
    confidence: float


class OccupationIndex(Protocol):
    """Lines of work by title and by vector, with what they ask for."""

    def by_title(self, title: str) -> list[OccupationId]:
        """Return the occupations that go by this normalized title.

        Those whose own title it is come before those of which it is an alternate; then by id.
        """
        ...

    def by_opening(self, words: str) -> OccupationId | None:
        """Return the occupation with the most titles that begin with these normalized words."""
        ...

    def nearest(self, vector: Vectors, *, k: int) -> list[tuple[OccupationId, float]]:
        """Return the ``k`` nearest occupations with their cosine; ties by id."""
        ...

    def title_of(self, occupation: OccupationId) -> str | None:
        """Return the occupation's title, if there is such an occupation."""
        ...

    def links_of(self, occupation: OccupationId) -> tuple[SkillLink, ...]:
        """Return what the occupation asks for, as links with weights; empty if unknown."""
        ...

    def vectors_of(self, occupations: Sequence[OccupationId]) -> Vectors:
        """Return float32 ``(len(occupations), dim)``; zeros for an unknown occupation."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Holders:
    """Records of one kind that were retrieved, with their skills as flat arrays.

    Attributes:
        ids: one id for each record, ascending.
        similarity: float32 ``(n,)``: cosine of each record with the query, in [-1, 1].
        starts: int64 ``(n + 1,)``: record ``i`` has the links ``starts[i]:starts[i + 1]``.
        skills: int64 ``(m,)``: for each link a row of ``vocabulary``.
        strengths: float32 ``(m,)``: how much each link counts, in [0, 1].
        vocabulary: the distinct skills that the links refer to.
        vectors: float32 ``(len(vocabulary), dim)``.
        unknown: bool ``(n,)``: whether a constraint is unknown for the record.
        qualifying: how many records of the whole kind satisfy the constraints.
    """

    ids: tuple[str, ...]
    similarity: Vectors
    starts: NDArray[np.int64]
    skills: NDArray[np.int64]
    strengths: Vectors
    vocabulary: tuple[SkillId, ...]
    vectors: Vectors
    unknown: NDArray[np.bool_]
    qualifying: int


class CredentialIndex(Protocol):
    """Credentials by vector and by skill, under constraints."""

    def retrieve(
        self,
        query: Vectors,
        *,
        k: int,
        skills: Sequence[SkillId],
        conditions: Sequence[Condition],
        refused: frozenset[CredentialId],
    ) -> Holders:
        """Return the credentials nearest to the query and those linked to one of the skills.

        Only credentials that satisfy all conditions, and, marked as unknown, those that break
        none of them; never a refused one. At most ``k`` by vector and ``k`` by skill.
        """
        ...


class LearnerIndex(Protocol):
    """Learners by vector and by skill."""

    def retrieve(self, query: Vectors, *, k: int, skills: Sequence[SkillId]) -> Holders:
        """Return the learners nearest to the query and those who have one of the skills."""
        ...


class JobIndex(Protocol):
    """Jobs by vector and by skill."""

    def retrieve(self, query: Vectors, *, k: int, skills: Sequence[SkillId]) -> Holders:
        """Return the jobs nearest to the query and those that ask for one of the skills."""
        ...


class CredentialLinks(Protocol):
    """What credentials teach, for those that learners hold."""

    def name_of(self, credential: CredentialId) -> str | None:
        """Return the credential's name, if there is one with this id."""
        ...

    def links_of(self, credential: CredentialId) -> tuple[SkillLink, ...]:
        """Return the skills that the credential teaches; empty if unknown."""
        ...

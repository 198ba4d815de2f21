"""What matching, intake and answers need from outside.

Whoever implements a port must pass its suite in ``tests/contracts``.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from service.domain.condition import Condition
from service.domain.consent import Asking
from service.domain.credential import Credential
from service.domain.decision import Decision
from service.domain.derivation import Derivation, DerivedWith
from service.domain.ids import CredentialId, JobId, OccupationId, SkillId, TenantId
from service.domain.learner import Learner
from service.domain.precondition import Precondition
from service.domain.quantities import CreditAward
from service.domain.record import Change, DerivedRecord, Kind, StoredRecord
from service.domain.skill import Skill, SkillLink
from service.domain.verdict import SkillVerdict
from service.matching.evidence import PieceArray
from service.matching.neighbor import Neighbor
from service.matching.privacy_ports import Privacy
from service.matching.stuffing import Ad

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
    STORE_ID = "store_id"
    # The number of the derivation whose vectors and links serve; none for the first.
    DERIVATION = "derivation"
    # What of the taxonomies has shipped, and what their last update came to, as JSON.
    SHIPPED = "shipped"
    TAXONOMY_UPDATE = "taxonomy_update"
    ACCESS_GENERATION = "access_generation"


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


class VectorPage(NamedTuple):
    """Vectors of some records. Shape: ``vectors`` float32 (ids, dim)."""

    ids: Sequence[str]
    vectors: Vectors


class LearnerPage(NamedTuple):
    """Learners by ascending id, and what their own links show of them.

    Shape: ``owners`` int64 (links,), ascending: whose link each is; ``skills`` has one for each
    link; so has ``pieces``, of dtype ``evidence.PIECE``, whose skills are still without numbers.
    """

    learners: list[Learner]
    owners: NDArray[np.int64]
    skills: list[SkillId]
    pieces: PieceArray


class Pinned(NamedTuple):
    """The records with one derivation's vectors and links, its number, and what made them."""

    records: "Records"
    model_hash: str | None
    number: int


class Records(Protocol):
    """Where records are kept: the truth, of which every index is a view.

    Reading gives the vectors and links that serve. ``pinned`` records go on giving the same
    derivation's after a swap, for as long as they are there; then ``VectorsReplaced`` is raised,
    and by ``commit`` and ``changes`` at once.
    """

    def tenants(self) -> list[TenantId]:
        """Return all tenants that have a record, by ascending id."""
        ...

    def pinned(self, tenant: TenantId) -> Pinned:
        """Return the records with the vectors and links that serve now, and with no others."""
        ...

    def upcoming(self, tenant: TenantId) -> Pinned | None:
        """Return the records with the vectors and links that are about to serve, if any are.

        Until they do, the log ends where all is derived.
        """
        ...

    def derivation(self, tenant: TenantId) -> Derivation | None:
        """Return the derivation that is under way or has old vectors left to delete, if any."""
        ...

    def commit(
        self,
        tenant: TenantId,
        puts: Sequence[DerivedRecord],
        deletes: Sequence[RecordKey] = (),
        verdicts: Verdicts | None = None,
        conditions: Mapping[RecordKey, Precondition] | None = None,
    ) -> list[Change]:
        """Keep and remove records in one transaction; return the log's new rows, in order.

        Record, vector, skill links and change-log row of all of them become durable together,
        before this returns. Deleting what is not there changes nothing and logs nothing; what
        is deleted takes the verdicts on it along.

        Raises:
            RecordChanged: if ``verdicts`` are not those that hold now; then nothing has changed.
            PreconditionFailed: if a record is not as ``conditions`` say; then nothing has changed.
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

    def scan_vectors(self, tenant: TenantId, kind: Kind) -> Iterator[VectorPage]:
        """Yield the vectors of all records of a kind by ascending id; otherwise as ``scan``."""
        ...

    def find_learners(self, tenant: TenantId, ids: Sequence[str]) -> LearnerPage:
        """Return those of the learners that exist, with what shows their skills, for up to 500."""
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

    @property
    def privacy(self) -> Privacy:
        """What is kept of consents, disclosures and contacts."""
        ...

    def check_writable(self) -> None:
        """Do nothing if records can be kept.

        Raises:
            StoreReadOnly: if the disk once did not keep what it was told to.
        """
        ...


class Derivations(Protocol):
    """Where vectors and links are made anew, beside those that serve.

    A record that is put or deleted meanwhile loses what was staged of it.
    """

    def begin(self, tenant: TenantId, using: DerivedWith) -> Derivation:
        """Return the derivation that is under way with the same model and taxonomies, or a new one.

        What another one has left is deleted first.
        """
        ...

    def staged(self, tenant: TenantId, kind: Kind) -> Iterator[list[StoredRecord]]:
        """Yield the records of a kind that are derived, with what was derived, in pages."""
        ...

    def missing(
        self, tenant: TenantId, kind: Kind, *, after: str, limit: int
    ) -> list[StoredRecord]:
        """Return the first records after an id that are not derived, with what serves now."""
        ...

    def stage(self, tenant: TenantId, number: int, derived: Sequence[StoredRecord]) -> int:
        """Keep what was derived of records that are still in their revision; return of how many.

        Raises:
            VectorsReplaced: if this derivation is not the one that is under way.
        """
        ...

    def reach(self, tenant: TenantId, number: int, *, seq: int, is_ready: bool) -> None:
        """Note that all is derived up to a row of the log, and whether it is about to serve.

        Raises:
            VectorsReplaced: if this derivation is not the one that is under way.
        """
        ...

    def swap(self, tenant: TenantId, number: int, *, seq: int) -> bool:
        """Let the derivation serve from now on, unless the log has grown; tell whether it does.

        Raises:
            VectorsReplaced: if this derivation is not the one that is under way.
        """
        ...

    def clear(self, tenant: TenantId, *, limit: int = 1000) -> int:
        """Delete some of what served before; return of how many records, 0 when all is gone."""
        ...


class DecisionLog(Protocol):
    """Where answers are kept with all that it takes to compute them again."""

    def append(self, tenant: TenantId, group: Sequence[Decision]) -> None:
        """Keep decisions in one transaction; those that are there already stay as they are.

        When a learner is deleted from the records, the words of every decision that concerns
        them go in the same transaction; one that comes later is kept without its words.
        """
        ...

    def find(self, tenant: TenantId, decision: str) -> Decision | None:
        """Return the decision, if there is one with this id."""
        ...

    def concerning(self, tenant: TenantId, learner: str) -> list[Decision]:
        """Return the decisions that concern a learner, oldest first."""
        ...

    def recent(self, tenant: TenantId, *, limit: int) -> list[Decision]:
        """Return the newest decisions, newest first, ties by id."""
        ...

    def forget(self, tenant: TenantId, *, before: datetime) -> int:
        """Remove the decisions made before a time; return how many there were."""
        ...


class SkillHit(NamedTuple):
    """A skill near a vector; ``similarity`` is a cosine in [-1, 1]."""

    skill: SkillId
    similarity: float


class SkillGraph(Protocol):
    """Which skills are near each other, and what one is worth where the other is asked for."""

    def neighbors_of(self, skills: Sequence[SkillId]) -> list[tuple[Neighbor, ...]]:
        """Return each skill's neighbors by ascending id; none for an unknown skill.

        A skill is no neighbor of its own. Where ``b`` is a neighbor of ``a``, ``a`` is one of
        ``b``, with both weights the other way round. What is worth under 0.2 both ways is left
        out.
        """
        ...


class SkillIndex(SkillGraph, Protocol):
    """The vocabulary: skills by name, by vector and by what is near them."""

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
        word_score: float32 ``(n,)``: how well its words fit the query's, in [0, 1]; 0 where no
            word is the same.
        starts: int64 ``(n + 1,)``: record ``i`` has the links ``starts[i]:starts[i + 1]``.
        skills: int64 ``(m,)``: for each link a row of ``vocabulary``.
        strengths: float32 ``(m,)``: how much each link counts, in [0, 1].
        vocabulary: the distinct skills that the links refer to.
        unknown: bool ``(n,)``: whether a constraint is unknown for the record.
        qualifying: how many records of the whole kind satisfy the constraints.
    """

    ids: tuple[str, ...]
    similarity: Vectors
    word_score: Vectors
    starts: NDArray[np.int64]
    skills: NDArray[np.int64]
    strengths: Vectors
    vocabulary: tuple[SkillId, ...]
    unknown: NDArray[np.bool_]
    qualifying: int


class Within(NamedTuple):
    """Which credentials may be found: those that break no condition and are not refused."""

    conditions: Sequence[Condition]
    refused: frozenset[CredentialId]


class CredentialIndex(Protocol):
    """Credentials by vector, by skill and by word, under constraints."""

    def retrieve(
        self,
        query: Vectors,
        *,
        k: int,
        skills: Sequence[SkillId],
        within: Within,
        words: str = "",
        links_to: Collection[SkillId] | None = None,
    ) -> Holders:
        """Return the credentials nearest to a query, those linked to a skill, and by word.

        Only credentials that satisfy all conditions, and, marked as unknown, those that break
        none of them; never a refused one. At most ``k`` for each query by vector, ``k`` by skill,
        and a quarter of ``k`` by the words of a text. ``query`` is float32 ``(dim,)``, or
        ``(q, dim)`` for several queries, of which the first gives the similarities. With
        ``links_to`` only links to these skills come with them.
        """
        ...

    def vectors_of(self, credentials: Sequence[CredentialId]) -> Vectors:
        """Return float32 ``(len(credentials), dim)``; a row of zeros for an unknown one."""
        ...

    def topics_of(self, credentials: Sequence[CredentialId], topics: NDArray[np.int64]) -> Vectors:
        """Return how likely each credential is about each of the topics, by their numbers.

        float32 ``(len(credentials), len(topics))`` in [0, 1], to 8 bits; a row of zeros for an
        unknown credential, and for every one where topics are not at hand.
        """
        ...

    def states_skills(self, credentials: Sequence[CredentialId]) -> NDArray[np.bool_]:
        """Return for each credential whether its record states a skill; not for an unknown one."""
        ...

    def outlines_of(self, credentials: Sequence[CredentialId]) -> list[Credential | None]:
        """Return the credentials without their texts and skills; none for an unknown one."""
        ...


class LearnerIndex(Protocol):
    """Learners by vector, by skill and by word."""

    def retrieve(
        self,
        query: Vectors,
        *,
        k: int,
        skills: Sequence[SkillId],
        today: date,
        words: str = "",
        asking: Asking | None = None,
    ) -> Holders:
        """Return the learners nearest to the query, those who have a skill, and by word.

        With an employer who asks, only those who agreed to be seen by them.

        Their strengths are those of the day: evidence that is older counts less, and what has
        expired counts nothing.
        """
        ...

    def repeating(self, ids: Sequence[str], ad: Ad) -> list[str]:
        """Return those of the learners whose own words repeat a job ad, in their order."""
        ...


class JobIndex(Protocol):
    """Jobs by vector, by skill and by word."""

    def retrieve(
        self, query: Vectors, *, k: int, skills: Sequence[SkillId], words: str = ""
    ) -> Holders:
        """Return the jobs nearest to the query, those that ask for a skill, and by word."""
        ...

    def nearest_asking(
        self, query: Vectors, skills: Sequence[SkillId], today: date
    ) -> dict[SkillId, JobId]:
        """Return for each skill the open job nearest to the query that asks for it, ties by id.

        A skill that no open job asks for is left out.
        """
        ...

    def hard_of(self, job: str) -> frozenset[SkillId]:
        """Return the skills that a job states as required; none for an unknown job."""
        ...

    def is_open(self, job: JobId, today: date) -> bool:
        """Tell whether a job is there and has not closed before today."""
        ...

    def demand_of(self, skills: Sequence[SkillId], today: date) -> Vectors | None:
        """Return how much the open jobs ask for each skill: float32 ``(len(skills),)`` in [0, 1].

        The mean weight of the skill over all open jobs; none if no job is open.
        """
        ...


class WordHit(NamedTuple):
    """A record that has words of a text; ``score`` in (0, 1]."""

    id: str
    score: float


class WordIndex(Protocol):
    """Records of one kind by the words of their text, as ``matching.texts`` renders it."""

    def search(self, text: str, *, k: int, allowed: Collection[str] | None = None) -> list[WordHit]:
        """Return the ``k`` records that fit the words of a text best, best first, ties by id.

        The score is BM25 as a share of what the text's telling terms could come to. Records
        without any of these terms are never hits; ``allowed`` are the ids that may be.
        """
        ...


class CreditRules(Protocol):
    """What credit a credential yields for a learner."""

    def credit_yield(self, credential: Credential) -> CreditAward | None:
        """Return the credit that it yields; none if none is known."""
        ...


class CredentialLinks(Protocol):
    """What credentials teach, for those that learners hold."""

    def name_of(self, credential: CredentialId) -> str | None:
        """Return the credential's name, if there is one with this id."""
        ...

    def links_of(self, credential: CredentialId) -> tuple[SkillLink, ...]:
        """Return the skills that the credential teaches; empty if unknown."""
        ...

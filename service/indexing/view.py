"""The view: a tenant's indexes, filled from the store and kept up by its change log."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import groupby
from threading import RLock
from typing import Protocol

import numpy as np

from index import VectorIndexError
from service.domain.credential import Credential
from service.domain.ids import CredentialId, JobId, LearnerId, OccupationId, SkillId, TenantId
from service.domain.job import Job, Occupation
from service.domain.learner import Learner
from service.domain.record import Change, ChangeType, DerivedRecord, Kind, kind_of
from service.domain.skill import Skill
from service.errors import DamagedStore, InvalidQuestion
from service.failpoints import Failpoint, reached
from service.indexing.credentials import Credentials
from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.jobs import Jobs
from service.indexing.learners import Learners
from service.indexing.occupations import Occupations
from service.indexing.topic_column import TopicColumn
from service.indexing.vocabulary import Vocabulary
from service.matching.evidence import EvidenceJudge
from service.matching.linking import Calibration
from service.matching.ports import Records, Vectors

# Learners after the credentials that they hold.
_LOADING_ORDER = (Kind.SKILL, Kind.OCCUPATION, Kind.CREDENTIAL, Kind.JOB, Kind.LEARNER)


NOT_BY_LIKENESS = "learners are not found by their likeness."


def no_vectors(error: VectorIndexError) -> DamagedStore:
    """Return what is told of a store that holds what is no vector."""
    return DamagedStore(
        f"The store is damaged: it holds a vector that is none ({error}) Restore it from a "
        "backup, or derive everything anew."
    )


class Saved(Protocol):
    """A part of the view that goes into a snapshot."""

    def settle(self) -> None:
        """Keep as little as can be of what a question rarely looks at."""
        ...

    def save(self, folder: WritingFolder) -> None:
        """Write everything, to be taken up by an empty one."""
        ...

    def load(self, folder: ReadingFolder) -> None:
        """Take up what was saved."""
        ...


class View:
    """All that is searched for one tenant; a cache of the store, never the truth."""

    def __init__(
        self,
        records: Records,
        tenant: TenantId,
        dim: int,
        *,
        bridge: Calibration,
        judge: EvidenceJudge,
        topics: TopicColumn | None = None,
    ) -> None:
        self._records = records
        self._tenant = tenant
        self._lock = RLock()
        self.seq = 0
        self.skills = Vocabulary(dim, bridge)
        self.occupations = Occupations(dim)
        self.credentials = Credentials(dim, self.skills, topics)
        self.jobs = Jobs(dim, self.skills)
        self.learners = Learners(
            dim,
            self.skills,
            self.credentials,
            judge,
            read=partial(records.find_learners, tenant),
            agreed=partial(records.privacy.consents.find, tenant),
        )

    def load(self, on_page: Callable[[int], None] | None = None) -> None:
        """Read everything from the store; what is written meanwhile follows from the log."""
        with self._lock, ExitStack() as held:
            for part in (self.credentials, self.jobs, self.learners):
                held.enter_context(part.growth_held())
            self.seq = self._records.last_seq(self._tenant)
            for kind in _LOADING_ORDER:
                self._load_kind(kind, on_page)
            self.catch_up()

    def restore(
        self, folder: ReadingFolder, seq: int, on_page: Callable[[int], None] | None = None
    ) -> None:
        """Take up a snapshot made at a row of the log; learners and later rows from the store."""
        with self._lock:
            for name, part in self._saved_parts():
                part.load(folder.folder(name))
            # Learners are in no snapshot, so that what is erased need not be erased there too.
            loaded_at = self._records.last_seq(self._tenant)
            with self.learners.growth_held():
                self._load_kind(Kind.LEARNER, on_page)
            self.seq = seq
            self._apply_later(learners_after=loaded_at)

    def wait_for_growth(self) -> None:
        """Wait until no index that is saved trains codes; others may read and write meanwhile."""
        self.credentials.wait_for_growth()
        self.jobs.wait_for_growth()

    @contextmanager
    def still(self) -> Iterator[int]:
        """Catch up with the log, and keep the view so; gives the row that it is at."""
        with self._lock:
            self.catch_up()
            yield self.seq

    def save(self, folder: WritingFolder) -> None:
        """Write all but the learners; only while the view is kept still."""
        for name, part in self._saved_parts():
            part.save(folder.folder(name))
            reached(Failpoint.SNAPSHOT_HALF_WRITTEN)

    def catch_up(self) -> None:
        """Apply the rows of the change log that have not been applied yet, in order.

        Raises:
            StoreProblem: if the store cannot be read, or holds a vector that is none.
        """
        with self._lock:
            try:
                self._apply_later(learners_after=0)
            except VectorIndexError as error:
                raise no_vectors(error) from error

    def apply(self, changes: Sequence[Change], records: Sequence[DerivedRecord]) -> None:
        """Apply what this process has just committed.

        Args:
            changes: the log's new rows; if others wrote in between, the log is read instead.
            records: what was put, in the order of the changes; deletions stand in the log alone.
        """
        with self._lock:
            if not changes:
                return
            if changes[0].seq != self.seq + 1:
                self.catch_up()
                return
            for kind, group in groupby(records, key=_kind):
                self._put(kind, list(group))
            reached(Failpoint.HALF_APPLIED)
            for change in changes:
                if change.type is ChangeType.DELETE:
                    self._remove(change.kind, change.id)
            self.seq = changes[-1].seq

    def counts(self) -> dict[Kind, int]:
        """Return how many records of each kind the indexes hold."""
        return {
            Kind.SKILL: len(self.skills),
            Kind.OCCUPATION: len(self.occupations),
            Kind.CREDENTIAL: len(self.credentials),
            Kind.JOB: len(self.jobs),
            Kind.LEARNER: len(self.learners),
        }

    def index_kinds(self) -> dict[Kind, str]:
        """Return how the vectors of each kind that grows are searched: exact or quantized."""
        return {
            Kind.CREDENTIAL: self.credentials.index_kind,
            Kind.JOB: self.jobs.index_kind,
            Kind.LEARNER: self.learners.index_kind,
        }

    def cosines(self, kind: Kind, queries: Vectors) -> list[dict[str, float]]:
        """Return for each query the cosine of every record of a kind by id, nearest first.

        Raises:
            InvalidQuestion: for learners: they are personal data.
        """
        match kind:
            case Kind.SKILL:
                return self.skills.cosines(queries)
            case Kind.OCCUPATION:
                return self.occupations.cosines(queries)
            case Kind.CREDENTIAL:
                return self.credentials.cosines(queries)
            case Kind.JOB:
                return self.jobs.cosines(queries)
            case Kind.LEARNER:
                raise InvalidQuestion(NOT_BY_LIKENESS, field="kind")

    def _saved_parts(self) -> Iterator[tuple[str, "Saved"]]:
        yield "skills", self.skills
        yield "occupations", self.occupations
        yield "credentials", self.credentials
        yield "jobs", self.jobs

    def _load_kind(self, kind: Kind, on_page: Callable[[int], None] | None) -> None:
        for count in self._taken_pages(kind):
            reached(Failpoint.PAGE_LOADED)
            if on_page:
                on_page(count)

    def _taken_pages(self, kind: Kind) -> Iterator[int]:
        """Take in all records of a kind; yield how many each page had."""
        if kind is Kind.LEARNER:
            for vectors in self._records.scan_vectors(self._tenant, kind):
                self.learners.take([LearnerId(each) for each in vectors.ids], vectors.vectors)
                yield len(vectors.ids)
            return
        for page in self._records.scan(self._tenant, kind):
            self._put(kind, page)
            for _, part in self._saved_parts():
                part.settle()
            yield len(page)

    def _apply_later(self, *, learners_after: int) -> None:
        while changes := self._records.changes(self._tenant, after=self.seq):
            # Learners who were read since a change was made are as it left them, or newer.
            self._apply_from_store(
                [
                    change
                    for change in changes
                    if change.kind is not Kind.LEARNER or change.seq > learners_after
                ]
            )
            self.seq = changes[-1].seq

    def _apply_from_store(self, changes: Sequence[Change]) -> None:
        # Only the newest state of a record is left to read, so each is applied once.
        keys = dict.fromkeys((change.kind, change.id) for change in changes)
        for kind in _LOADING_ORDER:
            ids = [record_id for each, record_id in keys if each is kind]
            found = self._records.find(self._tenant, kind, ids) if ids else {}
            self._put(kind, [found[each] for each in ids if each in found])
            for gone in (each for each in ids if each not in found):
                self._remove(kind, gone)

    def _put(self, kind: Kind, stored: Sequence[DerivedRecord]) -> None:
        if not stored:
            return
        vectors = np.stack([each.vector for each in stored])
        links = [each.links for each in stored]
        records = [each.record for each in stored]
        match kind:
            case Kind.SKILL:
                self.skills.upsert([each for each in records if isinstance(each, Skill)], vectors)
            case Kind.OCCUPATION:
                occupations = [each for each in records if isinstance(each, Occupation)]
                self.occupations.upsert(occupations, vectors, links)
            case Kind.CREDENTIAL:
                credentials = [each for each in records if isinstance(each, Credential)]
                self.credentials.upsert(credentials, vectors, links)
                for credential in credentials:
                    self.learners.credential_changed(credential.id)
            case Kind.JOB:
                self.jobs.upsert(
                    [each for each in records if isinstance(each, Job)], vectors, links
                )
            case Kind.LEARNER:
                learners = [each for each in records if isinstance(each, Learner)]
                self.learners.upsert(learners, vectors, links)

    def _remove(self, kind: Kind, record_id: str) -> None:
        match kind:
            case Kind.SKILL:
                self.skills.remove(SkillId(record_id))
            case Kind.OCCUPATION:
                self.occupations.remove(OccupationId(record_id))
            case Kind.CREDENTIAL:
                self.credentials.remove(CredentialId(record_id))
                self.learners.credential_changed(CredentialId(record_id))
            case Kind.JOB:
                self.jobs.remove(JobId(record_id))
            case Kind.LEARNER:
                self.learners.remove(LearnerId(record_id))


def _kind(derived: DerivedRecord) -> Kind:
    return kind_of(derived.record)

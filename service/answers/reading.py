"""Reading: a question's records from the store, with all that is derived from them."""

from typing import NamedTuple

from service.domain.goal import Goal
from service.domain.ids import SkillId, TenantId
from service.domain.job import Job
from service.domain.learner import Evidence, HeldCredential, Learner
from service.domain.record import Kind, StoredRecord, Vector
from service.domain.skill import SkillLink
from service.errors import NotFound
from service.indexing.tenants import Tenant, Tenants
from service.matching.deriving import wishes_of
from service.matching.goals import Aim
from service.matching.ports import RecordKey, Records
from service.matching.profiles import profile


class Person(NamedTuple):
    """A learner with what shows their skills."""

    learner: Learner
    evidence: tuple[Evidence, ...]
    vector: Vector
    warnings: tuple[str, ...]


class Opening(NamedTuple):
    """A job with the links that say what it asks for."""

    job: Job
    links: tuple[SkillLink, ...]
    vector: Vector
    warnings: tuple[str, ...]


class Reader:
    """Reads the records of one tenant, and remembers in which revision it found them.

    Attributes:
        subjects: the revisions of records that a question named.
        listed: the revisions of records that were read to be listed.
    """

    def __init__(self, records: Records, tenants: Tenants, tenant: TenantId) -> None:
        self.subjects: dict[RecordKey, int] = {}
        self.listed: dict[RecordKey, int] = {}
        self._records = records
        self._tenant = tenant
        self.opened: Tenant = tenants.get(tenant)
        # Other processes write too; what they have committed until now belongs to the answer.
        self.opened.view.catch_up()

    def stored(self, kind: Kind, record_id: str) -> StoredRecord:
        """Return a record as the store has it now.

        Raises:
            NotFound: if there is no such record.
        """
        found = self._records.find(self._tenant, kind, [record_id])
        if record_id not in found:
            raise NotFound(kind, record_id)
        self.subjects[RecordKey(kind, record_id)] = found[record_id].revision
        return found[record_id]

    def many(self, kind: Kind, ids: list[str]) -> dict[str, StoredRecord]:
        """Return those of the records that are still there, in one query."""
        found = self._records.find(self._tenant, kind, ids) if ids else {}
        self.listed.update((RecordKey(kind, each), found[each].revision) for each in found)
        return found

    def person(self, learner: Learner, *, stored: bool) -> Person:
        """Return a learner with their evidence; an inline one is derived for this answer alone."""
        if stored:
            return self.person_of(self.stored(Kind.LEARNER, learner.id))
        derived = self.opened.deriver.derive(learner)
        evidence = profile(derived.links, self._held(learner))
        warnings = (*derived.warnings, *self._unknown_held(learner))
        return Person(learner, evidence, derived.vector, warnings)

    def person_of(self, stored: StoredRecord) -> Person:
        """Return a stored learner with their evidence."""
        learner = stored.record
        if not isinstance(learner, Learner):
            raise NotFound(Kind.LEARNER, learner.id)
        evidence = profile(stored.links, self._held(learner))
        return Person(learner, evidence, stored.vector, self._unknown_held(learner))

    def opening(self, job: Job, *, stored: bool) -> Opening:
        """Return a job with its links; an inline one is derived for this answer alone."""
        if stored:
            return opening_of(self.stored(Kind.JOB, job.id))
        derived = self.opened.deriver.derive(job)
        return Opening(job, derived.links, derived.vector, derived.warnings)

    def aim(self, person: Person, goal: Goal | None) -> Aim:
        """Return what a learner wants: the goal asked, their own, their words, or a stand-in."""
        wanted = goal or person.learner.goal
        if wanted is None:
            wishes = wishes_of(person.learner)
            if not wishes:
                return self.opened.goals.infer(person.vector)
            wanted = Goal(text=wishes)
        if wanted.job is None:
            return self.opened.goals.read(wanted)
        job = opening_of(self.stored(Kind.JOB, wanted.job))
        return self.opened.goals.read(wanted, (job.job, job.links, job.vector))

    def label(self, skill: SkillId) -> str:
        """Return a skill's label; its id if it has left the vocabulary."""
        found = self.opened.view.skills.get(skill)
        return found.preferred_label if found else skill

    def _unknown_held(self, learner: Learner) -> tuple[str, ...]:
        known = self.opened.view.credentials.name_of
        return tuple(
            f"There is no credential with the id {held.id!r}, so it shows no skills."
            for held in learner.credentials
            if known(held.id) is None
        )

    def _held(self, learner: Learner) -> list[tuple[HeldCredential, tuple[SkillLink, ...]]]:
        links_of = self.opened.view.credentials.links_of
        return [(held, links_of(held.id)) for held in learner.credentials]


def opening_of(stored: StoredRecord) -> Opening:
    """Return a stored job with its links."""
    job = stored.record
    if not isinstance(job, Job):
        raise NotFound(Kind.JOB, job.id)
    return Opening(job, stored.links, stored.vector, ())


def person_title(learner: Learner) -> str:
    """Return what a learner is shown as: the latest work they name; empty if none."""
    return learner.experience[0].title if learner.experience else ""

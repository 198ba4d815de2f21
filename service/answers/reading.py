"""Reading: a question's records from the store, with all that is derived from them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from service.domain.consent import Consents
from service.domain.goal import Goal
from service.domain.ids import CredentialId, JobId, SkillId, TenantId
from service.domain.job import Job
from service.domain.learner import Evidence, HeldCredential, Learner
from service.domain.record import Kind, StoredRecord, Vector
from service.domain.skill import SkillLink
from service.errors import NotFound
from service.indexing.tenant import Tenant
from service.indexing.tenants import Tenants
from service.matching.demand import JOBS_NEAR, NEAR_ENOUGH, NearJob, aim_at_demand
from service.matching.deriving import Derived, wishes_of
from service.matching.evidence_rules import SkillKind, kind_of_skill
from service.matching.goals import Aim
from service.matching.names import name_key
from service.matching.occupations import by_title
from service.matching.ports import RecordKey, Vectors
from service.matching.profiles import Piece, held_pieces, own_pieces, profiles
from service.matching.requirements import requirements_of
from service.matching.verdicts import judged_links

# Early enough to renew a credential before it shows nothing any more.
SOON = timedelta(days=90)


class Person(NamedTuple):
    """A learner with what shows their skills.

    ``lapsed`` says which credentials show nothing any more; ``warnings`` say that too.
    """

    learner: Learner
    evidence: tuple[Evidence, ...]
    vector: Vector
    warnings: tuple[str, ...]
    lapsed: tuple[str, ...] = ()
    links: tuple[SkillLink, ...] = ()


class _Given(NamedTuple):
    """What a person is made of, but for their evidence."""

    learner: Learner
    links: Sequence[SkillLink]
    vector: Vector
    warnings: tuple[str, ...]


class Opening(NamedTuple):
    """A job with the links that say what it asks for."""

    job: Job
    links: tuple[SkillLink, ...]
    vector: Vector
    warnings: tuple[str, ...]


class Reader:
    """Reads the records of one tenant, and weighs evidence as it is on one day.

    It remembers in which revision it found them.

    Attributes:
        subjects: the revisions of records that a question named.
        listed: the revisions of records that were read to be listed.
    """

    def __init__(self, tenants: Tenants, tenant: TenantId, *, today: date) -> None:
        self.today = today
        self.subjects: dict[RecordKey, int] = {}
        self.listed: dict[RecordKey, int] = {}
        self._read: dict[RecordKey, StoredRecord] = {}
        self.tenant = tenant
        # Other processes write too; what they have committed until now belongs to the answer.
        self.opened: Tenant = tenants.current(tenant)
        # All that an answer reads is of one derivation, also when another comes into place.
        self._records = self.opened.records

    def stored(self, kind: Kind, record_id: str) -> StoredRecord:
        """Return a record as the store has it now; for the same reader it stays so.

        Raises:
            NotFound: if there is no such record.
        """
        key = RecordKey(kind, record_id)
        if key not in self._read:
            found = self._records.find(self.tenant, kind, [record_id])
            if record_id not in found:
                raise NotFound(kind, record_id)
            self._read[key] = found[record_id]
        self.subjects[key] = self._read[key].revision
        return self._read[key]

    def many(self, kind: Kind, ids: list[str]) -> dict[str, StoredRecord]:
        """Return those of the records that are still there, in one query."""
        found = self._records.find(self.tenant, kind, ids) if ids else {}
        self.listed.update((RecordKey(kind, each), found[each].revision) for each in found)
        return found

    def consents_of(self, learners: Sequence[str]) -> dict[str, Consents]:
        """Return what those of the learners agreed to who have said anything, by id."""
        return self._records.privacy.consents.find(self.tenant, learners)

    def person(self, learner: Learner, *, stored: bool) -> Person:
        """Return a learner with their evidence; an inline one is derived for this answer alone."""
        if stored:
            return self.person_of(self.stored(Kind.LEARNER, learner.id))
        derived = self.opened.deriver.derive(learner)
        return self._person(learner, derived.links, derived.vector, derived.warnings)

    def person_if(self, learner: Learner) -> Person:
        """Return a stored learner as a record with these changes would be, verdicts included."""
        derived = self.opened.deriver.derive(learner)
        said = self._records.verdicts(self.tenant, Kind.LEARNER, [learner.id]).get(learner.id, ())
        links = judged_links(derived.links, said, self.opened.view.skills)
        return self._person(learner, links, derived.vector, derived.warnings)

    def record_of(self, learner: Learner, *, stored: bool) -> tuple[StoredRecord, tuple[str, ...]]:
        """Return a learner's record, and warnings if it was derived for this answer alone."""
        if stored:
            return self.stored(Kind.LEARNER, learner.id), ()
        derived = self.opened.deriver.derive(learner)
        return unstored(learner, derived), derived.warnings

    def person_of(self, stored: StoredRecord) -> Person:
        """Return a stored learner with their evidence."""
        learner = stored.record
        if not isinstance(learner, Learner):
            raise NotFound(Kind.LEARNER, learner.id)
        return self._person(learner, stored.links, stored.vector, ())

    def people_of(self, stored: Sequence[StoredRecord]) -> list[Person]:
        """Return several stored learners, their evidence weighed at once."""
        those = []
        for each in stored:
            if not isinstance(each.record, Learner):
                raise NotFound(Kind.LEARNER, each.record.id)
            those.append(_Given(each.record, each.links, each.vector, ()))
        return self._people(those)

    def holding(self, person: Person, credential: CredentialId) -> Person:
        """Return the same person as if they had earned a credential today."""
        earned = HeldCredential(id=credential, issued=self.today)
        learner = replace(person.learner, credentials=(*person.learner.credentials, earned))
        return self._person(learner, person.links, person.vector, person.warnings)

    def role(self, person: Person) -> Vectors:
        """Return where a person stands: their latest work, or else their whole profile."""
        occupations = self.opened.view.occupations
        title = person_title(person.learner)
        named = by_title(name_key(title), occupations) if title else []
        return occupations.vectors_of(named[:1])[0] if named else person.vector

    def opening(self, job: Job, *, stored: bool) -> Opening:
        """Return a job with its links; an inline one is derived for this answer alone."""
        if stored:
            return opening_of(self.stored(Kind.JOB, job.id))
        derived = self.opened.deriver.derive(job)
        return Opening(job, derived.links, derived.vector, derived.warnings)

    def aim(self, person: Person, goal: Goal | None, *, needs_skills: bool = True) -> Aim:
        """Return what a learner wants: the goal asked, their own, their words, or a stand-in.

        What the jobs near the profile ask for stands in; where none is near, the nearest
        occupations.

        Args:
            person: the learner.
            goal: what is asked; none for the learner's own.
            needs_skills: whether words of which no skill is known are no goal.

        Raises:
            GoalWithoutSkills: if nothing is known of what the goal asks for.
        """
        wanted = goal or person.learner.goal
        if wanted is None:
            wishes = wishes_of(person.learner)
            if not wishes:
                near = self._jobs_near(person.vector)
                asked = any(job.requirements for job in near)
                return (
                    aim_at_demand(near, person.vector)
                    if asked
                    else self.opened.goals.infer(person.vector)
                )
            wanted = Goal(text=wishes)
        if wanted.job is None:
            return self.opened.goals.read(wanted, needs_skills=needs_skills)
        job = opening_of(self.stored(Kind.JOB, wanted.job))
        return self.opened.goals.read(wanted, (job.job, job.links, job.vector))

    def _jobs_near(self, vector: Vectors) -> list[NearJob]:
        jobs = self.opened.view.jobs
        found = jobs.retrieve(vector, k=4 * JOBS_NEAR, skills=())
        near = sorted(
            (-float(similarity), JobId(each))
            for each, similarity in zip(found.ids, found.similarity, strict=True)
            if similarity >= NEAR_ENOUGH and jobs.is_open(JobId(each), self.today)
        )[:JOBS_NEAR]
        stored = self.many(Kind.JOB, [each for _, each in near])
        return [
            NearJob(each, requirements_of(stored[each].links), -similarity)
            for similarity, each in near
            if each in stored
        ]

    def label(self, skill: SkillId) -> str:
        """Return a skill's label; its id if it has left the vocabulary."""
        found = self.opened.view.skills.get(skill)
        return found.preferred_label if found else skill

    def _person(
        self,
        learner: Learner,
        links: Sequence[SkillLink],
        vector: Vector,
        warnings: tuple[str, ...],
    ) -> Person:
        return self._people([_Given(learner, links, vector, warnings)])[0]

    def _people(self, given: "Sequence[_Given]") -> list[Person]:
        pieces = [
            own_pieces(each.learner, each.links, today=self.today) + self._held_pieces(each.learner)
            for each in given
        ]
        found = profiles(pieces, self._kind_of, self.opened.judge, today=self.today)
        return [self._told(each, evidence) for each, evidence in zip(given, found, strict=True)]

    def _told(self, given: "_Given", evidence: tuple[Evidence, ...]) -> Person:
        learner, links, vector, warnings = given
        lapsed = tuple(self._lapsed(learner))
        told = (*warnings, *self._unknown_held(learner), *lapsed, *self._expiring(learner))
        return Person(learner, evidence, vector, told, lapsed, tuple(links))

    def _lapsed(self, learner: Learner) -> Iterator[str]:
        for held in learner.credentials:
            if held.expires is not None and held.expires < self.today:
                yield (
                    f"The credential {held.id!r} expired on {held.expires.isoformat()}, "
                    "so it is no current evidence."
                )

    def _expiring(self, learner: Learner) -> Iterator[str]:
        for held in learner.credentials:
            if held.expires is not None and self.today <= held.expires <= self.today + SOON:
                yield (
                    f"The credential {held.id!r} expires on {held.expires.isoformat()}; "
                    "renew it, or it is no evidence from then on."
                )

    def _unknown_held(self, learner: Learner) -> tuple[str, ...]:
        known = self.opened.view.credentials.name_of
        return tuple(
            f"There is no credential with the id {held.id!r}, so it shows no skills."
            for held in learner.credentials
            if known(held.id) is None
        )

    def _held_pieces(self, learner: Learner) -> list[Piece]:
        links_of = self.opened.view.credentials.links_of
        return [
            piece for held in learner.credentials for piece in held_pieces(held, links_of(held.id))
        ]

    def _kind_of(self, skill: SkillId) -> SkillKind:
        return kind_of_skill(self.opened.view.skills.get(skill))


def unstored(learner: Learner, derived: Derived) -> StoredRecord:
    """Return a learner who is not in the store in the form of one who is; of revision 0."""
    return StoredRecord(
        record=learner,
        content_hash="",
        text_hash="",
        vector=derived.vector,
        links=derived.links,
        revision=0,
    )


def opening_of(stored: StoredRecord) -> Opening:
    """Return a stored job with its links."""
    job = stored.record
    if not isinstance(job, Job):
        raise NotFound(Kind.JOB, job.id)
    return Opening(job, stored.links, stored.vector, ())


def person_title(learner: Learner) -> str:
    """Return what a learner is shown as: the latest work they name; empty if none."""
    return learner.experience[0].title if learner.experience else ""

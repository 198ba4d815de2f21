"""Answers: which credential next, who is qualified, what is missing, and why."""

from service.answers.desk import Desk
from service.answers.labels import labels_of, named_in_recommendations
from service.answers.matching import Matching
from service.answers.questions import (
    CandidatesQuestion,
    ExtractedSkill,
    JobsQuestion,
    Meta,
)
from service.answers.reading import Reader
from service.answers.recommending import Recommender
from service.answers.veiling import Veil, Viewer
from service.domain.answer import Gap, MatchAnswer
from service.domain.goal import Goal
from service.domain.ids import SkillId, TenantId
from service.domain.learner import Learner
from service.domain.record import Kind, StoredRecord
from service.matching.gaps import measure
from service.matching.texts import TextField


class Answers:
    """Answers questions. Blocking; ``run`` hands them to a bounded executor."""

    def __init__(self, desk: Desk, recommender: Recommender | None = None) -> None:
        self._desk = desk
        self.recommend = (recommender or Recommender(desk)).recommend
        self._matching = Matching(desk)
        self._veil = Veil(desk)
        self.run = desk.run
        self.write = desk.write

    def read(self, tenant: TenantId, kind: Kind, record_id: str) -> StoredRecord:
        """Return one record.

        Raises:
            NotFound: if there is no such record.
        """
        return self._desk.reader(tenant).stored(kind, record_id)

    def reader(self, tenant: TenantId) -> Reader:
        """Return what reads for one question, so that what it names is read once."""
        return self._desk.reader(tenant)

    def list_page(
        self, tenant: TenantId, kind: Kind, *, after: str | None, limit: int
    ) -> list[StoredRecord]:
        """Return up to ``limit`` records by ascending id, from the first after ``after``."""
        return self._desk.records.page(tenant, kind, after=after, limit=limit)

    def candidates(self, tenant: TenantId, question: CandidatesQuestion) -> MatchAnswer:
        """Return the learners who cover most of what a job asks for.

        An employer is given names in place of ids, and is noted as one who was.

        Raises:
            NotFound: if the job is not in the store.
            JobWithoutRequirements: if nothing is known of what the job asks for.
        """
        answer = self._matching.candidates(tenant, question)
        if question.party is None:
            return answer
        return self._veil.over_matches(Viewer(tenant, question.party), answer)

    def jobs(self, tenant: TenantId, question: JobsQuestion) -> MatchAnswer:
        """Return the jobs of which a learner covers most.

        Raises:
            NotFound: if the learner is not in the store.
        """
        return self._matching.jobs(tenant, question)

    def gap(
        self, tenant: TenantId, learner: Learner, *, stored: bool, goal: Goal | None = None
    ) -> tuple[Gap, dict[SkillId, str]]:
        """Return what a goal asks for and the learner cannot show, with the skills' labels."""
        reader = self._desk.reader(tenant)
        person = reader.person(learner, stored=stored)
        aim = reader.aim(person, goal)
        asked = reader.opened.goals.posed(aim.reading).asked
        found = measure(aim.reading, person.evidence, asked).gap
        return found, labels_of(reader, named_in_recommendations((), found))

    def extract(self, tenant: TenantId, text: str, *, limit: int) -> tuple[ExtractedSkill, ...]:
        """Return the skills that a text names or suggests, most confident first."""
        reader = self._desk.reader(tenant)
        linker = reader.opened.linker
        plan = linker.plan((), (TextField("text", text),), stated_field="skills")
        encoder = reader.opened.model.encoder
        hits = linker.nearest(encoder.encode(plan.texts)) if plan.texts else []
        return tuple(
            ExtractedSkill(
                skill=link.skill,
                label=reader.label(link.skill),
                confidence=link.confidence,
                method=link.method,
                text=link.text,
                span=link.span,
            )
            for link in linker.resolve(plan, hits).links[:limit]
        )

    def meta(self, tenant: TenantId) -> Meta:
        """Return what this service is made of."""
        reader = self._desk.reader(tenant)
        return Meta(
            versions=self._desk.versions(tenant, reader),
            counts=self._desk.records.counts(tenant),
            dim=reader.opened.model.encoder.dim,
            derivation=self._desk.records.derivation(tenant),
        )

    def is_open(self, tenant: TenantId) -> bool:
        """Tell whether a tenant's indexes are in memory."""
        return self._desk.tenants.is_open(tenant)

    async def opened(self, tenant: TenantId) -> None:
        """Wait until a tenant's indexes are in memory, and no thread that answers with it.

        Raises:
            StoreProblem: if they cannot be loaded.
            StoreFromAnotherModel: if the model that they are of is not to be had.
        """
        await self._desk.opened(tenant)

    def in_trouble(self) -> int:
        """Return of how many tenants the indexes could not be loaded or kept up."""
        return len(self._desk.tenants.troubles.now())

    def check_writable(self) -> None:
        """Do nothing if records can be kept.

        Raises:
            StoreReadOnly: if the disk once did not keep what it was told to.
        """
        self._desk.records.check_writable()

    def indexed(self, tenant: TenantId) -> dict[Kind, int]:
        """Return how many records of each kind the indexes hold; the store has as many."""
        return self._desk.reader(tenant).opened.view.counts()

"""Answers: which credential next, who is qualified, what is missing, and why."""

from collections.abc import Iterable

from service.answers.desk import Desk
from service.answers.labels import labels_of, named_in_recommendations
from service.answers.matching import Pages, candidate_pages, job_pages
from service.answers.questions import (
    CandidatesQuestion,
    ExtractedSkill,
    JobsQuestion,
    Meta,
    RecommendQuestion,
)
from service.answers.reading import Reader
from service.answers.recommending import Recommender
from service.domain.answer import Gap, Match, MatchAnswer, RecommendationAnswer
from service.domain.goal import Goal
from service.domain.ids import SkillId, TenantId
from service.domain.job import Requirement
from service.domain.learner import Learner
from service.domain.record import Kind, StoredRecord
from service.errors import JobWithoutRequirements
from service.matching.candidates import RETRIEVED, rank_jobs, rank_learners
from service.matching.gaps import ask, measure
from service.matching.requirements import hard_skills, requirements_of
from service.matching.texts import TextField, job_text, learner_text


class Answers:
    """Answers questions. Blocking; ``run`` hands them to a bounded executor."""

    def __init__(self, desk: Desk, recommender: Recommender | None = None) -> None:
        self._desk = desk
        self._recommender = recommender or Recommender(desk)
        self.run = desk.run

    def read(self, tenant: TenantId, kind: Kind, record_id: str) -> StoredRecord:
        """Return one record.

        Raises:
            NotFound: if there is no such record.
        """
        return self._desk.reader(tenant).stored(kind, record_id)

    def list_page(
        self, tenant: TenantId, kind: Kind, *, after: str | None, limit: int
    ) -> list[StoredRecord]:
        """Return up to ``limit`` records by ascending id, from the first after ``after``."""
        return self._desk.records.page(tenant, kind, after=after, limit=limit)

    def recommend(self, tenant: TenantId, question: RecommendQuestion) -> RecommendationAnswer:
        """Return the credentials that add most of what the learner's goal still asks for.

        Raises:
            NotFound: if the learner or the goal's job is not in the store.
            GoalWithoutSkills: if nothing is known of what the goal asks for.
            InvalidQuestion: if a pinned credential is not in the store.
        """
        return self._recommender.recommend(tenant, question)

    def candidates(self, tenant: TenantId, question: CandidatesQuestion) -> MatchAnswer:
        """Return the learners who cover most of what a job asks for.

        Raises:
            NotFound: if the job is not in the store.
            JobWithoutRequirements: if nothing is known of what the job asks for.
        """
        reader = self._desk.reader(tenant)
        opening = reader.opening(question.job, stored=question.stored)
        requirements = requirements_of(opening.links)
        if not requirements:
            raise JobWithoutRequirements(
                f"Nothing is known of what {opening.job.title!r} asks for. "
                "Add a text or some skills.",
                field="job",
            )
        view = reader.opened.view
        asked = ask(requirements, view.skills)
        holders = view.learners.retrieve(
            opening.vector,
            k=RETRIEVED,
            skills=asked.skills,
            words=job_text(opening.job),
            today=reader.today,
        )
        hard = hard_skills(opening.links)
        ranked = rank_learners(holders, asked, hard)
        pages = candidate_pages(
            [each for each in ranked if each.score >= question.threshold],
            opening,
            reader,
            limit=question.limit,
            near=question.near_misses,
        )
        rule = (f"no skill missing that the job states as required ({len(hard)})",) if hard else ()
        return self._match_answer(tenant, reader, pages, requirements, rule, opening.warnings)

    def jobs(self, tenant: TenantId, question: JobsQuestion) -> MatchAnswer:
        """Return the jobs of which a learner covers most.

        Raises:
            NotFound: if the learner is not in the store.
        """
        reader = self._desk.reader(tenant)
        person = reader.person(question.learner, stored=question.stored)
        view = reader.opened.view
        holders = view.jobs.retrieve(
            person.vector,
            k=RETRIEVED,
            skills=[each.skill for each in person.evidence],
            words=learner_text(person.learner),
        )
        ranked = rank_jobs(holders, person.evidence, view.skills)
        pages = job_pages(
            [each for each in ranked if each.score >= question.threshold],
            person,
            reader,
            limit=question.limit,
            near=question.near_misses,
            today=reader.today,
        )
        rules = ("open today or without an end", "no skill missing that a job states as required")
        return self._match_answer(tenant, reader, pages, (), rules, person.warnings)

    def gap(
        self, tenant: TenantId, learner: Learner, *, stored: bool, goal: Goal | None = None
    ) -> tuple[Gap, dict[SkillId, str]]:
        """Return what a goal asks for and the learner cannot show, with the skills' labels."""
        reader = self._desk.reader(tenant)
        person = reader.person(learner, stored=stored)
        aim = reader.aim(person, goal, today=self._desk.today())
        found = measure(aim.reading, person.evidence, reader.opened.view.skills).gap
        return found, labels_of(reader, named_in_recommendations((), found))

    def extract(self, tenant: TenantId, text: str, *, limit: int) -> tuple[ExtractedSkill, ...]:
        """Return the skills that a text names or suggests, most confident first."""
        reader = self._desk.reader(tenant)
        linker = reader.opened.linker
        plan = linker.plan((), (TextField("text", text),), stated_field="skills")
        hits = linker.nearest(self._desk.encoder.encode(plan.texts)) if plan.texts else []
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
            dim=self._desk.encoder.dim,
        )

    def indexed(self, tenant: TenantId) -> dict[Kind, int]:
        """Return how many records of each kind the indexes hold; the store has as many."""
        return self._desk.reader(tenant).opened.view.counts()

    def _match_answer(
        self,
        tenant: TenantId,
        reader: Reader,
        pages: Pages,
        requirements: tuple[Requirement, ...],
        rules: tuple[str, ...],
        warnings: tuple[str, ...],
    ) -> MatchAnswer:
        named = (*_named_in_matches((*pages.items, *pages.near_misses)),)
        return MatchAnswer(
            match_id=self._desk.new_id(),
            versions=self._desk.versions(tenant, reader),
            items=pages.items,
            near_misses=pages.near_misses,
            near_miss_count=pages.near_miss_count,
            requirements=requirements,
            applied=rules,
            qualifying=len(pages.items),
            warnings=warnings,
            labels=labels_of(reader, (*named, *(need.skill for need in requirements))),
        )


def _named_in_matches(matches: Iterable[Match]) -> Iterable[SkillId]:
    for match in matches:
        yield from (*match.covered, *match.missing)
        yield from (reason.skill for reason in match.evidence)
        yield from (bridge.from_skill for bridge in match.bridges)

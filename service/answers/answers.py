"""Answers: which credential next, who is qualified, what is missing, and why."""

from collections.abc import Iterable

from service.answers.desk import Desk
from service.answers.matching import Pages, candidate_pages, job_pages
from service.answers.questions import (
    CandidatesQuestion,
    ExtractedSkill,
    JobsQuestion,
    Meta,
    RecommendQuestion,
)
from service.answers.reading import Person, Reader
from service.answers.recommending import (
    applied,
    conditions_for,
    held_now,
    items_of,
    unknown_constraints,
)
from service.domain.answer import (
    Gap,
    Match,
    MatchAnswer,
    Recommendation,
    RecommendationAnswer,
)
from service.domain.goal import Goal
from service.domain.ids import SkillId, TenantId
from service.domain.job import Requirement
from service.domain.learner import Learner
from service.domain.record import Kind, StoredRecord
from service.errors import JobWithoutRequirements
from service.matching.candidates import RETRIEVED, rank_jobs, rank_learners
from service.matching.gaps import ask, measure
from service.matching.recommending import rank_credentials
from service.matching.requirements import hard_skills, requirements_of
from service.matching.texts import TextField

MODE_WARNING = "The goal's mode is kept, and does not change the ranking yet."


class Answers:
    """Answers questions. Blocking; ``run`` hands them to a bounded executor."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
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
        """
        reader = self._desk.reader(tenant)
        today = self._desk.today()
        person = reader.person(question.learner, stored=question.stored)
        aim = reader.aim(person, question.goal)
        gap = measure(aim.reading, person.evidence, reader.opened.view.skills)
        conditions = conditions_for(question, person.learner)
        held = held_now(person.learner, today)
        refused = held if question.exclude_completed else frozenset()
        ranking = rank_credentials(
            gap,
            aim.vector,
            credentials=reader.opened.view.credentials,
            conditions=conditions,
            refused=refused,
        )
        items = items_of(
            ranking.ranked, question=question, reader=reader, gap=gap, person=person, today=today
        )
        answer = RecommendationAnswer(
            recommendation_id=self._desk.new_id(),
            versions=self._desk.versions(tenant, reader),
            items=items,
            gap=gap.gap,
            unknown_constraints=unknown_constraints(
                ranking.ranked, question=question, reader=reader, conditions=conditions
            ),
            applied=applied(conditions, refused),
            relaxed=(),
            qualifying=ranking.qualifying,
            warnings=_warnings(person, gap.gap, found=bool(items)),
            labels=_labels(reader, _named_in_recommendations(items, gap.gap)),
        )
        return self._desk.decided(tenant, question, answer, reader)

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
        holders = view.learners.retrieve(opening.vector, k=RETRIEVED, skills=asked.skills)
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
        answer = self._match_answer(tenant, reader, pages, requirements, rule, opening.warnings)
        return self._desk.decided(tenant, question, answer, reader)

    def jobs(self, tenant: TenantId, question: JobsQuestion) -> MatchAnswer:
        """Return the jobs of which a learner covers most.

        Raises:
            NotFound: if the learner is not in the store.
        """
        reader = self._desk.reader(tenant)
        person = reader.person(question.learner, stored=question.stored)
        view = reader.opened.view
        holders = view.jobs.retrieve(
            person.vector, k=RETRIEVED, skills=[each.skill for each in person.evidence]
        )
        ranked = rank_jobs(holders, person.evidence, view.skills)
        pages = job_pages(
            [each for each in ranked if each.score >= question.threshold],
            person,
            reader,
            limit=question.limit,
            near=question.near_misses,
            today=self._desk.today(),
        )
        rules = ("open today or without an end", "no skill missing that a job states as required")
        answer = self._match_answer(tenant, reader, pages, (), rules, person.warnings)
        return self._desk.decided(tenant, question, answer, reader)

    def gap(
        self, tenant: TenantId, learner: Learner, *, stored: bool, goal: Goal | None = None
    ) -> tuple[Gap, dict[SkillId, str]]:
        """Return what a goal asks for and the learner cannot show, with the skills' labels."""
        reader = self._desk.reader(tenant)
        person = reader.person(learner, stored=stored)
        aim = reader.aim(person, goal)
        found = measure(aim.reading, person.evidence, reader.opened.view.skills).gap
        return found, _labels(reader, _named_in_recommendations((), found))

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
            labels=_labels(reader, (*named, *(need.skill for need in requirements))),
        )


def _warnings(person: Person, gap: Gap, *, found: bool) -> tuple[str, ...]:
    warnings = [*person.warnings, *gap.reading.warnings]
    goal = gap.reading.goal
    if goal is not None and goal.mode is not None:
        warnings.append(MODE_WARNING)
    if not gap.open:
        warnings.append("The evidence covers all that the goal asks for; nothing is left to add.")
    elif not found:
        goal_words = gap.reading.described_as
        warnings.append(
            f"No credential here adds what {goal_words!r} still asks for within these limits. "
            "Widen the limits, or name another goal."
        )
    return tuple(warnings)


def _labels(reader: Reader, skills: Iterable[SkillId]) -> dict[SkillId, str]:
    return {skill: reader.label(skill) for skill in sorted(set(skills))}


def _named_in_recommendations(items: Iterable[Recommendation], gap: Gap) -> Iterable[SkillId]:
    for row in (*gap.held, *gap.open):
        yield row.requirement.skill
        if row.nearest is not None:
            yield row.nearest
    for bridge in gap.bridges:
        yield bridge.from_skill
    for item in items:
        yield from (reason.skill for reason in item.evidence)
        yield from (bridge.from_skill for bridge in item.bridges)


def _named_in_matches(matches: Iterable[Match]) -> Iterable[SkillId]:
    for match in matches:
        yield from (*match.covered, *match.missing)
        yield from (reason.skill for reason in match.evidence)
        yield from (bridge.from_skill for bridge in match.bridges)

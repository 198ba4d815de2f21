"""Who is qualified, and which jobs fit: the whole answer to one question."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, TypeVar

from service.answers.desk import Desk
from service.answers.match_rules import ONE_AWAY_RULE, rules_for
from service.answers.one_away import OneAwayFinder
from service.answers.people import Considered, People, Pool, pool_of_store
from service.answers.pools import pool_of
from service.answers.questions import CandidatesQuestion, JobsQuestion
from service.answers.reading import Opening, Reader, opening_of, person_title
from service.answers.seeing import Seeing
from service.domain.answer import Match, MatchAnswer
from service.domain.consent import Asking, Purpose
from service.domain.ids import JobId, SkillId, TenantId
from service.domain.job import Requirement
from service.domain.learner import Learner
from service.domain.record import Kind
from service.domain.skill import LinkSource
from service.errors import JobWithoutRequirements
from service.matching.candidates import (
    RETRIEVED,
    RankedMatch,
    rank_jobs,
    rank_learners,
    with_evidence,
)
from service.matching.match_explanation import JobSide, Sides, explain_match, job_side
from service.matching.score_calibration import ScoreKind, score_meaning
from service.matching.stuffing import ad_of
from service.matching.texts import job_text, learner_text

T = TypeVar("T")

_PAGE = 50
POOL_UNLOGGED = (
    "This answer is not in the decision log, since it is about learners who are not in the store; "
    "it cannot be replayed."
)


class Pages(NamedTuple):
    """A match answer's two lists; the second is of those who lack a required skill."""

    items: tuple[Match, ...]
    near_misses: tuple[Match, ...]
    near_miss_count: int


class _Frame(NamedTuple):
    """What stands around the pages of an answer."""

    requirements: tuple[Requirement, ...]
    rules: tuple[str, ...]
    warnings: tuple[str, ...]


class Matching:
    """Matches jobs and learners, both ways."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def pool(self, tenant: TenantId, learners: Iterable[Learner]) -> Pool:
        """Return a pool of learners who are not in the store, for ``candidates``."""
        reader = self._desk.reader(tenant)
        return pool_of(reader, learners, dim=reader.opened.model.encoder.dim)

    def candidates(
        self, tenant: TenantId, question: CandidatesQuestion, *, pool: Pool | None = None
    ) -> MatchAnswer:
        """Return the learners who cover most of what a job asks for, by their ids.

        An employer who asks finds those who agreed to be seen by them, and of these what their
        consents cover; ``Answers.candidates`` puts names in place of ids.

        Args:
            tenant: whose records they are.
            question: the job, and what is asked about it.
            pool: where to look for learners; all of the store if it is not given.

        Raises:
            NotFound: if the job is not in the store.
            JobWithoutRequirements: if nothing is known of what the job asks for.
        """
        reader = self._desk.reader(tenant)
        opening = _opening(reader, question)
        job = _job_side(opening, reader)
        asked = job.asked
        seeing = self._seeing(reader, question)
        chosen = pool or pool_of_store(reader, seeing)
        labels = [reader.label(skill) for skill in asked.skills]
        people = People(reader, chosen, ad_of(opening.job, labels))
        holders = chosen.learners.retrieve(
            opening.vector,
            k=RETRIEVED,
            skills=asked.skills,
            today=reader.today,
            words=job_text(opening.job),
            asking=seeing.asking if seeing else None,
        )
        holders = with_evidence(holders, people.evidence_of_repeating(holders.ids))
        if seeing is not None:
            limited = seeing.limited(holders.ids)
            holders = with_evidence(holders, people.evidence_of(limited))
        ranked = rank_learners(holders, asked, job.hard)
        pages = self._candidate_pages(ranked, question, job, reader, people)
        frame = _Frame(job.requirements, rules_for(question, job), opening.warnings)
        answer = self._answer(tenant, reader, pages, frame)
        if pool is not None:
            # The log could neither replay it nor erase these people from it.
            return replace(answer, warnings=(*answer.warnings, POOL_UNLOGGED))
        return self._desk.decided(tenant, question, answer, reader)

    def _seeing(self, reader: Reader, question: CandidatesQuestion) -> Seeing | None:
        if question.party is None:
            return None
        asking = Asking(question.party, Purpose.MATCHING, self._desk.clock.now())
        return Seeing(reader, asking)

    def jobs(self, tenant: TenantId, question: JobsQuestion) -> MatchAnswer:
        """Return the jobs of which a learner covers most.

        Raises:
            NotFound: if the learner is not in the store.
        """
        reader = self._desk.reader(tenant)
        stored, warnings = reader.record_of(question.learner, stored=question.stored)
        person = reader.person_of(stored)
        view = reader.opened.view
        holders = view.jobs.retrieve(
            person.vector,
            k=RETRIEVED,
            skills=[each.skill for each in person.evidence],
            words=learner_text(person.learner),
        )
        ranked = rank_jobs(holders, person.evidence, view.skills, hard_of=view.jobs.hard_of)
        today = self._desk.today()
        still_open = [each for each in ranked if view.jobs.is_open(JobId(each.id), today)]
        pages = self._job_pages(still_open, question, Considered(stored, person, ()), reader)
        rules = ["open today or without an end", "no skill missing that a job states as required"]
        if question.one_credential_away:
            rules.append(ONE_AWAY_RULE)
        frame = _Frame((), tuple(rules), (*warnings, *person.warnings))
        answer = self._answer(tenant, reader, pages, frame)
        return self._desk.decided(tenant, question, answer, reader)

    def _candidate_pages(
        self,
        ranked: Sequence[RankedMatch],
        question: CandidatesQuestion,
        job: JobSide,
        reader: Reader,
        people: People,
    ) -> Pages:
        """Return the candidates for a job, re-read from the store and explained.

        Who is a little like everything that is asked for, and covers nothing of it, is left out.
        """
        finder = OneAwayFinder(reader, self._desk.today())

        def explain(found: Considered, each: RankedMatch) -> Match | None:
            sides = _sides(job, found)
            learner = found.person.learner
            match = explain_match(
                sides,
                item=learner.id,
                title=person_title(learner),
                # What it is measured by is more than is covered of a learner without a vector.
                relevance=each.relevance if found.stored.vector.any() else 0.0,
                skills=reader.opened.view.skills,
            )
            if question.one_credential_away:
                match = finder.complete(match, found.stored, sides)
            return match if match.covered else None

        return _pages(ranked, question, people.read, explain)

    def _job_pages(
        self,
        ranked: Sequence[RankedMatch],
        question: JobsQuestion,
        who: Considered,
        reader: Reader,
    ) -> Pages:
        """Return the jobs that fit a learner, re-read from the store and explained."""
        finder = OneAwayFinder(reader, self._desk.today())

        def read(ids: list[str]) -> dict[str, Opening]:
            found = reader.many(Kind.JOB, ids)
            return {each: opening_of(stored) for each, stored in found.items()}

        def explain(opening: Opening, each: RankedMatch) -> Match:
            sides = _sides(job_side(opening.links, reader.opened.view.skills), who)
            match = explain_match(
                sides,
                item=opening.job.id,
                title=opening.job.title,
                relevance=each.relevance,
                skills=reader.opened.view.skills,
            )
            asked = question.one_credential_away
            return finder.complete(match, who.stored, sides) if asked else match

        return _pages(ranked, question, read, explain)

    def _answer(self, tenant: TenantId, reader: Reader, pages: Pages, frame: _Frame) -> MatchAnswer:
        named = {need.skill for need in frame.requirements}
        named.update(_named((*pages.items, *pages.near_misses)))
        return MatchAnswer(
            match_id=self._desk.new_id(),
            versions=self._desk.versions(tenant, reader),
            items=pages.items,
            near_misses=pages.near_misses,
            near_miss_count=pages.near_miss_count,
            requirements=frame.requirements,
            applied=frame.rules,
            qualifying=len(pages.items),
            warnings=frame.warnings,
            labels={skill: reader.label(skill) for skill in sorted(named)},
            score_meaning=score_meaning(ScoreKind.MATCH),
        )


def _opening(reader: Reader, question: CandidatesQuestion) -> Opening:
    opening = reader.opening(question.job, stored=question.stored)
    if not question.listed_only:
        return opening
    listed = tuple(link for link in opening.links if link.source is LinkSource.STATED)
    return opening._replace(links=listed)


def _job_side(opening: Opening, reader: Reader) -> JobSide:
    job = job_side(opening.links, reader.opened.view.skills)
    if not job.requirements:
        raise JobWithoutRequirements(
            f"Nothing is known of what {opening.job.title!r} asks for. Add a text or some skills.",
            field="job",
        )
    return job


def _sides(job: JobSide, found: Considered) -> Sides:
    return Sides(
        job=job,
        learner=found.person.learner.id,
        evidence=found.person.evidence,
        caveats=found.caveats,
    )


def _pages(
    ranked: Sequence[RankedMatch],
    question: CandidatesQuestion | JobsQuestion,
    read: Callable[[list[str]], dict[str, T]],
    explain: Callable[[T, RankedMatch], Match | None],
) -> Pages:
    asked = [each for each in ranked if each.score >= question.threshold]
    qualified = [each for each in asked if not each.lacks_required]
    lacking = [each for each in asked if each.lacks_required]
    wanted = question.limit if question.near_misses or question.one_credential_away else 0
    items = islice(_explained(qualified, question.limit, read, explain), question.limit)
    missed = islice(_explained(lacking, wanted, read, explain), wanted)
    return Pages(numbered(items), numbered(missed), len(lacking))


def _explained(
    ranked: Sequence[RankedMatch],
    limit: int,
    read: Callable[[list[str]], dict[str, T]],
    explain: Callable[[T, RankedMatch], Match | None],
) -> Iterator[Match]:
    size = max(1, min(limit, _PAGE))
    for start in range(0, len(ranked), size):
        page = ranked[start : start + size]
        found = read([each.id for each in page])
        for each in page:
            match = explain(found[each.id], each) if each.id in found else None
            if match is not None:
                yield match


def numbered(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Return matches in descending order of the raw score, ranked from 1.

    Ties by overall fit, then by relevance, then by id.
    """
    ordered = sorted(
        matches,
        key=lambda each: (
            -each.fit.forward,
            -each.fit.overall,
            -each.components["relevance"],
            each.id,
        ),
    )
    return tuple(replace(match, rank=rank) for rank, match in enumerate(ordered, start=1))


def _named(matches: Iterable[Match]) -> Iterable[SkillId]:
    for match in matches:
        yield from (*match.covered, *match.missing)
        yield from (reason.skill for reason in match.evidence)
        yield from (bridge.from_skill for bridge in match.bridges)

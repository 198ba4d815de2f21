"""Who is qualified, and which jobs fit: the pages of a match answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import NamedTuple

from service.answers.reading import Opening, Person, Reader, opening_of, person_title
from service.domain.answer import Match
from service.domain.record import Kind, StoredRecord
from service.matching.candidates import RankedMatch, Sides, explain_match
from service.matching.requirements import hard_skills, requirements_of

_PAGE = 50


class Pages(NamedTuple):
    """A match answer's two lists; the second is of those who lack a required skill."""

    items: tuple[Match, ...]
    near_misses: tuple[Match, ...]
    near_miss_count: int


def candidate_pages(
    ranked: Sequence[RankedMatch], opening: Opening, reader: Reader, *, limit: int, near: bool
) -> Pages:
    """Return the candidates for a job, re-read from the store and explained.

    Who is a little like everything that is asked for, and covers nothing of it, is left out.
    """
    requirements = requirements_of(opening.links)
    hard = hard_skills(opening.links)

    def explain(stored: StoredRecord, each: RankedMatch) -> Match | None:
        person = reader.person_of(stored)
        sides = Sides(
            learner=person.learner.id,
            requirements=requirements,
            hard=hard,
            evidence=person.evidence,
        )
        match = explain_match(
            sides,
            item=person.learner.id,
            title=person_title(person.learner),
            relevance=each.relevance,
            skills=reader.opened.view.skills,
        )
        return replace(match, caveats=person.lapsed) if match.covered else None

    qualified = [each for each in ranked if not each.lacks_required]
    lacking = [each for each in ranked if each.lacks_required]
    items = islice(_explained(Kind.LEARNER, qualified, reader, explain), limit)
    missed = islice(_explained(Kind.LEARNER, lacking, reader, explain), limit if near else 0)
    return Pages(numbered(items), numbered(missed), len(lacking))


def job_pages(
    ranked: Sequence[RankedMatch],
    person: Person,
    reader: Reader,
    *,
    limit: int,
    near: bool,
    today: date,
) -> Pages:
    """Return the jobs that fit a learner, re-read from the store and explained.

    A job that is no longer open today is left out.
    """

    def explain(stored: StoredRecord, each: RankedMatch) -> Match | None:
        opening = opening_of(stored)
        if opening.job.valid_through and opening.job.valid_through < today:
            return None
        sides = Sides(
            learner=person.learner.id,
            requirements=requirements_of(opening.links),
            hard=hard_skills(opening.links),
            evidence=person.evidence,
        )
        return explain_match(
            sides,
            item=opening.job.id,
            title=opening.job.title,
            relevance=each.relevance,
            skills=reader.opened.view.skills,
        )

    items: list[Match] = []
    missed: list[Match] = []
    for match in _explained(Kind.JOB, ranked, reader, explain):
        (missed if match.missing_required else items).append(match)
    return Pages(numbered(items[:limit]), numbered(missed[: limit if near else 0]), len(missed))


def _explained(
    kind: Kind,
    ranked: Sequence[RankedMatch],
    reader: Reader,
    explain: Callable[[StoredRecord, RankedMatch], Match | None],
) -> Iterator[Match]:
    for start in range(0, len(ranked), _PAGE):
        page = ranked[start : start + _PAGE]
        stored = reader.many(kind, [each.id for each in page])
        for each in page:
            match = explain(stored[each.id], each) if each.id in stored else None
            if match is not None:
                yield match


def numbered(matches: Iterator[Match] | Sequence[Match]) -> tuple[Match, ...]:
    """Return matches in descending order of score, ranked from 1."""
    ordered = sorted(matches, key=lambda match: (-match.score, match.rank))
    return tuple(replace(match, rank=rank) for rank, match in enumerate(ordered, start=1))

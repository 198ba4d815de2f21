"""One learner with one credential or one job, by the functions that rank them all."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from service.answers.reading import Opening, Person, Reader
from service.answers.recommending import held_now, lapsed
from service.domain.answer import Gap
from service.domain.explanation import Pair
from service.domain.record import StoredRecord
from service.matching.candidates import Sides, explain_match
from service.matching.gaps import measure
from service.matching.goals import Aim
from service.matching.recommending import explain_credential
from service.matching.requirements import hard_skills, requirements_of
from service.matching.single import rank_one


class PairAndGap(NamedTuple):
    """A credential for a learner, and the gap that it was measured by."""

    pair: Pair
    gap: Gap


def credential_pair(
    reader: Reader, stored: StoredRecord, person: Person, *, aim: Aim, today: date
) -> PairAndGap:
    """Return what a credential adds for a learner and an aim, whatever its rank."""
    skills = reader.opened.view.skills
    measured = measure(aim.reading, person.evidence, skills)
    item = explain_credential(
        stored,
        rank_one(stored, measured, aim.vector, skills=skills),
        rank=1,
        gap=measured,
        skills=skills,
        held=held_now(person.learner, today),
    )
    pair = Pair(
        item=replace(item, caveats=(*item.caveats, *lapsed(stored.record, today))),
        covered=tuple(row.requirement.skill for row in measured.gap.held),
        missing=tuple(row.requirement.skill for row in measured.gap.open),
    )
    return PairAndGap(pair, measured.gap)


def job_pair(reader: Reader, opening: Opening, person: Person) -> Pair:
    """Return how far a learner covers what a job asks for, whatever the rank."""
    sides = Sides(
        learner=person.learner.id,
        requirements=requirements_of(opening.links),
        hard=hard_skills(opening.links),
        evidence=person.evidence,
    )
    match = explain_match(
        sides,
        item=opening.job.id,
        title=opening.job.title,
        relevance=round(float(opening.vector @ person.vector), 4),
        skills=reader.opened.view.skills,
    )
    return Pair(item=replace(match, rank=1), covered=match.covered, missing=match.missing)

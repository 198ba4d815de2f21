"""One learner with one credential or one job, by the functions that rank them all."""

from dataclasses import replace
from typing import NamedTuple

from service.answers.reading import Opening, Person, Reader
from service.answers.recommending import Recommender
from service.domain.answer import Gap
from service.domain.explanation import Pair
from service.domain.ids import CredentialId
from service.matching.goals import Aim
from service.matching.match_explanation import Sides, explain_match, job_side


class PairAndGap(NamedTuple):
    """A credential for a learner, and the gap that it was measured by."""

    pair: Pair
    gap: Gap


def credential_pair(
    recommender: Recommender,
    reader: Reader,
    person: Person,
    *,
    aim: Aim,
    credential: CredentialId,
) -> PairAndGap:
    """Return what a credential adds for a learner and an aim, whatever its rank."""
    item, gap = recommender.alone(reader, person, aim, credential)
    pair = Pair(
        item=item,
        covered=tuple(row.requirement.skill for row in gap.held),
        missing=tuple(row.requirement.skill for row in gap.open),
    )
    return PairAndGap(pair, gap)


def job_pair(reader: Reader, opening: Opening, person: Person) -> Pair:
    """Return how far a learner covers what a job asks for, whatever the rank."""
    skills = reader.opened.view.skills
    sides = Sides(
        job=job_side(opening.links, skills),
        learner=person.learner.id,
        evidence=person.evidence,
        caveats=person.lapsed,
    )
    match = explain_match(
        sides,
        item=opening.job.id,
        title=opening.job.title,
        relevance=round(float(opening.vector @ person.vector), 4),
        skills=skills,
    )
    return Pair(item=replace(match, rank=1), covered=match.covered, missing=match.missing)

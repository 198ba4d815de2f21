"""Rungs: higher occupations near the current one, for who wants to advance."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from service.domain.answer import GoalReading
from service.domain.ids import OccupationId
from service.matching.deriving import MIN_OCCUPATION_SIMILARITY
from service.matching.goals import Aim
from service.matching.linking import scaled
from service.matching.ports import OccupationIndex, Vectors
from service.matching.requirements import requirements_of, weight_of
from service.matching.rules import RankingRules

# Words by which titles say that the work is to lead that of others. Classifications have no
# ladder from one occupation to the next; their titles do.
_HIGHER = re.compile(
    r"\b(?:supervisors?|managers?|directors?|chiefs?|executives?|leads?|leaders?|heads?"
    r"|senior|principal)\b",
    re.IGNORECASE,
)
_LOOKED_AT = 20


class Rung(NamedTuple):
    """A higher occupation; ``similarity`` is its cosine with the current role."""

    occupation: OccupationId
    title: str
    similarity: float


def rungs_above(
    role: Vectors,
    occupations: OccupationIndex,
    *,
    besides: Sequence[str],
    rules: RankingRules,
) -> tuple[Rung, ...]:
    """Return the higher occupations nearest to a role, nearest first, without those ``besides``."""
    found = []
    for occupation, similarity in occupations.nearest(role, k=_LOOKED_AT):
        title = occupations.title_of(occupation) or ""
        near = similarity >= MIN_OCCUPATION_SIMILARITY
        if near and _HIGHER.search(title) and occupation not in besides:
            found.append(Rung(occupation, title, similarity))
    return tuple(found[: rules.rungs])


def with_rungs(
    aim: Aim, rungs: Sequence[Rung], occupations: OccupationIndex, rules: RankingRules
) -> Aim:
    """Return a goal that also asks, with less weight, for what the rungs ask for."""
    if not rungs:
        return aim
    known = {need.skill for need in aim.reading.requirements}
    links = [
        link
        for rung in rungs
        for link in scaled(
            occupations.links_of(rung.occupation), rules.rung_share * rung.similarity
        )
        if link.skill not in known
    ]
    needs = (*aim.reading.requirements, *requirements_of(links))
    titles = " and ".join(rung.title for rung in rungs)
    reading = replace(
        aim.reading,
        requirements=tuple(sorted(needs, key=lambda need: (-weight_of(need), need.skill))),
        occupations=(*aim.reading.occupations, *((rung.occupation, rung.title) for rung in rungs)),
        warnings=(
            *aim.reading.warnings,
            f"To advance, what {titles} ask for counts too, with less weight.",
        ),
    )
    return Aim(reading=reading, vector=aim.vector)


def occupations_of(reading: GoalReading) -> tuple[OccupationId, ...]:
    """Return the occupations that were read from a goal, best first."""
    return tuple(OccupationId(each) for each, _ in reading.occupations)

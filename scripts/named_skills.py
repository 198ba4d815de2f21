"""What O*NET names for an occupation itself: technologies, and areas of knowledge with figures."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean, pstdev

from service.domain.ids import SkillId
from service.domain.job import ImportanceFigure, Occupation
from service.standards.onet import CODE, TECHNOLOGIES
from service.standards.taxonomy_tables import find_table, read_rows, squeeze

MOST_TECHNOLOGIES = 13
FEWEST_TECHNOLOGIES = 2
MOST_KNOWLEDGE = 4
COMPUTERS = "Computers and Electronics"
# Of O*NET's scale of importance, from 1 (not) to 5 (extremely).
IMPORTANT = 3.0
MOST_IMPORTANT = 5.0
KNOWLEDGE_WEIGHT = 0.7
# The heaviest technology of an occupation that hardly uses computers, and of one that lives by them.
TECHNOLOGY_WEIGHT = (0.3, 0.95)
# What so many occupations name says little of any of them.
TELLING_SHARE = 0.1
LEAST_TELLING = 0.15
# What employers ask for, what is asked for everywhere, what is used.
_DEMAND = {("Y", "Y"): 1.0, ("N", "Y"): 0.9, ("Y", "N"): 0.6, ("N", "N"): 0.25}

# ESCO's words for O*NET's areas; the one nearest to the occupation is taken. Languages are left
# out, since every occupation here asks for English and the figure names no other.
ESCO_WORDS: dict[str, tuple[str, ...]] = {
    "Administration and Management": ("business management principles", "project management"),
    "Administrative": ("office administration",),
    "Economics and Accounting": ("accounting", "economics"),
    "Sales and Marketing": ("sales activities", "marketing principles"),
    "Customer and Personal Service": ("customer service",),
    "Personnel and Human Resources": ("human resource management",),
    "Transportation": ("transportation methods",),
    "Production and Processing": ("production processes",),
    "Food Production": ("crop production principles", "animal production science", "food science"),
    COMPUTERS: ("computer technology", "computer programming", "electronics"),
    "Engineering and Technology": ("engineering principles",),
    "Design": ("design principles",),
    "Building and Construction": ("construction methods",),
    "Mechanical": ("mechanics",),
    "Mathematics": ("mathematics",),
    "Physics": ("physics",),
    "Chemistry": ("chemistry",),
    "Biology": ("biology",),
    "Psychology": ("psychology",),
    "Sociology and Anthropology": ("sociology", "anthropology"),
    "Geography": ("geography",),
    "Medicine and Dentistry": ("general medicine", "human anatomy", "dentistry science"),
    "Therapy and Counseling": ("counselling methods", "rehabilitation"),
    "Education and Training": ("pedagogy",),
    "Fine Arts": ("fine arts",),
    "History and Archeology": ("history", "archaeology"),
    "Philosophy and Theology": ("philosophy", "theology"),
    "Public Safety and Security": ("law enforcement", "safety engineering"),
    "Law and Government": ("legal studies", "government policy", "public administration"),
    "Telecommunications": ("telecommunications engineering",),
    "Communications and Media": ("communication studies", "media studies"),
}


class NamedSkills:
    """Scores the technologies and the knowledge that O*NET names.

    Args:
        folder: the folder with O*NET's tables.
        canonical: the skill that stands for each technology, by the technology's name.
    """

    def __init__(
        self, folder: Path, occupations: Sequence[Occupation], canonical: dict[str, SkillId]
    ) -> None:
        self._demand = _read_demand(folder)
        self._canonical = canonical
        users = Counter(name for each in occupations for name in set(each.technologies))
        self._telling = {name: telling(count, len(occupations)) for name, count in users.items()}
        self._usual = _usual_figures(occupations)

    def technologies(self, occupation: Occupation) -> dict[SkillId, float]:
        """Return the occupation's technologies that tell most, with scores in (0, 1]."""
        computers = _computing(occupation)
        scores: dict[SkillId, float] = {}
        for name in occupation.technologies:
            score = self._demand[occupation.code or "", name] * self._telling[name] ** 0.5
            skill = self._canonical[name]
            scores[skill] = max(score, scores.get(skill, 0.0))
        low, high = TECHNOLOGY_WEIGHT
        count = max(FEWEST_TECHNOLOGIES, round(MOST_TECHNOLOGIES * computers))
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:count]
        scale = (low + (high - low) * computers) / best[0][1] if best else 0.0
        return {skill: score * scale for skill, score in best}

    def knowledge(self, occupation: Occupation) -> dict[str, float]:
        """Return the areas that matter more here than elsewhere, with scores in (0, 1]."""
        scores = {each.element: self._outstanding(each) for each in occupation.knowledge}
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_KNOWLEDGE]
        return {element: score for element, score in best if score > 0 and element in ESCO_WORDS}

    def _outstanding(self, figure: ImportanceFigure) -> float:
        mean, deviation = self._usual[figure.element]
        share = (figure.value - IMPORTANT) / (MOST_IMPORTANT - IMPORTANT)
        above = min(1.0, max(0.0, (figure.value - mean) / (1.5 * deviation)))
        return KNOWLEDGE_WEIGHT * max(0.0, share) ** 0.5 * above


def telling(count: int, total: int) -> float:
    """Return how much it tells that something is asked for, in [LEAST_TELLING, 1].

    1 if at most TELLING_SHARE of all ask for it, then less with the logarithm.
    """
    rarity = math.log(total / max(count, 1)) / math.log(1 / TELLING_SHARE)
    return min(1.0, max(LEAST_TELLING, rarity))


def _computing(occupation: Occupation) -> float:
    """Return how much the occupation lives by computers, in [0, 1]; one half if unknown."""
    figures = {figure.element: figure.value for figure in occupation.knowledge}
    return (figures.get(COMPUTERS, IMPORTANT) - 1) / (MOST_IMPORTANT - 1)


def _read_demand(folder: Path) -> dict[tuple[str, str], float]:
    columns = (CODE, "Example", "Hot Technology", "In Demand")
    return {
        (row.values[CODE], squeeze(row.values["Example"])): _DEMAND[
            row.values["Hot Technology"], row.values["In Demand"]
        ]
        for row in read_rows(find_table(folder, TECHNOLOGIES), columns=columns)
    }


def _usual_figures(occupations: Sequence[Occupation]) -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation of each element over all occupations."""
    values: dict[str, list[float]] = {}
    for figure in _all_figures(occupations):
        values.setdefault(figure.element, []).append(figure.value)
    return {element: (fmean(own), pstdev(own)) for element, own in values.items()}


def _all_figures(occupations: Sequence[Occupation]) -> Iterator[ImportanceFigure]:
    for occupation in occupations:
        yield from occupation.knowledge

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
# The heaviest technology where computers are hardly used, and where people live by them.
TECHNOLOGY_WEIGHT = (0.3, 0.95)
# A technology that more occupations than these name says little of any of them.
TELLING_SHARE = 0.3
# Yet where it is asked for, somebody has to have it (Microsoft Excel).
LEAST_TELLING = 0.4
# What employers ask for, what is asked for everywhere, what is used.
_DEMAND = {("Y", "Y"): 1.0, ("N", "Y"): 0.9, ("Y", "N"): 0.4, ("N", "N"): 0.25}
# Of two that are asked for alike, the one that more occupations know comes first.
KNOWN_SHARE = 0.2

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
        self._value = {name: _value(count, len(occupations)) for name, count in users.items()}
        self._computing = _computing(occupations)
        self._usual = _usual_figures(occupations)

    def technologies(self, occupation: Occupation) -> dict[SkillId, float]:
        """Return the occupation's technologies that tell most, with scores in (0, 1]."""
        code = occupation.code or ""
        computers = self._computing.get(code, self._computing[code[:2]])
        low, high = TECHNOLOGY_WEIGHT
        scale = low + (high - low) * computers
        scores: dict[SkillId, float] = {}
        for name in occupation.technologies:
            score = scale * self._demand[code, name] * self._value[name]
            skill = self._canonical[name]
            scores[skill] = max(score, scores.get(skill, 0.0))
        count = max(FEWEST_TECHNOLOGIES, round(MOST_TECHNOLOGIES * computers))
        return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:count])

    def knowledge(self, occupation: Occupation) -> dict[str, float]:
        """Return the areas that matter more here than elsewhere, with scores in (0, 1]."""
        scores = {each.element: self._outstanding(each) for each in occupation.knowledge}
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_KNOWLEDGE]
        return {element: score for element, score in best if score > 0 and element in ESCO_WORDS}

    def _outstanding(self, figure: ImportanceFigure) -> float:
        mean, deviation = self._usual[figure.element]
        share = (figure.value - IMPORTANT) / (MOST_IMPORTANT - IMPORTANT)
        above = min(1.0, max(0.0, (figure.value - mean) / (1.5 * deviation)))
        return KNOWLEDGE_WEIGHT * math.sqrt(max(0.0, share)) * above


def telling(count: int, total: int, *, share: float) -> float:
    """Return how much it tells that something is asked for, in [0, 1].

    1 if at most ``share`` of all ask for it, then less with the logarithm.
    """
    return min(1.0, math.log(total / max(count, 1)) / math.log(1 / share))


def _value(users: int, total: int) -> float:
    known = 1 - KNOWN_SHARE + KNOWN_SHARE * math.log(1 + users) / math.log(1 + total)
    return known * math.sqrt(max(LEAST_TELLING, telling(users, total, share=TELLING_SHARE)))


def _computing(occupations: Sequence[Occupation]) -> dict[str, float]:
    """Return how much occupations live by computers, in [0, 1], by code.

    By the first two digits of the codes there is the mean of the whole group, for occupations
    without figures; one half for a group without any.
    """
    groups: dict[str, list[float]] = {(each.code or "")[:2]: [] for each in occupations}
    found: dict[str, float] = {}
    for each in occupations:
        code = each.code or ""
        for figure in each.knowledge:
            if figure.element == COMPUTERS:
                found[code] = (figure.value - 1) / (MOST_IMPORTANT - 1)
                groups[code[:2]].append(found[code])
    return found | {group: fmean(own) if own else 0.5 for group, own in groups.items()}


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

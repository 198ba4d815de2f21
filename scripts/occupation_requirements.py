"""What an occupation asks for, inferred from its tasks, activities, technologies and knowledge."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scripts.cached_encoder import Encoder
from scripts.duty_skills import DutySkills
from scripts.named_skills import ESCO_WORDS, NamedSkills, telling
from scripts.occupation_phrases import read_duties
from service.domain.ids import OccupationId, SkillId
from service.domain.job import Occupation
from service.domain.skill import Skill, SkillType
from service.standards.shipped import Needed

MOST_REQUIREMENTS = 40
# A skill that scores this much in an occupation is one that the occupation asks for.
ASKED_FOR = 0.25
# ESCO has many skills under two names ("business analysis", "perform business analysis").
SAME_SKILL = 0.9
LEAST_WEIGHT = 0.1
# What comes first matters more than what also comes up.
STEEPNESS = 1.5

Vectors = NDArray[np.float32]


def infer_requirements(
    folder: Path,
    *,
    skills: Sequence[Skill],
    vectors: Vectors,
    occupations: Sequence[Occupation],
    encoder: Encoder,
) -> dict[OccupationId, list[Needed]]:
    """Return what each occupation asks for, heaviest first, the heaviest with weight 1.

    Soft skills and languages are never among it, nor are O*NET's general skills.

    Args:
        folder: the folder with O*NET's tables.
        skills: ESCO's skills and O*NET's technologies.
        vectors: a row for each of the skills, and further rows for other things.
        occupations: with their tasks and descriptions.
    """
    rows = [row for row, skill in enumerate(skills) if _can_be_asked_for(skill)]
    labels = [skills[row].preferred_label for row in rows]
    duties = read_duties(folder, occupations)
    scores = DutySkills(labels, vectors[rows], encoder).score(occupations, duties)
    by_id = [
        {skills[rows[place]].id: score for place, score in own.items()}
        for own in _without_commonplaces(scores)
    ]
    names = {s.preferred_label: s.same_as or s.id for s in skills if s.type is SkillType.TECHNOLOGY}
    named = NamedSkills(folder, occupations, names)
    vector_of = {skill.id: vectors[row] for row, skill in enumerate(skills)}
    words = {skills[row].preferred_label: skills[row].id for row in rows}
    return {
        occupation.id: _chosen(
            own,
            named.technologies(occupation),
            _knowledge(named.knowledge(occupation), own, words),
            vector_of,
        )
        for occupation, own in zip(occupations, by_id, strict=True)
    }


def _can_be_asked_for(skill: Skill) -> bool:
    other_kinds = (SkillType.TECHNOLOGY, SkillType.LANGUAGE)
    return not skill.soft and skill.type not in other_kinds


def _without_commonplaces(scores: list[dict[int, float]]) -> list[dict[int, float]]:
    """Return the scores, lower where many occupations ask for the skill, each list's best 1."""
    asking = Counter(row for own in scores for row, score in own.items() if score > ASKED_FOR)
    count = len(scores)
    told = [
        {row: score * telling(asking[row], count) ** 0.5 for row, score in own.items()}
        for own in scores
    ]
    return [{row: score / max(own.values()) for row, score in own.items()} for own in told]


def _knowledge(
    elements: dict[str, float], scores: dict[SkillId, float], words: dict[str, SkillId]
) -> dict[SkillId, float]:
    """Return the scores by the ESCO skill that says it best for this occupation."""
    found: dict[SkillId, float] = {}
    for element, score in elements.items():
        choices = [words[word] for word in ESCO_WORDS[element]]
        best = max(choices, key=lambda skill: scores.get(skill, 0.0))
        found[best] = score
    return found


def _chosen(
    duties: dict[SkillId, float],
    technologies: dict[SkillId, float],
    knowledge: dict[SkillId, float],
    vector_of: dict[SkillId, Vectors],
) -> list[Needed]:
    """Return the best of all, without a second name for a skill that is already there."""
    scores = dict(duties)
    for more in (technologies, knowledge):
        for skill, score in more.items():
            scores[skill] = max(score, scores.get(skill, 0.0))
    kept: list[SkillId] = []
    for skill, _ in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])):
        if len(kept) == MOST_REQUIREMENTS:
            break
        if skill in technologies or not _is_said_already(skill, kept, vector_of):
            kept.append(skill)
    top = scores[kept[0]]
    weighed = [Needed(skill, round((scores[skill] / top) ** STEEPNESS, 3)) for skill in kept]
    return [needed for needed in weighed if needed.weight >= LEAST_WEIGHT]


def _is_said_already(
    skill: SkillId, kept: Sequence[SkillId], vector_of: dict[SkillId, Vectors]
) -> bool:
    return any(float(vector_of[skill] @ vector_of[other]) > SAME_SKILL for other in kept)

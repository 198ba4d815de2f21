"""What an occupation asks for, inferred from its tasks, activities, technologies and knowledge."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scripts.cached_encoder import Encoder
from scripts.duty_skills import DutySkills
from scripts.named_skills import ESCO_WORDS, NamedSkills, telling
from scripts.occupation_phrases import is_rest, read_duties
from service.domain.ids import OccupationId, SkillId
from service.domain.job import Occupation
from service.domain.skill import Skill, SkillType
from service.standards.shipped import Needed

MOST_REQUIREMENTS = 40
# A skill that scores this much in an occupation is one that the occupation asks for.
ASKED_FOR = 0.25
# A skill that more occupations than these ask for is worth less to each.
COMMON_SHARE = 0.1
LEAST_TELLING = 0.15
# How many characters of their codes near occupations share: the nearest first.
SHARED_CODE = (7, 6, 5, 4)
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
        encoder: encodes tasks, activities and titles; the one that made the vectors.
    """
    rows = [row for row, skill in enumerate(skills) if _can_be_asked_for(skill)]
    labels = [skills[row].preferred_label for row in rows]
    duties = read_duties(folder, occupations)
    scores = DutySkills(labels, vectors[rows], encoder).score(occupations, duties)
    told = _with_relatives(occupations, _without_commonplaces(scores))
    by_id = [{skills[rows[place]].id: score for place, score in own.items()} for own in told]
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
        {
            row: score
            * math.sqrt(max(LEAST_TELLING, telling(asking[row], count, share=COMMON_SHARE)))
            for row, score in own.items()
        }
        for own in scores
    ]
    return [{row: score / max(own.values()) for row, score in own.items()} for own in told]


def _with_relatives(
    occupations: Sequence[Occupation], scores: list[dict[int, float]]
) -> list[dict[int, float]]:
    """Return the scores; of an occupation that is a rest, the mean of the nearest ones' scores.

    O*NET lists no tasks for it, and says only what it is not.
    """
    codes = [each.code or "" for each in occupations]
    listed = [place for place, each in enumerate(occupations) if each.tasks]
    return [
        _mean([scores[near] for near in _relatives(codes, place, listed)] or [own])
        if is_rest(each)
        else own
        for place, (each, own) in enumerate(zip(occupations, scores, strict=True))
    ]


def _relatives(codes: Sequence[str], place: int, listed: Sequence[int]) -> list[int]:
    for length in SHARED_CODE:
        near = [other for other in listed if codes[other][:length] == codes[place][:length]]
        if near:
            return near
    return []


def _mean(scores: Sequence[dict[int, float]]) -> dict[int, float]:
    total: dict[int, float] = defaultdict(float)
    for own in scores:
        for row, score in own.items():
            total[row] += score
    top = max(total.values())
    return {row: score / top for row, score in total.items()}


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
    said = np.empty((0, len(next(iter(vector_of.values())))), dtype=np.float32)
    for skill, _ in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])):
        if len(kept) == MOST_REQUIREMENTS:
            break
        if skill in technologies or not (said @ vector_of[skill] > SAME_SKILL).any():
            kept.append(skill)
            said = np.vstack([said, vector_of[skill]])
    top = scores[kept[0]]
    weighed = [Needed(skill, round((scores[skill] / top) ** STEEPNESS, 3)) for skill in kept]
    return [needed for needed in weighed if needed.weight >= LEAST_WEIGHT]

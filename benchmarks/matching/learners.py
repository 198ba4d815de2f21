"""Learners made by rule from what O*NET's occupations ask for; the same every time."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

from service.domain.ids import LearnerId, OccupationId, SkillId
from service.domain.learner import Learner
from service.domain.skill import EvidenceClass, SkillLink, StatedSkill

OWN_SHARE: Final = 0.6
NOISE_SHARE: Final = 0.25
# What shows a skill takes turns, so that no class decides an evaluation alone.
CLASSES: Final = (
    EvidenceClass.EXPERIENCE,
    EvidenceClass.ISSUED,
    EvidenceClass.SELF_STATED,
    EvidenceClass.GRADED,
)

Label = Callable[[SkillId], str]


def made_learner(
    occupation: OccupationId,
    number: int,
    *,
    own: Sequence[SkillLink],
    others: Sequence[SkillLink],
    label: Label,
) -> Learner:
    """Return one learner of an occupation.

    Their evidence is of 60 % of the occupation's skills, drawn by hash, and of a quarter as many
    of other occupations.
    """
    learner = LearnerId(f"{occupation}-{number}")
    mine = drawn(own, round(OWN_SHARE * len(own)), key=learner)
    noise = drawn(others, round(NOISE_SHARE * len(mine)), key=learner)
    skills = dict.fromkeys(link.skill for link in (*mine, *noise))
    return Learner(
        id=learner,
        skills=tuple(
            StatedSkill(id=skill, name=label(skill), evidence=CLASSES[place % len(CLASSES)])
            for place, skill in enumerate(skills)
        ),
    )


def drawn(links: Sequence[SkillLink], count: int, *, key: str) -> list[SkillLink]:
    """Return so many of the links, chosen and ordered by the hash of their skill and the key."""
    return sorted(links, key=lambda link: by_hash(f"{key}/{link.skill}"))[:count]


def by_hash(text: str) -> bytes:
    """Return what orders texts as if by chance, the same every time."""
    return hashlib.sha256(text.encode()).digest()

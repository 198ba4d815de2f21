"""Builders of a small vocabulary whose vectors say exactly how near its skills are."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from service.domain.ids import SkillId
from service.domain.skill import (
    EvidenceClass,
    Importance,
    LinkMethod,
    LinkSource,
    Skill,
    SkillLink,
)
from service.indexing.vocabulary import Vocabulary
from service.matching.linking import Calibration

DIM = 8
BRIDGE = Calibration(slope=6.4, intercept=-5.1)
SQL = SkillId("sql")
QUERYING = SkillId("querying")
WELDING = SkillId("welding")
TEACHING = SkillId("teaching")

# QUERYING lies at a cosine of 0.9 from SQL; all others are at right angles.
_AXES: Mapping[SkillId, Sequence[tuple[int, float]]] = {
    SQL: [(0, 1.0)],
    QUERYING: [(0, 0.9), (1, 0.19**0.5)],
    WELDING: [(2, 1.0)],
    TEACHING: [(3, 1.0)],
}


def vector_of(skill: SkillId) -> NDArray[np.float32]:
    """Return the skill's unit vector."""
    vector = np.zeros(DIM, dtype=np.float32)
    for axis, value in _AXES[skill]:
        vector[axis] = value
    return vector


def a_vocabulary() -> Vocabulary:
    """Return a vocabulary of the four skills."""
    vocabulary = Vocabulary(DIM, BRIDGE)
    skills = [
        Skill(id=SQL, preferred_label="SQL", alt_labels=("structured query language",)),
        Skill(id=QUERYING, preferred_label="query databases"),
        Skill(id=WELDING, preferred_label="weld metal"),
        Skill(id=TEACHING, preferred_label="teach children"),
    ]
    vocabulary.upsert(skills, np.stack([vector_of(skill.id) for skill in skills]))
    return vocabulary


def a_link(
    skill: SkillId,
    weight: float = 1.0,
    *,
    source: LinkSource = LinkSource.STATED,
    importance: Importance | None = None,
    evidence: EvidenceClass | None = None,
) -> SkillLink:
    """Return a link to a skill, stated under ``skills`` unless told otherwise."""
    return SkillLink(
        skill=skill,
        weight=weight,
        source=source,
        method=LinkMethod.LABEL,
        confidence=weight,
        field="skills.0",
        text=skill,
        importance=importance,
        evidence=evidence,
    )

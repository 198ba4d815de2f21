"""Evidence rules: one table of what each class of evidence, level and age is worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from service.domain.skill import EvidenceClass, Skill, SkillType


class Tier(StrEnum):
    """Who vouches for a piece of evidence; each tier's total has a cap of its own."""

    CLAIMED = "claimed"
    LIVED = "lived"
    ASSESSED = "assessed"


class SkillKind(StrEnum):
    """What sort of ability a skill is, as far as it ages; soft skills go before their type."""

    SKILL = "skill"
    KNOWLEDGE = "knowledge"
    TECHNOLOGY = "technology"
    LANGUAGE = "language"
    SOFT = "soft"


class Factor(StrEnum):
    """What can be set to neutral."""

    CLASS = "class"
    LEVEL = "level"
    AGE = "age"
    COMBINATION = "combination"


class ClassRule(NamedTuple):
    """What a class of evidence is worth, in (0, 1]; for soft skills apart."""

    tier: Tier
    weight: float
    soft: float


class TierCap(NamedTuple):
    """What all evidence of a tier and those below it can be worth together, in (0, 1]."""

    hard: float
    soft: float


# What people say of themselves stays below all that somebody else has seen, so that pasting a
# job ad into a profile does not win. Soft skills are what everybody claims and few can show: a
# claim of one is worth too little to cover anything, and a level on a rubric comes right after
# a verified credential.
CLASSES: Mapping[EvidenceClass, ClassRule] = MappingProxyType(
    {
        EvidenceClass.VERIFIED: ClassRule(Tier.ASSESSED, 1.0, 1.0),
        EvidenceClass.ISSUED: ClassRule(Tier.ASSESSED, 0.95, 0.85),
        EvidenceClass.GRADED: ClassRule(Tier.ASSESSED, 0.9, 0.85),
        EvidenceClass.RUBRIC: ClassRule(Tier.ASSESSED, 0.9, 0.95),
        EvidenceClass.ENDORSED: ClassRule(Tier.ASSESSED, 0.85, 0.75),
        EvidenceClass.EXPERIENCE: ClassRule(Tier.LIVED, 0.8, 0.3),
        EvidenceClass.SELF_STATED: ClassRule(Tier.CLAIMED, 0.7, 0.25),
    }
)
CAPS: Mapping[Tier, TierCap] = MappingProxyType(
    {
        Tier.CLAIMED: TierCap(0.75, 0.3),
        Tier.LIVED: TierCap(0.84, 0.35),
        Tier.ASSESSED: TierCap(1.0, 1.0),
    }
)
# Level 3 is what a piece of evidence that names no level stands for.
LEVEL_FACTORS: Mapping[int, float] = MappingProxyType({1: 0.8, 2: 0.9, 3: 1.0, 4: 1.05, 5: 1.1})
# In years. The World Economic Forum (Future of Jobs, 2023) expects 44 % of skills to change in
# five years, which is a half-life of six over all; tools go faster, and manners last.
HALF_LIVES: Mapping[SkillKind, float] = MappingProxyType(
    {
        SkillKind.TECHNOLOGY: 4.0,
        SkillKind.KNOWLEDGE: 8.0,
        SkillKind.SKILL: 10.0,
        SkillKind.LANGUAGE: 20.0,
        SkillKind.SOFT: 20.0,
    }
)
# The second piece counts half of what it would alone, the third a quarter.
DAMPING = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRules:
    """How evidence becomes a strength.

    Attributes:
        classes: the worth of each class, for soft skills apart.
        caps: what the evidence of each tier and those below can be worth together.
        levels: the factor of each level from 1 to 5; 1 for evidence without a level.
        half_lives: after how many years evidence counts half, by kind of skill.
        damping: what each further piece of evidence counts, times that of the one before; in
            [0, 1), where 0 lets the strongest alone count.
        neutral: the factors that are switched off: every class worth 1, without a cap; every
            level and every age worth 1; the strongest piece counting alone.
    """

    classes: Mapping[EvidenceClass, ClassRule] = field(default_factory=lambda: CLASSES)
    caps: Mapping[Tier, TierCap] = field(default_factory=lambda: CAPS)
    levels: Mapping[int, float] = field(default_factory=lambda: LEVEL_FACTORS)
    half_lives: Mapping[SkillKind, float] = field(default_factory=lambda: HALF_LIVES)
    damping: float = DAMPING
    neutral: frozenset[Factor] = frozenset()

    def uses(self, factor: Factor) -> bool:
        """Tell whether a factor counts."""
        return factor not in self.neutral


DEFAULT_EVIDENCE = EvidenceRules()

_KINDS: Mapping[SkillType, SkillKind] = {each: SkillKind(each.value) for each in SkillType}


def kind_of_skill(skill: Skill | None) -> SkillKind:
    """Return what sort of ability a skill is; one of unknown type ages as a skill does."""
    if skill is None:
        return SkillKind.SKILL
    if skill.soft:
        return SkillKind.SOFT
    return _KINDS[skill.type] if skill.type else SkillKind.SKILL

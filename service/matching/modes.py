"""Modes: what a list is to be best at, for who moves up, who moves over, and who builds on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain.credential import Credential, Level
from service.domain.goal import GoalMode
from service.domain.learner import Evidence
from service.matching.gaps import MeasuredGap
from service.matching.ports import SkillIndex
from service.matching.rules import RankingRules
from service.matching.scoring import Floats

LEVELS = (Level.BEGINNER, Level.INTERMEDIATE, Level.ADVANCED)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Objective:
    """What a list of credentials is valued by.

    Its value is the weighted share of ``need`` that the list covers, by noisy-or: a requirement
    stays open with the product of ``1 - credit`` over the list.

    Attributes:
        mode: none for a goal without one.
        says: the objective in words.
        need: float32 ``(r,)``: how much each requirement of the gap counts; 0 for not at all.
        direct: whether only the skill itself counts, and no bridge to it.
        taught_from: from this credit on a skill counts as taught.
        level: the level that credentials should have; none for any.
        level_other: what a credential of another level keeps of its gain.
    """

    mode: GoalMode | None
    says: str
    need: Floats
    direct: bool = False
    taught_from: float
    level: Level | None = None
    level_other: float = 1.0

    def fit(self, credential: Credential) -> float:
        """Return what share of its gain a credential keeps for its level, in (0, 1]."""
        if self.level is None or credential.level is self.level:
            return 1.0
        return (1.0 + self.level_other) / 2 if credential.level is None else self.level_other


def objective_of(
    gap: MeasuredGap,
    evidence: Sequence[Evidence],
    skills: SkillIndex,
    *,
    held_levels: Sequence[Level],
    rules: RankingRules,
) -> Objective:
    """Return the objective that the mode of a goal declares."""
    goal = gap.gap.reading.goal
    match goal.mode if goal else None:
        case GoalMode.ADVANCE:
            return _advance(gap, _nearness(gap, evidence, skills, rules), held_levels, rules)
        case GoalMode.SWITCH:
            return _switch(gap, rules)
        case GoalMode.BUILD:
            return _build(gap, rules)
        case _:
            says = "the weighted share of what the goal still asks for"
            return Objective(mode=None, says=says, need=gap.need, taught_from=rules.taught_from)


def _advance(
    gap: MeasuredGap, nearness: Floats, held_levels: Sequence[Level], rules: RankingRules
) -> Objective:
    level = next_level(held_levels)
    first = f", credentials of level {level} before others" if level else ""
    need = (gap.need * nearness).astype(np.float32)
    return Objective(
        mode=GoalMode.ADVANCE,
        says=f"advance: what is open near to what is there already{first}",
        # Where nothing is near, everything that is open counts.
        need=need if need.any() else gap.need,
        taught_from=rules.taught_from,
        level=level,
        level_other=rules.level_other,
    )


def _switch(gap: MeasuredGap, rules: RankingRules) -> Objective:
    return Objective(
        mode=GoalMode.SWITCH,
        says="switch: the largest share of all that the goal still asks for, bridges included",
        need=gap.need,
        taught_from=rules.taught_from_bridging,
    )


def _build(gap: MeasuredGap, rules: RankingRules) -> Objective:
    named = _named(gap)
    need = np.where(named, gap.need, 0.0).astype(np.float32)
    says = "build: the skills that the goal names, themselves and through no bridge"
    if not need.any():
        # A goal such as an occupation names no skill, or none that is open.
        need = gap.need
        says = "build: all the skills that the goal asks for, themselves and through no bridge"
    return Objective(
        mode=GoalMode.BUILD, says=says, need=need, direct=True, taught_from=rules.taught_from
    )


def _named(gap: MeasuredGap) -> NDArray[np.bool_]:
    """Return which requirements stand in the goal's own words or list."""
    requirements = gap.gap.reading.requirements
    return np.array([need.field.split(".")[0] == "goal" for need in requirements], dtype=np.bool_)


def _nearness(
    gap: MeasuredGap, evidence: Sequence[Evidence], skills: SkillIndex, rules: RankingRules
) -> Floats:
    """Return how near each requirement is to what the learner can do: float32 ``(r,)`` in [0, 1].

    The largest cosine with a skill of the evidence, weighed by its strength, from
    ``nearness_from`` on.
    """
    if not evidence:
        return np.zeros(len(gap.need), dtype=np.float32)
    vectors = skills.vectors_of([each.skill for each in evidence])
    strengths = np.array([each.strength for each in evidence], dtype=np.float32)
    cosine = ((skills.vectors_of(gap.asked.skills) @ vectors.T) * strengths).max(axis=1)
    share = (cosine - rules.nearness_from) / (1.0 - rules.nearness_from)
    near: Floats = np.clip(share, 0.0, 1.0).astype(np.float32)
    return near


def next_level(held: Sequence[Level]) -> Level | None:
    """Return the level above the highest that is held; none if none is known."""
    if not held:
        return None
    return LEVELS[min(max(LEVELS.index(each) for each in held) + 1, len(LEVELS) - 1)]

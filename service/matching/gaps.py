"""Gaps: a goal's weighted requirements minus what the learner's evidence covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from service.domain.answer import Bridge, Gap, GoalReading, OpenSkill
from service.domain.ids import SkillId
from service.domain.job import Requirement
from service.domain.learner import Evidence
from service.matching.deriving import mean_vector
from service.matching.ports import SkillIndex, Vectors
from service.matching.requirements import weight_of
from service.matching.scoring import (
    COVERED_AT,
    Asked,
    Credit,
    Floats,
    bridges_to,
    credit_by,
    transfer,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeasuredGap:
    """A gap, with the arrays that ranking needs.

    Attributes:
        asked: all requirements of the goal.
        credit: how far the evidence meets each of them.
        need: float32 ``(r,)``: the weight of each requirement that is still open; 0 where it is
            covered.
    """

    gap: Gap
    asked: Asked
    credit: Credit
    need: Floats


def ask(requirements: Sequence[Requirement], skills: SkillIndex) -> Asked:
    """Return requirements as arrays."""
    wanted = tuple(need.skill for need in requirements)
    return Asked(
        skills=wanted,
        weights=np.array([weight_of(need) for need in requirements], dtype=np.float32),
        bridges=bridges_to(wanted, skills),
    )


def ask_for(wanted: Sequence[SkillId], skills: SkillIndex) -> Asked:
    """Return skills as what is asked for, each with the same weight."""
    return Asked(
        skills=tuple(wanted),
        weights=np.ones(len(wanted), dtype=np.float32),
        bridges=bridges_to(wanted, skills),
    )


def where_to_look(vectors: Vectors, need: Floats, aim: Vectors, *, aim_share: float) -> Vectors:
    """Return the goal as a whole mixed with what is open of it: float32 ``(dim,)``, unit length.

    Args:
        vectors: float32 ``(r, dim)``: of all requirements of the goal.
        need: float32 ``(r,)``: how much each is open.
        aim: the goal's own vector, which stands alone where the mixture is nothing.
        aim_share: its share, in [0, 1].
    """
    opened = mean_vector(vectors, need.tolist())
    both = np.stack([aim, opened]).astype(np.float32)
    mixed = mean_vector(both, [aim_share, 1.0 - aim_share])
    return mixed if mixed.any() else aim


def evidence_worth(evidence: Sequence[Evidence], asked: Asked) -> tuple[Floats, Floats]:
    """Return what each skill of a learner is worth for what is asked for, and their strengths.

    Shape: float32 ``(skills, r)`` as ``transfer`` gives it, and float32 ``(skills,)``.
    """
    has = tuple([each.skill for each in evidence])
    strengths = np.array([each.strength for each in evidence], dtype=np.float32)
    return transfer(has, asked), strengths


def evidence_credit(evidence: Sequence[Evidence], asked: Asked) -> Credit:
    """Return how far a learner's evidence meets what is asked for."""
    return credit_by(*evidence_worth(evidence, asked))


def measure(reading: GoalReading, evidence: Sequence[Evidence], asked: Asked) -> MeasuredGap:
    """Return what a goal asks for and the evidence does not cover.

    Args:
        reading: the goal.
        evidence: what the learner can show.
        asked: the goal's requirements as arrays.
    """
    credit = evidence_credit(evidence, asked)
    covered = credit.best >= COVERED_AT
    rows = [
        OpenSkill(
            requirement=need,
            covered=round(float(credit.best[place]), 4),
            nearest=evidence[credit.by[place]].skill if credit.by[place] >= 0 else None,
        )
        for place, need in enumerate(reading.requirements)
    ]
    total = float(asked.weights.sum())
    share = float(asked.weights @ credit.best) / total if total else 0.0
    used = {int(credit.by[place]) for place in np.flatnonzero(covered)}
    gap = Gap(
        reading=reading,
        held=tuple(row for row, is_covered in zip(rows, covered, strict=True) if is_covered),
        open=tuple(row for row, is_covered in zip(rows, covered, strict=True) if not is_covered),
        coverage=round(share, 4),
        bridges=bridges([each.skill for each in evidence], asked, credit, covered),
        evidence=tuple(evidence[place] for place in sorted(used)),
    )
    need = np.where(covered, 0.0, asked.weights * (1.0 - credit.best)).astype(np.float32)
    return MeasuredGap(gap=gap, asked=asked, credit=credit, need=need)


def bridges(
    has: Sequence[SkillId], asked: Asked, credit: Credit, where: NDArray[np.bool_]
) -> tuple[Bridge, ...]:
    """Return the neighboring skills that earn the credit of the requirements at ``where``."""
    return at_places(bridges_by_place(has, asked, credit), where)


def bridges_by_place(
    has: Sequence[SkillId], asked: Asked, credit: Credit
) -> tuple[Bridge | None, ...]:
    """Return for each requirement the neighboring skill that earns its credit; none if it does."""
    by, transfer = credit.by.tolist(), credit.transfer.tolist()
    return tuple(
        [
            Bridge(from_skill=has[by[place]], to_skill=skill, weight=round(transfer[place], 2))
            if by[place] >= 0 and has[by[place]] != skill
            else None
            for place, skill in enumerate(asked.skills)
        ]
    )


def at_places(found: Sequence[Bridge | None], where: NDArray[np.bool_]) -> tuple[Bridge, ...]:
    """Return those of the bridges that are there at the places of ``where``."""
    return tuple([each for each in compress(found, where.tolist()) if each is not None])

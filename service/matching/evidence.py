"""Evidence: how much of a skill all that shows it adds up to, for many learners at once."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.skill import LEVELS, EvidenceClass
from service.matching.evidence_rules import EvidenceRules, Factor, SkillKind, Tier

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Codes = NDArray[np.int8]
PieceArray = NDArray[np.void]

CLASS_CODE = {each: code for code, each in enumerate(EvidenceClass)}
KIND_CODE = {each: code for code, each in enumerate(SkillKind)}
_TIERS = tuple(Tier)
_DAYS_A_YEAR = 365.25
_DIGITS = 4

# One piece of evidence. Days are ordinals and 0 is none, as is level 0. ``guessed`` pieces were
# read out of the learner's own words.
PIECE = np.dtype(
    [
        ("skill", np.int64),
        ("evidence", np.int8),
        ("level", np.int8),
        ("dated", np.int32),
        ("expires", np.int32),
        ("guessed", np.bool_),
        ("weight", np.float64),
    ]
)


class PieceRow(NamedTuple):
    """One piece of evidence as numbers, in the order of ``PIECE``."""

    skill: int
    evidence: int
    level: int
    dated: int
    expires: int
    guessed: bool
    weight: float


def piece_array(rows: Iterable[PieceRow]) -> PieceArray:
    """Return pieces of evidence as one array of dtype ``PIECE``."""
    return np.array(list(rows), dtype=PIECE)


class Judged(NamedTuple):
    """What each piece counts, float64 ``(m,)``, each in [0, 1] but for a level above 1.

    ``contribution`` is what the piece is worth alone: the product of class weight, level
    factor, age factor and the link's weight, at most 1; 0 for a piece that does not count.
    """

    class_weight: Floats
    level_factor: Floats
    age_factor: Floats
    contribution: Floats


class EvidenceJudge:
    """Weighs evidence by one set of rules; the one way to a strength, stored or inline."""

    def __init__(self, rules: EvidenceRules) -> None:
        self.rules = rules
        by_class = [rules.classes[each] for each in EvidenceClass]
        weighs = rules.uses(Factor.CLASS)
        self._classes = np.array(
            [[each.weight, each.soft] if weighs else [1.0, 1.0] for each in by_class]
        )
        self._tiers = np.array([_TIERS.index(each.tier) for each in by_class], dtype=np.int64)
        self._caps = np.array([rules.caps[tier] if weighs else (1.0, 1.0) for tier in _TIERS])
        graded = rules.uses(Factor.LEVEL)
        self._levels = np.array([1.0, *(rules.levels[each] if graded else 1.0 for each in LEVELS)])
        self._half_lives = np.array([rules.half_lives[each] for each in SkillKind])
        self._damping = rules.damping if rules.uses(Factor.COMBINATION) else 0.0

    def judge(self, pieces: PieceArray, kinds: Codes, today: date) -> Judged:
        """Return what each piece counts on a day.

        An expired piece counts nothing, nor does a soft skill that was read out of the learner's
        own words and that nobody assessed.

        Args:
            pieces: ``(m,)`` of dtype ``PIECE``.
            kinds: int8 ``(m,)``: the code of each piece's kind of skill.
            today: the day by which evidence is old or has expired.
        """
        soft = kinds == KIND_CODE[SkillKind.SOFT]
        classes = self._classes[pieces["evidence"], soft.astype(np.int8)]
        levels = self._levels[pieces["level"]]
        ages = self._age_factors(pieces["dated"], kinds, today)
        expired = (pieces["expires"] > 0) & (pieces["expires"] < today.toordinal())
        unassessed = self._tiers[pieces["evidence"]] != _TIERS.index(Tier.ASSESSED)
        counts = ~expired & ~(soft & pieces["guessed"] & unassessed)
        alone = np.minimum(classes * levels * ages * pieces["weight"], 1.0)
        return Judged(classes, levels, ages, np.where(counts, alone, 0.0))

    def strengths(
        self, pieces: PieceArray, kinds: Codes, contributions: Floats, groups: Numbers
    ) -> Floats:
        """Return what the pieces of each group are worth together: float64, by group number.

        The strongest piece counts in full, each further one ``damping`` times as much as the one
        before, and all of them as chances that are independent (a noisy-or: Pearl, 1988). First
        what is claimed, up to its cap; that is then one piece beside what was lived, up to its
        cap; and that is one beside what was assessed. More evidence never lowers a strength.

        Args:
            pieces: ``(m,)`` of dtype ``PIECE``.
            kinds: int8 ``(m,)``: the code of each piece's kind of skill.
            contributions: float64 ``(m,)``: what each piece is worth alone.
            groups: int64 ``(m,)``: 0 to ``n - 1``, each at least once: which belong together.
        """
        count = int(groups.max()) + 1 if len(groups) else 0
        soft = np.zeros(count, dtype=np.int8)
        soft[groups] = kinds == KIND_CODE[SkillKind.SOFT]
        tiers = self._tiers[pieces["evidence"]]
        total = np.zeros(count)
        for tier, caps in enumerate(self._caps):
            rows = tiers == tier
            values = np.concatenate([contributions[rows], total])
            members = np.concatenate([groups[rows], np.arange(count)])
            total = np.minimum(self._together(values, members, count), caps[soft])
        result: Floats = np.round(total, _DIGITS)
        return result

    def _together(self, values: Floats, groups: Numbers, count: int) -> Floats:
        there = values > 0
        values, groups = values[there], groups[there]
        total = np.bincount(groups, weights=values, minlength=count).astype(np.float64)
        # Most skills are shown by one thing alone, and need no sorting.
        several = np.bincount(groups, minlength=count)[groups] > 1
        if several.any():
            values, groups = values[several], groups[several]
            order = np.lexsort((-values, groups))
            members, starts, sizes = np.unique(groups[order], return_index=True, return_counts=True)
            rank = np.arange(len(order)) - np.repeat(starts, sizes)
            missed = 1.0 - values[order] * np.power(self._damping, rank)
            total[members] = 1.0 - np.multiply.reduceat(missed, starts)
        return total

    def _age_factors(self, dated: NDArray[np.int32], kinds: Codes, today: date) -> Floats:
        if not self.rules.uses(Factor.AGE):
            return np.ones(len(dated))
        days = np.where(dated > 0, np.maximum(today.toordinal() - dated, 0), 0)
        result: Floats = np.power(0.5, days / _DAYS_A_YEAR / self._half_lives[kinds])
        return result

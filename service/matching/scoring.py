"""Scoring: how much of what is asked for is there, as a weighted coverage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain.ids import SkillId
from service.matching.ports import Holders, Vectors

Floats = NDArray[np.float32]

# From this share of the credit on, a requirement counts as covered (or as taught).
COVERED_AT = 0.4
# From this share of the credit on, a credential counts as teaching a skill. Lower, since the
# words of a catalog are few, and what it teaches next to the skill still helps.
TAUGHT_AT = 0.3
# A neighboring skill earns credit from this cosine on; never as much as the skill itself.
BRIDGE_FROM = 0.55
BRIDGE_MAX = 0.8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """What is asked for, as arrays.

    Attributes:
        skills: the skills, each once.
        weights: float32 ``(r,)``: how much each counts, in (0, 1].
        vectors: float32 ``(r, dim)``.
    """

    skills: tuple[SkillId, ...]
    weights: Floats
    vectors: Vectors


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Credit:
    """How far each requirement is met by one holder's skills.

    Attributes:
        best: float32 ``(r,)`` in [0, 1].
        by: for each requirement the position of the skill that meets it best; -1 for none.
        transfer: float32 ``(r,)``: 1 where it is the skill itself, less for a bridge.
    """

    best: Floats
    by: NDArray[np.int64]
    transfer: Floats


def transfer(vocabulary: Sequence[SkillId], vectors: Vectors, asked: Asked) -> Floats:
    """Return what each skill is worth for each requirement: float32 ``(skills, r)`` in [0, 1].

    1 for the skill itself; for a neighbor with a cosine ``s`` of at least 0.55 it is
    ``0.8 * (s - 0.55) / (1 - 0.55)``, so that credit begins at nothing; else 0.
    """
    similarity = vectors @ asked.vectors.T
    share = (similarity - BRIDGE_FROM) / (1.0 - BRIDGE_FROM)
    worth: Floats = (BRIDGE_MAX * np.clip(share, 0.0, 1.0)).astype(np.float32)
    column = {skill: place for place, skill in enumerate(asked.skills)}
    for row, skill in enumerate(vocabulary):
        place = column.get(skill)
        if place is not None:
            worth[row, place] = 1.0
    return worth


def best_credit(holders: Holders, asked: Asked) -> Floats:
    """Return how far each holder meets each requirement: float32 ``(n, r)`` in [0, 1].

    The best of its links counts, so that a skill counts once and more skills never lower it.
    """
    result = np.zeros((len(holders.ids), len(asked.skills)), dtype=np.float32)
    if not len(holders.skills) or not asked.skills:
        return result
    worth = transfer(holders.vocabulary, holders.vectors, asked)
    credit = worth[holders.skills] * holders.strengths[:, None]
    filled = holders.starts[1:] > holders.starts[:-1]
    result[filled] = np.maximum.reduceat(credit, holders.starts[:-1][filled], axis=0)
    return result


def credit_of(
    skills: Sequence[SkillId], strengths: Floats, vectors: Vectors, asked: Asked
) -> Credit:
    """Return how far one holder meets each requirement, and by which of its skills."""
    count = len(asked.skills)
    if not skills or not count:
        return Credit(
            best=np.zeros(count, dtype=np.float32),
            by=np.full(count, -1, dtype=np.int64),
            transfer=np.zeros(count, dtype=np.float32),
        )
    worth = transfer(skills, vectors, asked)
    credit = worth * strengths[:, None]
    by = credit.argmax(axis=0)
    best = credit[by, np.arange(count)]
    return Credit(
        best=best.astype(np.float32),
        by=np.where(best > 0, by, -1),
        transfer=worth[by, np.arange(count)],
    )


def coverage(credit: Floats, weights: Floats) -> Floats:
    """Return the weighted mean credit of each row of ``(n, r)``: float32 ``(n,)`` in [0, 1].

    0 where no weight is left.
    """
    total = float(weights.sum())
    if not total:
        return np.zeros(len(credit), dtype=np.float32)
    result: Floats = (credit @ weights / total).astype(np.float32)
    return result


def as_score(share: float) -> float:
    """Return a share in [0, 1] as a score in [0, 100] with one decimal."""
    return round(100.0 * min(max(float(share), 0.0), 1.0), 1)

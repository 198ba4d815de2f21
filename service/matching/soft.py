"""The lane of soft skills: what serves in every line of work, reported apart from the rest."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from service.domain.answer import SoftFit, SoftGain
from service.domain.ids import SkillId
from service.matching.ports import SkillIndex


def is_soft(skill: SkillId, skills: SkillIndex) -> bool:
    """Tell whether the taxonomy marks a skill as soft."""
    found = skills.get(skill)
    return found is not None and found.soft


def soft_among(asked: Sequence[SkillId], skills: SkillIndex) -> NDArray[np.bool_]:
    """Return for each skill whether it is soft: bool ``(len(asked),)``."""
    return np.array([is_soft(skill, skills) for skill in asked], dtype=np.bool_)


def soft_share(
    credit: NDArray[np.float32], weights: NDArray[np.float32], soft: NDArray[np.bool_]
) -> float:
    """Return the weighted mean credit of the soft requirements, in [0, 1]; 0 if there are none.

    Args:
        credit: float32 ``(r,)`` in [0, 1]: how far each requirement is met.
        weights: float32 ``(r,)``: how much each counts.
        soft: bool ``(r,)``: which of them are soft.
    """
    total = float(weights[soft].sum())
    return round(float(weights[soft] @ credit[soft]) / total, 4) if total else 0.0


def soft_fit(
    covered: Sequence[SkillId], missing: Sequence[SkillId], soft: Collection[SkillId]
) -> SoftFit:
    """Return the soft skills among those that a match covers and misses, in their order.

    ``soft`` are all that are soft of what is asked for.
    """
    return SoftFit(covered=_among(covered, soft), missing=_among(missing, soft))


def soft_gain(
    added: Sequence[SkillId],
    held: Sequence[SkillId],
    still_open: Sequence[SkillId],
    soft: Collection[SkillId],
) -> SoftGain:
    """Return the soft skills among those that a credential adds, and beside it, in their order.

    ``soft`` are all that are soft of what is asked for.
    """
    return SoftGain(
        added=_among(added, soft), held=_among(held, soft), open=_among(still_open, soft)
    )


def _among(chosen: Sequence[SkillId], soft: Collection[SkillId]) -> tuple[SkillId, ...]:
    return tuple([skill for skill in chosen if skill in soft])

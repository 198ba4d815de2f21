"""By gap: credentials by the share of what is open that each adds, whatever the others add."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from service.domain.condition import Condition
from service.domain.ids import CredentialId
from service.matching.gaps import MeasuredGap, where_to_look
from service.matching.ports import CredentialIndex, SkillIndex, Vectors, Within
from service.matching.scoring import TAUGHT_AT, as_score, best_credit, coverage

RETRIEVED = 400
# Half the goal as a whole, half what is open of it.
AIM_SHARE = 0.5


class ByGap(NamedTuple):
    """A credential with what it adds by itself: score in [0, 100], relevance a cosine."""

    id: CredentialId
    score: float
    relevance: float
    unknown: bool


def where_to_look_for(gap: MeasuredGap, aim: Vectors, skills: SkillIndex) -> Vectors:
    """Return where credentials for a gap are looked for: float32 ``(dim,)``, unit length."""
    vectors = skills.vectors_of(gap.asked.skills)
    return where_to_look(vectors, gap.need, aim, aim_share=AIM_SHARE)


def rank_by_gap(
    gap: MeasuredGap,
    near: Vectors,
    *,
    credentials: CredentialIndex,
    conditions: Sequence[Condition],
    refused: frozenset[CredentialId],
    words: str = "",
) -> list[ByGap]:
    """Return the credentials that add something, best first.

    The order is by score, then by relevance to goal and gap, then by id.

    Args:
        gap: what is open.
        near: float32 ``(dim,)``: where to look, as ``where_to_look_for`` says.
        credentials: what there is.
        conditions: that they have to meet.
        refused: those that never come.
        words: by which they are looked for beside.
    """
    wanted = [skill for skill, need in zip(gap.asked.skills, gap.need, strict=True) if need > 0]
    holders = credentials.retrieve(
        near,
        k=RETRIEVED,
        skills=wanted,
        within=Within(conditions, refused),
        words=words,
    )
    credit = best_credit(holders, gap.asked)
    # Being a little like everything teaches nothing: only what would count as taught adds.
    gain = coverage(np.where(credit >= TAUGHT_AT, credit, 0.0).astype(np.float32), gap.need)
    ranked = [
        ByGap(
            CredentialId(holders.ids[row]),
            as_score(gain[row]),
            round(float(holders.similarity[row]), 4),
            bool(holders.unknown[row]),
        )
        for row in np.flatnonzero(gain > 0).tolist()
    ]
    adding = [each for each in ranked if each.score > 0]
    return sorted(adding, key=lambda each: (-each.score, -each.relevance, each.id))

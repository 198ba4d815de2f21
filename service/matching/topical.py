"""Topical: a gap told by topics beside skills, for catalogs that are hardly more than titles.

Skills that are linked to a title are few and hard; topics say softly what catalogs file titles
like it under. Both stand side by side as columns of what is needed and of what is taught, so that
marginal gain, coverage and ties are those of one list.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.ids import CredentialId
from service.matching.modes import Objective
from service.matching.ports import CredentialIndex, Vectors
from service.matching.rules import RankingRules
from service.matching.scoring import Floats
from service.matching.shortlist import Shares, Shortlist
from service.matching.topics import Topics, need_of


class Valued(NamedTuple):
    """What a list is valued by: float64 ``(n, c)`` taught, and float32 ``(c,)`` needed."""

    taught: Shares
    need: Floats


class TopicalNeed(NamedTuple):
    """What a goal is about beyond what is held, topic by topic: float32 ``(topics,)``."""

    topics: Topics
    need: Floats


def topical_need(
    topics: Topics,
    aim: Vectors,
    held: Sequence[CredentialId],
    credentials: CredentialIndex,
) -> TopicalNeed:
    """Return what a goal is about and the credentials held are not."""
    vectors = credentials.vectors_of(held)
    known = vectors[vectors.any(axis=1)]
    return TopicalNeed(topics, need_of(topics.of(aim[None, :])[0], topics.of(known)))


def valued(
    found: Shortlist,
    objective: Objective,
    topical: TopicalNeed | None,
    *,
    credentials: CredentialIndex,
    rules: RankingRules,
) -> Valued:
    """Return what a list is valued by: skills, and topics as far as skills are not stated.

    Topics have up to ``topic_share`` of the need: all of it where no credential of the shortlist
    states a skill, none where half or more do, since a catalog that says what it teaches is taken
    at its word. Without an open skill nothing is needed, and where only the named skills count
    topics do not.
    """
    by_skill = Valued(found.taught, objective.need)
    total = float(objective.need.sum(dtype=np.float64))
    if topical is None or objective.direct or not total or not topical.need.any():
        return by_skill
    share = rules.topic_share * _silence(credentials.states_skills(found.ids))
    if not share:
        return by_skill
    likely = topical.topics.of(credentials.vectors_of(found.ids)).astype(np.float64)
    fits = np.array([objective.fit(each) for each in found.outlines], dtype=np.float64)
    about = np.where(likely >= rules.topic_from, likely, 0.0) * fits[:, None]
    skills = objective.need.astype(np.float64) / total * (1.0 - share)
    of_topics = topical.need.astype(np.float64) / float(topical.need.sum()) * share
    return Valued(
        np.concatenate([found.taught, about], axis=1),
        np.concatenate([skills, of_topics]).astype(np.float32),
    )


def _silence(states: NDArray[np.bool_]) -> float:
    """Return 1 where nobody states a skill, 0 where half or more do, and evenly between."""
    if not len(states):
        return 0.0
    return max(0.0, 1.0 - 2.0 * float(states.mean()))

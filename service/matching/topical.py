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
from service.matching.shortlist import Shares, Shortlist, fitted
from service.matching.topics import Topics, need_of


class Valued(NamedTuple):
    """What a list is valued by: float64 ``(n, c)`` taught, and float32 ``(c,)`` needed.

    ``exponent`` is the power to which a share counts, and
    ``repeat`` in [0, 1] is how much of what a row teaches counts even if it was taught before.
    """

    taught: Shares
    need: Floats
    exponent: float = 1.0
    repeat: float = 0.0


class TopicalNeed(NamedTuple):
    """What a goal is about beyond what is held: topics by their numbers, and how much of each.

    ``topics`` is int64 ``(t,)``, ascending; ``need`` is float32 ``(t,)``.
    """

    topics: NDArray[np.int64]
    need: Floats


# A goal is a little about every topic. Those below add nothing to a list and take most of the time.
_LEAST_LIKELY = 0.02


def topical_need(
    topics: Topics,
    aim: Vectors,
    held: Sequence[CredentialId],
    credentials: CredentialIndex,
) -> TopicalNeed:
    """Return what a goal is about and the credentials held are not.

    Topics of which the goal is less than 2 % likely are left out.
    """
    goal = topics.of(aim[None, :])[0]
    likely = np.flatnonzero(goal >= _LEAST_LIKELY)
    return TopicalNeed(likely, need_of(goal[likely], credentials.topics_of(held, likely)))


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
    at its word. Where a goal asks for no skill that is known, topics are all that there is; where
    none of its skills is open nothing is needed, and where only the named skills count topics do
    not.
    """
    by_skill = Valued(found.taught, objective.need, rules.gap_exponent)
    total = float(objective.need.sum(dtype=np.float64))
    covered = bool(objective.need.size) and not total
    if topical is None or objective.direct or covered or not topical.need.any():
        return by_skill
    silence = _silence(credentials.states_skills(found.ids))
    share = rules.topic_share * silence
    if not share:
        return by_skill
    skills = objective.need.astype(np.float64) / (total or 1.0) * (1.0 - share)
    of_topics = topical.need.astype(np.float64) / float(topical.need.sum()) * share
    likely = credentials.topics_of(found.ids, topical.topics)
    return Valued(
        _beside(found, np.where(likely >= rules.topic_from, likely, 0.0), objective),
        np.concatenate([skills, of_topics]).astype(np.float32),
        # A small share of what titles are about is a guess, and nothing to raise.
        exponent=rules.gap_exponent + (1.0 - rules.gap_exponent) * silence,
        repeat=rules.topic_repeat * silence,
    )


def _beside(found: Shortlist, about: Floats, objective: Objective) -> Shares:
    """Return the topics of a shortlist as columns beside its skills, for the mode of the goal."""
    count = found.taught.shape[1]
    # Filled in place: it is the largest array of an answer.
    taught = np.empty((len(about), count + about.shape[1]), dtype=np.float64)
    taught[:, :count] = found.taught
    taught[:, count:] = about
    taught[:, count:] = fitted(taught[:, count:], found.outlines, objective)
    return taught


def _silence(states: NDArray[np.bool_]) -> float:
    """Return 1 where nobody states a skill, 0 where half or more do, and evenly between."""
    if not len(states):
        return 0.0
    return max(0.0, 1.0 - 2.0 * float(states.mean()))

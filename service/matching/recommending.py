"""Recommending: the credentials that add most of what a goal still asks for."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.answer import Recommendation
from service.domain.condition import Condition
from service.domain.credential import Credential
from service.domain.ids import CredentialId, SkillId
from service.domain.record import StoredRecord
from service.matching.deriving import mean_vector
from service.matching.explanation import by_position, each_once, reason_from_link
from service.matching.gaps import MeasuredGap, bridges
from service.matching.ports import CredentialIndex, Holders, SkillIndex, Vectors
from service.matching.scoring import (
    COVERED_AT,
    TAUGHT_AT,
    Asked,
    as_score,
    best_credit,
    coverage,
    credit_of,
)
from service.matching.soft import soft_among, soft_gain, soft_share
from service.matching.teaching import teaching_strengths

RETRIEVED = 400


class Ranked(NamedTuple):
    """A credential with its place in the order: score in [0, 100], relevance a cosine."""

    id: CredentialId
    score: float
    relevance: float
    unknown: bool


class Ranking(NamedTuple):
    """Credentials, best first, and how many met the constraints."""

    ranked: list[Ranked]
    qualifying: int


def rank_credentials(
    gap: MeasuredGap,
    aim: Vectors,
    *,
    credentials: CredentialIndex,
    conditions: Sequence[Condition],
    refused: frozenset[CredentialId],
    words: str = "",
) -> Ranking:
    """Return the credentials that add something, best first.

    The order is by score, then by relevance to goal and gap, then by id.
    """
    query = query_vector(gap, aim)
    wanted = [skill for skill, need in zip(gap.asked.skills, gap.need, strict=True) if need > 0]
    holders = credentials.retrieve(
        query, k=RETRIEVED, skills=wanted, conditions=conditions, refused=refused, words=words
    )
    gain = coverage(_useful(best_credit(holders, gap.asked)), gap.need)
    return Ranking(_ordered(holders, gain), holders.qualifying)


def query_vector(gap: MeasuredGap, aim: Vectors) -> Vectors:
    """Return where to look: half the goal as a whole, half the weighted open skills."""
    open_skills = mean_vector(gap.asked.vectors, gap.need.tolist())
    both = np.stack([aim, open_skills]).astype(np.float32)
    query = mean_vector(both, [1.0, 1.0])
    return query if query.any() else aim


def _useful(credit: NDArray[np.float32]) -> NDArray[np.float32]:
    # Being a little like everything teaches nothing: only what would count as taught adds.
    return np.where(credit >= TAUGHT_AT, credit, 0.0).astype(np.float32)


def _ordered(holders: Holders, gain: NDArray[np.float32]) -> list[Ranked]:
    ranked = [
        Ranked(
            CredentialId(holders.ids[row]),
            as_score(gain[row]),
            round(float(holders.similarity[row]), 4),
            bool(holders.unknown[row]),
        )
        for row in np.flatnonzero(gain > 0).tolist()
    ]
    adding = [each for each in ranked if each.score > 0]
    return sorted(adding, key=lambda each: (-each.score, -each.relevance, each.id))


def explain_credential(
    stored: StoredRecord,
    ranked: Ranked,
    *,
    rank: int,
    gap: MeasuredGap,
    skills: SkillIndex,
    held: frozenset[CredentialId],
) -> Recommendation:
    """Return a recommendation with its reasons, from the record as the store has it now."""
    credential = stored.record
    if not isinstance(credential, Credential):
        raise TypeError(f"{stored.record.id} is no credential")
    links = stored.links
    has = [link.skill for link in links]
    strengths = np.array(teaching_strengths(links), dtype=np.float32)
    credit = credit_of(has, strengths, None, gap.asked)
    teaches = credit.best >= TAUGHT_AT
    added = teaches & (gap.need > 0)
    covered = gap.credit.best >= COVERED_AT
    places = [int(credit.by[place]) for place in np.flatnonzero(teaches)]
    reasons = (
        reason_from_link(f"credential:{credential.id}", link) for link in by_position(links, places)
    )
    adds = _by_weight(gap.asked, added, gap.need)
    holds = _by_weight(gap.asked, teaches & covered, gap.asked.weights)
    leaves = _by_weight(gap.asked, ~teaches & ~covered, gap.need)
    soft = soft_among(gap.asked.skills, skills)
    return Recommendation(
        id=credential.id,
        name=credential.name,
        provider=credential.provider,
        rank=rank,
        score=ranked.score,
        components={
            "gap": round(ranked.score / 100, 4),
            "soft": soft_share(_useful(credit.best), gap.need, soft),
            "relevance": ranked.relevance,
        },
        added=adds,
        held=holds,
        open=leaves,
        soft=soft_gain(adds, holds, leaves, skills),
        bridges=bridges(has, gap.asked, credit, added),
        evidence=each_once(reasons),
        cost=credential.cost,
        duration=credential.duration,
        credit=credential.credit,
        missing_prerequisites=tuple(
            each for each in credential.prerequisites.credentials if each not in held
        ),
        caveats=_caveats(credential, held),
    )


def _by_weight(
    asked: Asked, where: NDArray[np.bool_], weights: NDArray[np.float32]
) -> tuple[SkillId, ...]:
    places = sorted(
        np.flatnonzero(where).tolist(), key=lambda place: (-weights[place], asked.skills[place])
    )
    return tuple(asked.skills[place] for place in places)


def _caveats(credential: Credential, held: frozenset[CredentialId]) -> tuple[str, ...]:
    caveats = []
    missing = [each for each in credential.prerequisites.credentials if each not in held]
    if missing:
        caveats.append(f"asks for {', '.join(missing)} first")
    if credential.prerequisites.text:
        caveats.append(f"prerequisite: {credential.prerequisites.text}")
    if credential.status is None:
        caveats.append("status not stated; counted as Active")
    return tuple(caveats)

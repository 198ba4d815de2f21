"""Scoring: how much of what is asked for is there, as a weighted coverage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.domain.ids import SkillId
from service.matching.ports import Holders, SkillGraph

Floats = NDArray[np.float32]

# From this share of the credit on, a requirement counts as covered (or as taught).
COVERED_AT = 0.4
# From this share of the credit on, a credential counts as teaching a skill. Lower, since the
# words of a catalog are few, and what it teaches next to the skill still helps.
TAUGHT_AT = 0.3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """What is asked for, as arrays.

    Attributes:
        skills: the skills, each once.
        weights: float32 ``(r,)``: how much each counts, in (0, 1].
        bridges: for each skill near one that is asked for, which of them (their places), and
            what it is worth there, in (0, 1).
        places: where each of the skills stands.
    """

    skills: tuple[SkillId, ...]
    weights: Floats
    bridges: Mapping[SkillId, Sequence[tuple[int, float]]] = field(default_factory=dict)
    places: Mapping[SkillId, int] = field(init=False)

    def __post_init__(self) -> None:
        places = {skill: place for place, skill in enumerate(self.skills)}
        object.__setattr__(self, "places", places)


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


def bridges_to(
    asked: Sequence[SkillId], graph: SkillGraph
) -> dict[SkillId, list[tuple[int, float]]]:
    """Return for each neighbor of what is asked for its places there, with what it is worth."""
    found: dict[SkillId, list[tuple[int, float]]] = {}
    for place, neighbors in enumerate(graph.neighbors_of(asked)):
        for neighbor in neighbors:
            found.setdefault(neighbor.skill, []).append((place, neighbor.worth))
    return found


def transfer(vocabulary: Sequence[SkillId], asked: Asked) -> Floats:
    """Return what each skill is worth for each requirement: float32 ``(skills, r)`` in [0, 1].

    1 for the skill itself, less for a neighbor in the graph of skills, else 0.
    """
    worth: Floats = np.zeros((len(vocabulary), len(asked.skills)), dtype=np.float32)
    bridges, places = asked.bridges, asked.places
    # Most skills of a vocabulary are far from all that is asked for.
    for row, skill in enumerate(vocabulary):
        if skill in bridges:
            for place, weight in bridges[skill]:
                worth[row, place] = weight
        if skill in places:
            worth[row, places[skill]] = 1.0
    return worth


def best_credit(holders: Holders, asked: Asked) -> Floats:
    """Return how far each holder meets each requirement: float32 ``(n, r)`` in [0, 1].

    The best of its links counts, so that a skill counts once and more skills never lower it.
    """
    return best_credit_by(holders, transfer(holders.vocabulary, asked))


def best_credit_by(holders: Holders, worth: Floats) -> Floats:
    """Return the same for what each skill of the holders' vocabulary is worth."""
    result = np.zeros((len(holders.ids), worth.shape[1]), dtype=np.float32)
    if not len(holders.skills) or not worth.shape[1]:
        return result
    # Few links are to a skill that is asked for or near one; all others earn nothing.
    links = np.flatnonzero(worth.max(axis=1)[holders.skills] > 0)
    if not len(links):
        return result
    credit = worth[holders.skills[links]] * holders.strengths[links, None]
    owners = np.searchsorted(holders.starts, links, side="right") - 1
    rows, starts = np.unique(owners, return_index=True)
    result[rows] = np.maximum.reduceat(credit, starts, axis=0)
    return result


def worth_toward(
    has: Sequence[SkillId], vocabulary: Sequence[SkillId], graph: SkillGraph
) -> Floats:
    """Return what each skill is worth for each of a vocabulary: float32 ``(has, vocabulary)``.

    As ``transfer``, but by the neighbors of what is there, which are fewer than those of all that
    is asked for.
    """
    worth: Floats = np.zeros((len(has), len(vocabulary)), dtype=np.float32)
    column = {skill: place for place, skill in enumerate(vocabulary)}
    for row, neighbors in enumerate(graph.neighbors_of(has)):
        for neighbor in neighbors:
            place = column.get(neighbor.skill)
            if place is not None:
                worth[row, place] = neighbor.worth_back
        own = column.get(has[row])
        if own is not None:
            worth[row, own] = 1.0
    return worth


def credit_of(skills: Sequence[SkillId], strengths: Floats, asked: Asked) -> Credit:
    """Return how far one holder meets each requirement, and by which of its skills."""
    return credit_by(transfer(skills, asked), strengths)


def credit_by(worth: Floats, strengths: Floats) -> Credit:
    """Return the same for what each skill is worth: float32 ``(skills, r)``."""
    held, count = worth.shape
    if not held or not count:
        return Credit(
            best=np.zeros(count, dtype=np.float32),
            by=np.full(count, -1, dtype=np.int64),
            transfer=np.zeros(count, dtype=np.float32),
        )
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

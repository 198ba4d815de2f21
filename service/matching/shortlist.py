"""A shortlist: the credentials that an answer chooses from, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.credential import Credential
from service.domain.ids import CredentialId, SkillId
from service.domain.skill import SkillLink
from service.matching.modes import Objective
from service.matching.ports import CredentialIndex, Holders, SkillIndex, Vectors
from service.matching.rules import RankingRules
from service.matching.scoring import Asked, Credit, Floats, best_credit, credit_of
from service.matching.teaching import teaching_strengths

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shortlist:
    """Credentials by ascending id.

    Attributes:
        outlines: the credentials, without texts and skills.
        taught: float64 ``(n, r)`` in [0, 1]: the belief that each teaches each requirement; 0
            where it is too little to count.
        similarity: float64 ``(n,)``: cosine with the query, in [-1, 1].
        unknown: bool ``(n,)``: whether a constraint is unknown.
        ids: the credentials' ids, ascending.
    """

    outlines: tuple[Credential, ...]
    taught: Shares
    similarity: Shares
    unknown: NDArray[np.bool_]
    ids: tuple[CredentialId, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", tuple([each.id for each in self.outlines]))


class Named(NamedTuple):
    """A credential that a question names, with what is derived from it."""

    credential: Credential
    links: tuple[SkillLink, ...]
    vector: Vectors


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Valuing:
    """By what it is valued that a skill is taught."""

    asked: Asked
    objective: Objective
    skills: SkillIndex
    rules: RankingRules


def shortlist_of(holders: Holders, by: Valuing, credentials: CredentialIndex) -> Shortlist:
    """Return what was retrieved as a shortlist."""
    outlines = credentials.outlines_of([CredentialId(each) for each in holders.ids])
    direct = by.objective.direct
    credit = _direct(holders, by.asked) if direct else best_credit(holders, by.asked)
    # One that was removed since it was found is left out.
    present = tuple([each for each in outlines if each is not None])
    there = slice(None) if len(present) == len(outlines) else _there(outlines)
    return Shortlist(
        outlines=present,
        taught=fitted(believed(credit[there], by), present, by.objective),
        similarity=holders.similarity[there].astype(np.float64),
        unknown=holders.unknown[there],
    )


def _there(outlines: Sequence[Credential | None]) -> NDArray[np.bool_]:
    return np.array([each is not None for each in outlines], dtype=np.bool_)


def with_named(
    found: Shortlist, named: Sequence[Named], *, by: Valuing, query: Vectors
) -> Shortlist:
    """Return a shortlist that has the named credentials, too."""
    known = set(found.ids)
    new = [each for each in named if each.credential.id not in known]
    if not new:
        return found
    rows = [teaching(each.links, by.asked, by.objective).best for each in new]
    outlines = tuple(each.credential for each in new)
    added = Shortlist(
        outlines=outlines,
        taught=fitted(believed(np.stack(rows), by), outlines, by.objective),
        similarity=np.array([float(each.vector @ query) for each in new], dtype=np.float64),
        unknown=np.zeros(len(new), dtype=np.bool_),
    )
    return _united(found, added)


def united(first: Shortlist, second: Shortlist) -> Shortlist:
    """Return the credentials of both, by ascending id; the first's facts go before."""
    known = set(first.ids)
    new = [row for row, each in enumerate(second.ids) if each not in known]
    return _united(first, _taken(second, new))


def _united(first: Shortlist, second: Shortlist) -> Shortlist:
    both = Shortlist(
        outlines=first.outlines + second.outlines,
        taught=np.concatenate([first.taught, second.taught]),
        similarity=np.concatenate([first.similarity, second.similarity]),
        unknown=np.concatenate([first.unknown, second.unknown]),
    )
    ids = both.ids
    return _taken(both, sorted(range(len(ids)), key=ids.__getitem__))


def _taken(found: Shortlist, rows: Sequence[int]) -> Shortlist:
    places = np.array(rows, dtype=np.int64)
    return replace(
        found,
        outlines=tuple(found.outlines[row] for row in rows),
        taught=found.taught[places],
        similarity=found.similarity[places],
        unknown=found.unknown[places],
    )


def teaching(links: Sequence[SkillLink], asked: Asked, objective: Objective) -> Credit:
    """Return how far one credential teaches each requirement, and by which of its skills."""
    has = [link.skill for link in links]
    strengths = np.array(teaching_strengths(links), dtype=np.float32)
    if not objective.direct:
        return credit_of(has, strengths, asked)
    return _own(has, strengths, asked)


def _own(has: Sequence[SkillId], strengths: Floats, asked: Asked) -> Credit:
    place = {skill: row for row, skill in enumerate(has)}
    by = np.array([place.get(skill, -1) for skill in asked.skills], dtype=np.int64)
    there = by >= 0
    best = np.zeros(len(by), dtype=np.float32)
    best[there] = strengths[by[there]]
    return Credit(best=best, by=by, transfer=there.astype(np.float32))


def _direct(holders: Holders, asked: Asked) -> Floats:
    """Return how far each holder has each requirement itself: float32 ``(n, r)`` in [0, 1]."""
    result = np.zeros((len(holders.ids), len(asked.skills)), dtype=np.float32)
    column = {skill: place for place, skill in enumerate(asked.skills)}
    columns = np.array([column.get(skill, -1) for skill in holders.vocabulary], dtype=np.int64)
    if len(holders.skills):
        places = columns[holders.skills]
        lengths = holders.starts[1:] - holders.starts[:-1]
        rows = np.repeat(np.arange(len(holders.ids)), lengths)
        wanted = places >= 0
        np.maximum.at(result, (rows[wanted], places[wanted]), holders.strengths[wanted])
    return result


def believed(credit: Floats, by: Valuing) -> Shares:
    """Return the belief that skills are taught, for their credit: float64 in [0, 1]."""
    rules = by.rules
    share = np.where(credit >= by.objective.taught_from, credit, 0.0).astype(np.float64)
    if not rules.teaching_slope:
        return share
    low, value, high = (
        1.0 / (1.0 + np.exp(-rules.teaching_slope * (each - rules.teaching_middle)))
        for each in (np.float64(0.0), share, np.float64(1.0))
    )
    return np.asarray((value - low) / (high - low), dtype=np.float64)


def fitted(taught: Shares, outlines: Sequence[Credential], objective: Objective) -> Shares:
    """Return what each credential keeps of ``(n, c)`` shares for its level."""
    if objective.level is None:
        return taught
    fits = np.array([objective.fit(each) for each in outlines], dtype=np.float64)
    return np.asarray(taught * fits[:, None], dtype=np.float64)

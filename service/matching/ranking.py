"""Ranking: candidates from several queries, valued by components, listed by marginal gain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.condition import Condition, ConditionField
from service.domain.ids import CredentialId
from service.domain.ranking import Component, Diversify, Weights
from service.matching.components import (
    Measures,
    common_currency,
    components_of,
    raw_scores,
    scores_of,
)
from service.matching.deriving import mean_vector
from service.matching.gaps import MeasuredGap, where_to_look
from service.matching.marginal import Menu, Pick, covered_by, pick
from service.matching.modes import Objective
from service.matching.ports import CredentialIndex, CreditRules, SkillIndex, Vectors, Within
from service.matching.rules import RankingRules
from service.matching.scoring import Floats
from service.matching.shortlist import (
    Named,
    Shares,
    Shortlist,
    Valuing,
    shortlist_of,
    united,
    with_named,
)
from service.matching.topical import TopicalNeed, Valued, valued
from service.matching.wording import gap_words

_GAP = list(Component).index(Component.GAP)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wanted:
    """What a list of credentials is to be.

    Attributes:
        aim: float32 ``(dim,)``: the goal as a vector.
        refused: credentials that never come, pinned ones apart.
        pinned: credentials that come first whatever they add.
        include_unknown: whether credentials of which a constraint is unknown are listed.
        relax: constraints that are given up, in this order, while the list is too short.
        currency: in which costs are compared; none for the one that most are stated in.
        topical: what the goal is about, by topics; none where they are not at hand.
    """

    gap: MeasuredGap
    aim: Vectors
    objective: Objective
    conditions: tuple[Condition, ...]
    refused: frozenset[CredentialId]
    weights: Weights
    limit: int
    pinned: tuple[Named, ...] = ()
    threshold: float = 0.0
    include_unknown: bool = False
    relax: tuple[ConditionField, ...] = ()
    diversify: Diversify | None = None
    currency: str | None = None
    topical: TopicalNeed | None = None


class Ranked(NamedTuple):
    """A credential on a list.

    Attributes:
        raw: the weighted sum of the components.
        score: the same in [0, 100].
        components: in the order of ``Component``, each in [0, 1].
        marginal_gain: the weighted share of the need that it adds beyond those before it.
    """

    id: CredentialId
    raw: float
    score: float
    components: tuple[float, ...]
    marginal_gain: float
    pinned: bool = False


class Ranking(NamedTuple):
    """A list, in its order.

    Attributes:
        apart: those of which a constraint is unknown, best first.
        qualifying: how many credentials meet all constraints.
        relaxed: the constraints that were given up.
        covered: the value of the objective: the weighted share of the need that the list covers.
        currency: in which costs were compared.
    """

    ranked: list[Ranked]
    apart: list[Ranked]
    qualifying: int
    relaxed: tuple[Condition, ...]
    covered: float
    currency: str | None


class Ranker:
    """Ranks the credentials of one tenant.

    Args:
        demand: float32 ``(r,)``: how much the jobs ask for each requirement of the gap; none if
            there are no jobs.
    """

    def __init__(
        self,
        credentials: CredentialIndex,
        skills: SkillIndex,
        *,
        demand: Floats | None,
        credit: CreditRules,
        rules: RankingRules,
    ) -> None:
        self._credentials = credentials
        self._skills = skills
        self._demand = demand
        self._credit = credit
        self._rules = rules

    def rank(self, wanted: Wanted) -> Ranking:
        """Return the list that is wanted, and what was done to make it."""
        found, qualifying = self._retrieve(wanted, wanted.conditions)
        rounds = [_admitted(found, wanted)]
        found = self._with_pinned(found, wanted)
        draft = self._draft(found, rounds, wanted)
        conditions = wanted.conditions
        relaxed: tuple[Condition, ...] = ()
        for field in wanted.relax:
            dropped = tuple(each for each in conditions if each.field is field)
            if len(draft.picks) >= wanted.limit or not dropped:
                continue
            conditions = tuple(each for each in conditions if each.field is not field)
            relaxed = (*relaxed, *dropped)
            more, _ = self._retrieve(wanted, conditions)
            rounds.append(_admitted(more, wanted))
            found = united(found, more)
            draft = self._draft(found, rounds, wanted)
        return Ranking(
            ranked=draft.ranked(),
            apart=draft.apart(frozenset().union(*rounds)),
            qualifying=qualifying,
            relaxed=relaxed,
            covered=covered_by(draft.menu, [each.row for each in draft.picks]),
            currency=draft.currency,
        )

    def _retrieve(self, wanted: Wanted, conditions: Sequence[Condition]) -> tuple[Shortlist, int]:
        need, asked = wanted.objective.need, wanted.gap.asked
        skills = asked.skills
        holders = self._credentials.retrieve(
            queries(wanted, self._skills.vectors_of(skills), self._rules),
            k=self._rules.retrieved,
            skills=[skill for skill, weight in zip(skills, need.tolist(), strict=True) if weight],
            within=Within(
                conditions, wanted.refused - {each.credential.id for each in wanted.pinned}
            ),
            words=gap_words(wanted.gap, self._skills),
            links_to=dict.fromkeys((*skills, *asked.bridges)),
        )
        found = shortlist_of(holders, self._valuing(wanted), self._credentials)
        return found, holders.qualifying

    def _valuing(self, wanted: Wanted) -> Valuing:
        return Valuing(
            asked=wanted.gap.asked,
            objective=wanted.objective,
            skills=self._skills,
            rules=self._rules,
        )

    def _with_pinned(self, found: Shortlist, wanted: Wanted) -> Shortlist:
        if not wanted.pinned:
            return found
        vectors = self._skills.vectors_of(wanted.gap.asked.skills)
        query = queries(wanted, vectors, self._rules)[0]
        return with_named(found, wanted.pinned, by=self._valuing(wanted), query=query)

    def _draft(
        self, found: Shortlist, rounds: Sequence[frozenset[CredentialId]], wanted: Wanted
    ) -> "_Draft":
        measures = Measures(
            need=wanted.objective.need,
            demand=self._demand,
            currency=wanted.currency or common_currency(found.outlines),
            credit=self._credit,
            rules=self._rules,
        )
        by = valued(
            found,
            wanted.objective,
            wanted.topical,
            credentials=self._credentials,
            rules=self._rules,
        )
        components = components_of(found, measures, by)
        raws = raw_scores(components, wanted.weights)
        scores = scores_of(raws, wanted.weights)
        worth = (components[:, _GAP] > 0) & (scores >= wanted.threshold)
        menu = _menu(found, components, _tiers(found, rounds, worth), wanted, by)
        first = [found.ids.index(each.credential.id) for each in wanted.pinned]
        return _Draft(
            found=found,
            components=components,
            raws=raws,
            scores=scores,
            worth=worth,
            menu=menu,
            picks=pick(menu, first=first, limit=wanted.limit),
            wanted=wanted,
            currency=measures.currency,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Draft:
    """A list as it stands, with what it was chosen from."""

    found: Shortlist
    components: Shares
    raws: Shares
    scores: Shares
    worth: NDArray[np.bool_]
    menu: Menu
    picks: list[Pick]
    wanted: Wanted
    currency: str | None

    def ranked(self) -> list[Ranked]:
        pinned = len(self.wanted.pinned)
        return [
            self._row(each.row, marginal_gain=each.marginal_gain, pinned=place < pinned)
            for place, each in enumerate(self.picks)
        ]

    def apart(self, admitted: frozenset[CredentialId]) -> list[Ranked]:
        on_list = {each.row for each in self.picks}
        rows = [
            self._row(row, marginal_gain=0.0, pinned=False)
            for row in np.flatnonzero(self.worth & self.found.unknown).tolist()
            if row not in on_list and self.found.ids[row] not in admitted
        ]
        return sorted(rows, key=lambda each: (-each.score, -each.raw, each.id))

    def _row(self, row: int, *, marginal_gain: float, pinned: bool) -> Ranked:
        return Ranked(
            id=self.found.ids[row],
            raw=float(self.raws[row]),
            score=float(self.scores[row]),
            components=tuple(self.components[row].tolist()),
            marginal_gain=round(marginal_gain, 4),
            pinned=pinned,
        )


def queries(wanted: Wanted, vectors: Vectors, rules: RankingRules) -> Vectors:
    """Return where to look: float32 ``(q, dim)``.

    First the goal as a whole mixed with what is open, then each of the two, then the heaviest
    open skills one by one.

    Args:
        wanted: what is wanted.
        vectors: float32 ``(r, dim)``: of what the goal asks for.
        rules: how the parts are mixed.
    """
    need = wanted.objective.need
    opened = mean_vector(vectors, need.tolist())
    mixed = where_to_look(vectors, need, wanted.aim, aim_share=rules.aim_share)
    heaviest = np.argsort(-need, kind="stable")[: rules.single_skills]
    singles = [vectors[place] for place in heaviest.tolist() if need[place] > 0]
    distinct = [each for each in (wanted.aim, opened, *singles) if each.any()]
    return np.stack([mixed, *distinct]).astype(np.float32)


def _admitted(found: Shortlist, wanted: Wanted) -> frozenset[CredentialId]:
    if wanted.include_unknown or not found.unknown.any():
        return frozenset(found.ids)
    known = zip(found.ids, found.unknown.tolist(), strict=True)
    return frozenset(each for each, unknown in known if not unknown)


def _tiers(
    found: Shortlist,
    rounds: Sequence[frozenset[CredentialId]],
    worth: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return for each row in which round it was first admitted; -1 if it is not to be listed."""
    if len(rounds) == 1 and len(rounds[0]) == len(found.ids):
        # All that there is came at once, which is nearly always so.
        return np.where(worth, 0, -1)
    first: dict[CredentialId, int] = {}
    for place, admitted in enumerate(rounds):
        for each in admitted:
            first.setdefault(each, place)
    tiers = np.array([first.get(each, -1) for each in found.ids], dtype=np.int64)
    return np.where(worth, tiers, -1)


def _menu(
    found: Shortlist,
    components: Shares,
    tiers: NDArray[np.int64],
    wanted: Wanted,
    by: Valued,
) -> Menu:
    weights = np.array(wanted.weights.all)
    weights[_GAP] *= by.repeat
    diversify = wanted.diversify
    return Menu(
        taught=by.taught,
        need=by.need,
        rest=components @ weights,
        gap_weight=wanted.weights.gap * (1.0 - by.repeat),
        gap_exponent=by.exponent,
        groups=_groups(found) if diversify else (),
        max_per_group=diversify.max_per_group if diversify else None,
        tiers=tiers,
    )


def _groups(found: Shortlist) -> list[str]:
    return [each.provider.id or each.provider.name.casefold() for each in found.outlines]

"""Components: the parts of a credential's score, each in [0, 1]; higher is better."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain.credential import Credential
from service.domain.quantities import CreditUnit
from service.domain.ranking import Component, Weights
from service.matching.ports import CreditRules
from service.matching.rules import RankingRules
from service.matching.score_calibration import ScoreKind, calibrated
from service.matching.scoring import Floats
from service.matching.shortlist import Shares, Shortlist
from service.matching.topical import Valued

# What is displayed is what counts, so that a weight times a component can be added up by hand.
DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measures:
    """What components are measured by, the same for every candidate.

    Attributes:
        need: float32 ``(r,)``: how much each requirement counts.
        demand: float32 ``(r,)``: how much the jobs ask for each; none if there are no jobs.
        currency: in which costs are compared; none if no cost is known. A cost in another one
            is unknown.
    """

    need: Floats
    demand: Floats | None
    currency: str | None
    credit: CreditRules
    rules: RankingRules


def components_of(found: Shortlist, by: Measures, valued: Valued) -> Shares:
    """Return the components of each candidate, in the order of ``Component``: ``(n, 6)``.

    ``gap`` is measured by what the list is valued by, topics included; ``demand`` by skills.
    """
    columns = {
        Component.GAP: share_added(valued.taught, valued.need) ** valued.exponent,
        Component.DEMAND: _demand(found, by),
        Component.RELEVANCE: (1.0 + found.similarity) / 2.0,
        Component.CREDIT: _credit(found.outlines, by.credit),
        Component.COST: _smaller(_costs(found.outlines, by.currency), by.rules),
        Component.TIME: _smaller([each.duration.weeks for each in found.outlines], by.rules),
    }
    table = np.stack([columns[component] for component in Component], axis=1)
    return np.asarray(np.clip(table, 0.0, 1.0).round(DIGITS), dtype=np.float64)


def raw_scores(components: Shares, weights: Weights) -> Shares:
    """Return the weighted sums of ``(n, 6)`` components, before calibration: ``(n,)``."""
    return np.asarray(components @ np.array(weights.all), dtype=np.float64)


def scores_of(raws: Shares, weights: Weights) -> Shares:
    """Return the scores in [0, 100] for weighted sums, with one decimal.

    The raw score is 100 times the sum; where the weights add up to more than 1, divided by what
    they add up to. What was measured of it holds for the weights that nobody chose, so with
    others the raw score is shown.
    """
    shares = np.clip(raws / max(1.0, sum(weights.all)), 0.0, 1.0)
    if weights == Weights():
        return calibrated(100.0 * shares, ScoreKind.RECOMMENDATION)
    return np.asarray((100.0 * shares).round(1), dtype=np.float64)


def share_added(taught: Shares, need: Floats) -> Shares:
    """Return the weighted share of what is needed that each row of ``(n, r)`` teaches."""
    total = float(need.sum(dtype=np.float64))
    if not total:
        return np.zeros(len(taught), dtype=np.float64)
    return np.asarray(taught @ need.astype(np.float64) / total, dtype=np.float64)


def _demand(found: Shortlist, by: Measures) -> Shares:
    if by.demand is None:
        return np.zeros(len(found.outlines), dtype=np.float64)
    # Only what is open counts: of a skill that is there already, more adds nothing.
    return share_added(found.taught, np.where(by.need > 0, by.demand, 0.0).astype(np.float32))


def _credit(outlines: Sequence[Credential], rules: CreditRules) -> Shares:
    """Return each credit beside the largest in the same units; units are never converted here."""
    awards = [rules.credit_yield(each) for each in outlines]
    if not any(awards):
        return np.zeros(len(outlines), dtype=np.float64)
    largest: dict[CreditUnit, float] = {}
    for award in awards:
        if award is not None:
            units = award.credit.units
            largest[units] = max(largest.get(units, 0.0), award.credit.value)
    return np.array(
        [
            award.credit.value / largest[award.credit.units]
            if award is not None and award.credit.value
            else 0.0
            for award in awards
        ],
        dtype=np.float64,
    )


def _costs(outlines: Sequence[Credential], currency: str | None) -> list[float | None]:
    return [
        each.cost.amount if each.cost and each.cost.currency == currency else None
        for each in outlines
    ]


def _smaller(values: Sequence[float | None], rules: RankingRules) -> Shares:
    """Return ``m / (m + value)`` with the median ``m`` of the known positive values.

    1 for nothing, one half for the median, less for more; ``unknown_value`` for the unknown.
    """
    known: NDArray[np.float64] = np.array(
        [np.nan if value is None else value for value in values], dtype=np.float64
    )
    positive = known[known > 0]
    if len(positive):
        middle = float(np.median(positive))
        shares = middle / (middle + known)
    else:
        shares = np.ones(len(known), dtype=np.float64)
    return np.where(np.isnan(known), rules.unknown_value, shares)


def common_currency(outlines: Sequence[Credential]) -> str | None:
    """Return the currency in which most of the costs are stated; ties by its code."""
    counts = Counter([each.cost.currency for each in outlines if each.cost])
    return min(counts, key=lambda each: (-counts[each], each), default=None)

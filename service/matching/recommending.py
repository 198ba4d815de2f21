"""Recommending: one credential with its reasons, from the record as the store has it now."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from service.domain.answer import Recommendation
from service.domain.condition import Condition, Truth, describe, judge
from service.domain.credential import Credential
from service.domain.ids import CredentialId, SkillId
from service.domain.learner import Evidence
from service.domain.ranking import Component
from service.domain.record import StoredRecord
from service.matching.gaps import MeasuredGap, ask_for, at_places, evidence_credit
from service.matching.modes import Objective
from service.matching.names import name_key
from service.matching.ports import CreditRules, SkillIndex
from service.matching.posing import PosedGoal, Teacher, lesson_of, places_in_order
from service.matching.ranking import Ranked
from service.matching.scoring import COVERED_AT, Asked
from service.matching.soft import soft_gain

Truths = list[tuple[Condition, Truth]]
_NAMES = tuple(component.value for component in Component)

BY_TITLE = "listed for what credentials with such titles teach; none of the open skills is named"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explainer:
    """Explains the items of one answer.

    Attributes:
        posed: what the goal asks for: that of which the gap was measured.
        held: the credentials that the learner holds.
        conditions: the constraints, before any was relaxed.
        currency: in which costs were compared.
        teacher: tells what a credential teaches of it.
        by_need: the places of what is asked for, the most needed first, ties by skill.
        covered: bool ``(r,)``: what is covered already.
    """

    gap: MeasuredGap
    posed: PosedGoal
    objective: Objective
    evidence: tuple[Evidence, ...]
    held: frozenset[CredentialId]
    conditions: tuple[Condition, ...]
    currency: str | None
    skills: SkillIndex
    credit: CreditRules
    today: date
    teacher: Teacher = lesson_of
    by_need: tuple[int, ...] = field(init=False)
    covered: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        by_need = places_in_order(self.posed.asked, self.gap.need)
        object.__setattr__(self, "by_need", by_need)
        object.__setattr__(self, "covered", self.gap.credit.best >= COVERED_AT)

    def explain(self, stored: StoredRecord, ranked: Ranked, *, rank: int) -> Recommendation:
        """Return a recommendation with its reasons."""
        credential = stored.record
        if not isinstance(credential, Credential):
            raise TypeError(f"{stored.record.id} is no credential")
        asked, covered = self.posed.asked, self.covered
        truths = [(each, judge(each, credential)) for each in self.conditions]
        teaches, bridges, reasons = self.teacher(self.posed, self.objective, stored)
        added = teaches & (self.gap.need > 0)
        adds = _in_order(asked, added, self.by_need)
        holds = _in_order(asked, teaches & covered, self.posed.by_weight)
        leaves = _in_order(asked, ~teaches & ~covered, self.by_need)
        return Recommendation(
            id=credential.id,
            name=credential.name,
            provider=credential.provider,
            rank=rank,
            score=ranked.score,
            components=dict(zip(_NAMES, ranked.components, strict=True)),
            marginal_gain=ranked.marginal_gain,
            added=adds,
            held=holds,
            open=leaves,
            soft=soft_gain(adds, holds, leaves, self.posed.soft),
            bridges=at_places(bridges, added),
            evidence=reasons,
            cost=credential.cost,
            duration=credential.duration,
            credit=self.credit.credit_yield(credential),
            missing_prerequisites=tuple(
                each for each in credential.prerequisites.credentials if each not in self.held
            ),
            caveats=tuple(self._caveats(credential, truths, pinned=ranked.pinned, adds=bool(adds))),
            pinned=ranked.pinned,
            breaks=tuple([describe(each) for each, truth in truths if truth is Truth.VIOLATED]),
        )

    def _caveats(
        self, credential: Credential, truths: Truths, *, pinned: bool, adds: bool
    ) -> Iterator[str]:
        yield from self._about_prerequisites(credential)
        if credential.status is None:
            yield "status not stated; counted as Active"
        yield from self._about_price(credential)
        if credential.credit_recommendations:
            recommended = "; ".join(credential.credit_recommendations)
            yield f"credit recommended, not guaranteed: {recommended}"
        if credential.expires and credential.expires < self.today:
            yield f"expired on {credential.expires.isoformat()}"
        if pinned and credential.id in self.held:
            yield "held already"
        if not adds:
            yield "adds nothing to what is open" if pinned else BY_TITLE
        for condition, truth in truths:
            yield from _about(condition, truth)

    def _about_prerequisites(self, credential: Credential) -> Iterator[str]:
        asked = credential.prerequisites
        missing = [each for each in asked.credentials if each not in self.held]
        if missing:
            yield f"asks for {', '.join(missing)} first"
        unshown = list(self._unshown(credential))
        if unshown:
            yield f"asks for skills that nothing shows: {', '.join(unshown)}"
        if asked.text:
            yield f"prerequisite: {asked.text}"

    def _unshown(self, credential: Credential) -> Iterator[str]:
        """Yield the skills that a credential asks for first and no evidence covers."""
        for stated in credential.prerequisites.skills:
            known = stated.id or self.skills.by_name(name_key(stated.name or ""))
            found = self.skills.get(known) if known else None
            if known is None or not self._shows(known):
                yield found.preferred_label if found else stated.name or str(stated.id)

    def _shows(self, skill: SkillId) -> bool:
        best = evidence_credit(self.evidence, ask_for([skill], self.skills)).best
        return bool(best[0] >= COVERED_AT)

    def _about_price(self, credential: Credential) -> Iterator[str]:
        cost = credential.cost
        if cost is None:
            yield "cost not stated"
        elif cost.currency != self.currency:
            yield f"cost in {cost.currency}, not compared with {self.currency}"
        if credential.duration.weeks is None:
            yield "weeks not stated"


def _about(condition: Condition, truth: Truth) -> Iterator[str]:
    match truth:
        case Truth.VIOLATED:
            yield f"breaks the limit: {describe(condition)}"
        case Truth.UNKNOWN:
            yield f"not known whether it meets the limit: {describe(condition)}"


def _in_order(
    asked: Asked, where: NDArray[np.bool_], order: tuple[int, ...]
) -> tuple[SkillId, ...]:
    chosen = where.tolist()
    return tuple([asked.skills[place] for place in order if chosen[place]])

"""Counting credit: what a learner brings, cut by caps, with what is left to the degree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from service.domain.credential import Credential
from service.domain.credit import CreditKind
from service.domain.credit_answer import (
    CapUse,
    CreditEvaluation,
    CreditItem,
    CreditStatus,
    ResidencyStanding,
    UnitTotal,
)
from service.domain.ids import CredentialId
from service.domain.learner import Learner
from service.domain.quantities import CreditUnit
from service.matching.credit_awards import NOTHING, ProgramCredit, credit_yield
from service.matching.credit_incoming import Incoming, incoming_of
from service.matching.credit_terms import Terms, exact, in_units
from service.matching.residency import Counted, remaining

__all__ = ["ProgramCredit", "Terms", "credit_yield", "evaluate"]

NO_GRADES = "Credit carries over, grades do not."


@dataclass(slots=True, kw_only=True)
class _Cap:
    rule: str
    says: str
    max: Fraction
    kind: CreditKind | None
    counted: Fraction = NOTHING
    cut: Fraction = NOTHING

    def covers(self, item: Incoming) -> bool:
        return not item.own and self.kind in (None, item.kind)

    def use(self) -> CapUse:
        return CapUse(
            rule=self.rule,
            says=self.says,
            max=float(self.max),
            counted=float(self.counted),
            cut=float(self.cut),
        )


@dataclass(slots=True, kw_only=True)
class _Count:
    caps: list[_Cap]
    items: list[CreditItem] = field(default_factory=list)
    sources: list[tuple[Incoming, Fraction]] = field(default_factory=list)
    total: Fraction = NOTHING

    def take(self, item: Incoming) -> None:
        """Count as much of an item as the caps leave room for."""
        caps = [cap for cap in self.caps if cap.covers(item)]
        counted = min([item.worth, *(cap.max - cap.counted for cap in caps)])
        cut_by = [cap for cap in caps if cap.max - cap.counted == counted < item.worth]
        for cap in caps:
            cap.counted += counted
        for cap in cut_by:
            cap.cut += item.worth - counted
        self.total += counted
        self.sources.append((item, counted))
        self.items.append(self._item(item, counted, tuple(cap.rule for cap in cut_by)))

    def _item(self, item: Incoming, counted: Fraction, cut_by: tuple[str, ...]) -> CreditItem:
        return CreditItem(
            field=item.field,
            id=item.id,
            name=item.name,
            kind=item.kind,
            date=item.date,
            own=item.own,
            stated=item.stated,
            award=item.award,
            counted=float(counted),
            running=float(self.total),
            cut_by=cut_by,
        )


def evaluate(
    learner: Learner, catalog: Mapping[CredentialId, Credential], terms: Terms
) -> CreditEvaluation:
    """Return what a learner's courses and credentials count towards a degree.

    Items are counted oldest first, undated ones last, then by name; the order in which the
    record lists them does not matter. Where a cap leaves room for a part of an item, that part
    counts, so that one item more never lowers the total. The same course or credential counts
    once. Credit from the institution itself is not transferred and no cap applies to it.

    Args:
        learner: whose record it is.
        catalog: the credentials that the learner holds, as far as they are known.
        terms: the policy, the degree, the agreements and the day.
    """
    incoming = _each_once(sorted(incoming_of(learner, catalog, terms), key=_by_age))
    count = _Count(caps=_caps(terms))
    for item in incoming:
        count.take(item)
    return _evaluation(count, terms)


def _by_age(item: Incoming) -> tuple[object, ...]:
    award = item.award
    content = (str(item.kind), item.name, item.same, item.worth, award.rule or "", award.reason)
    return (item.date or date.max, item.date is None, *content)


def _each_once(items: Sequence[Incoming]) -> list[Incoming]:
    best: dict[tuple[str, ...], Incoming] = {}
    for item in items:
        other = best.get(item.same)
        if other is None or item.worth > other.worth:
            best[item.same] = item
    return [item if best[item.same] is item else _repeated(item) for item in items]


def _repeated(item: Incoming) -> Incoming:
    if not item.worth:
        return item
    award = replace(
        item.award, value=0.0, status=CreditStatus.NONE, reason="is there twice, and counts once"
    )
    return replace(item, award=award, worth=NOTHING)


def _caps(terms: Terms) -> list[_Cap]:
    rule, units = terms.degree, terms.policy.units
    most = f"at most {rule.max_transfer:g} of {rule.credits:g} {units} from elsewhere"
    transfer = _Cap(
        rule=terms.degree_rule("max-transfer"), says=most, max=exact(rule.max_transfer), kind=None
    )
    by_kind = [
        _Cap(
            rule=terms.degree_rule(f"max-{cap.kind}"),
            says=f"at most {cap.max:g} {units} of kind {cap.kind}",
            max=exact(cap.max),
            kind=cap.kind,
        )
        for cap in rule.caps
    ]
    return [transfer, *by_kind]


def _evaluation(count: _Count, terms: Terms) -> CreditEvaluation:
    own = _sum(counted for item, counted in count.sources if item.own)
    required = exact(terms.degree.credits)
    return CreditEvaluation(
        policy=terms.policy.id,
        institution=terms.policy.institution.name,
        program=terms.program,
        units=terms.policy.units,
        items=tuple(count.items),
        totals=_totals(count, terms),
        incoming=float(_sum(item.worth for item, _ in count.sources if not item.own)),
        transferred=float(count.total - own),
        own=float(own),
        counted=float(count.total),
        caps=tuple(cap.use() for cap in count.caps),
        residency=_residency(count, terms),
        required=terms.degree.credits,
        left=float(max(NOTHING, required - count.total)),
        caveats=tuple(_caveats(count, terms)),
    )


def _residency(count: _Count, terms: Terms) -> ResidencyStanding | None:
    rule = terms.degree.residency
    if rule is None:
        return None
    dated = sorted(
        ((item.date or date.min, Counted(counted, item.own)) for item, counted in count.sources),
        # Unknown is not yes: of one day, own credit is the older.
        key=lambda each: (each[0], not each[1].own),
    )
    parts = [each for _, each in dated]
    return ResidencyStanding(
        rule=terms.degree_rule("residency"),
        required=rule.credits,
        in_last=rule.in_last,
        earned=float(_sum(each.amount for each in parts if each.own)),
        remaining=float(remaining(rule, parts, required=exact(terms.degree.credits))),
    )


def _totals(count: _Count, terms: Terms) -> tuple[UnitTotal, ...]:
    stated: dict[CreditUnit, Fraction] = defaultdict(Fraction)
    counts: dict[CreditUnit, Fraction] = defaultdict(Fraction)
    for item, counted in count.sources:
        if item.worth and item.stated is not None:
            units = item.stated.units
            stated[units] += exact(item.stated.value)
            counts[units] += in_units(terms.policy, counted, units) or NOTHING
    return tuple(
        UnitTotal(units=units, stated=float(stated[units]), counted=float(counts[units]))
        for units in CreditUnit
        if units in stated
    )


def _caveats(count: _Count, terms: Terms) -> Iterable[str]:
    yield NO_GRADES
    residency = terms.degree.residency
    undated = sum(1 for item, counted in count.sources if counted and item.date is None)
    if undated and residency is not None and residency.in_last is not None:
        yield (
            f"{undated} of what counts has no date; it is taken as the oldest, "
            "so it is not among the last credits."
        )


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, NOTHING)

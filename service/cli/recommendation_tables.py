"""Recommendations as tables, with the reasons in the records' own words."""

from collections.abc import Iterable, Mapping

from rich.console import Console

from service.cli.output import Column, indented, listed, plain, table
from service.domain.answer import (
    Bridge,
    Gap,
    Recommendation,
    RecommendationAnswer,
    SkillReason,
    Unlocks,
)
from service.domain.ids import SkillId
from service.domain.learner import Evidence
from service.domain.quantities import Duration, Money
from service.domain.skill import LinkSource

EXPLAINED = 3
NOT_STATED = "not stated"

Labels = Mapping[SkillId, str]


def show_recommendations(
    out: Console, answer: RecommendationAnswer, *, explained: int = EXPLAINED
) -> None:
    """Print a recommendation: the goal as it was read, the list, and why."""
    out.print(goal_line(answer.gap))
    if answer.items:
        out.print(items_table(answer.items, answer.labels))
    else:
        out.print("Nothing in the catalog adds to what is there.")
    for item in answer.items[:explained]:
        show_reasons(out, item, answer.labels)
    _show_unknown(out, answer)
    out.print(f"Applied: {'; '.join(answer.applied)}. {answer.qualifying:,} qualify.")
    if answer.relaxed:
        out.print(f"Relaxed: {'; '.join(answer.relaxed)}.")
    for warning in answer.warnings:
        out.print(f"Note: {plain(warning)}")
    out.print(f"Answer {answer.recommendation_id}.")


def goal_line(gap: Gap) -> str:
    """Return where the learner wants to go, and how much of it is there."""
    reading = gap.reading
    said = "Near the profile" if reading.inferred else "Goal"
    named = "; ".join(title for _, title in reading.occupations) or reading.described_as
    return f"{said}: {plain(named)}, {gap.coverage:.0%} covered."


def items_table(items: Iterable[Recommendation], labels: Labels) -> object:
    """Return the list of recommended credentials."""
    columns = (
        Column("", is_number=True),
        Column("credential", share=5),
        Column("provider", share=3),
        Column("score", is_number=True),
        Column("cost", is_number=True),
        Column("weeks", is_number=True),
        Column("adds", share=5),
    )
    rows = (
        (
            str(item.rank),
            f"{plain(item.name)}\n{item.id}",
            item.provider.name,
            f"{item.score:.1f}",
            cost_words(item.cost),
            weeks_words(item.duration),
            listed(labels[skill] for skill in item.added),
        )
        for item in items
    )
    return table(columns, rows)


def show_reasons(out: Console, item: Recommendation, labels: Labels) -> None:
    """Print why a credential is on the list."""
    out.print(f"{item.rank}. {plain(item.name)}, because it teaches", style="bold")
    by_skill = {reason.skill: reason for reason in item.evidence}
    added = [by_skill[skill] for skill in item.added if skill in by_skill]
    bridged = {bridge.to_skill for bridge in item.bridges}
    for reason in added:
        indented(out, f"{reason_line(reason, labels)}")
    _show_bridges(out, item.bridges, labels, by_skill)
    unexplained = [s for s in item.added if s not in by_skill and s not in bridged]
    if unexplained:
        indented(out, f"also {listed(labels[skill] for skill in unexplained)}")
    if item.held:
        indented(out, f"already there: {listed(labels[skill] for skill in item.held)}")
    if item.trace:
        indented(out, f"asked for by {traced(item)}")
    if item.unlocks is not None:
        indented(out, unlocks_line(item.unlocks))
    for caveat in item.caveats:
        indented(out, f"note: {plain(caveat)}")
    out.print()


def traced(item: Recommendation) -> str:
    """Return who asks for what a credential adds, each once."""
    return listed((each.job or each.occupation or "" for each in item.trace), shown=EXPLAINED)


def unlocks_line(found: Unlocks) -> str:
    """Return how many jobs come within reach, and the best of them."""
    line = f"unlocks {found.jobs:,} jobs at a match of {found.at:g}"
    return f"{line}: {listed(found.sample, shown=EXPLAINED)}" if found.sample else line


def reason_line(reason: SkillReason, labels: Labels) -> str:
    """Return a skill with the words that say it."""
    how = "stated" if reason.source is LinkSource.STATED else f"{reason.confidence:.0%} sure"
    if reason.evidence:
        how = f"{how}; {evidence_words(reason.evidence)}"
    return f"{plain(labels[reason.skill])} ← “{plain(reason.text)}” ({reason.field}, {how})"


def evidence_words(evidence: Evidence) -> str:
    """Return what class of evidence shows a skill at best, since when, and how much it counts."""
    since = f" {evidence.date.isoformat()}" if evidence.date else ""
    more = f" and {len(evidence.pieces) - 1} more" if len(evidence.pieces) > 1 else ""
    shown_by = evidence.evidence.replace("_", " ")
    return f"{shown_by}{since}{more}, strength {evidence.strength:.2f}"


def _show_bridges(
    out: Console,
    bridges: Iterable[Bridge],
    labels: Labels,
    by_skill: Mapping[SkillId, SkillReason],
) -> None:
    for bridge in bridges:
        if labels[bridge.from_skill] == labels[bridge.to_skill]:
            continue
        reason = by_skill.get(bridge.from_skill)
        words = f" ← “{plain(reason.text)}” ({reason.field})" if reason else ""
        indented(
            out,
            f"{plain(labels[bridge.to_skill])}, {bridge.weight:.0%} through "
            f"{plain(labels[bridge.from_skill])}{words}",
        )


def _show_unknown(out: Console, answer: RecommendationAnswer) -> None:
    if not answer.unknown_constraints:
        return
    out.print("Would be on the list if what is missing were known and fit:")
    for item in answer.unknown_constraints:
        missing = ", ".join(item.missing)
        indented(out, f"{item.score:5.1f}  {plain(item.name)} ({item.id}): {missing} unknown")


def cost_words(cost: Money | None) -> str:
    """Return a cost as people write it."""
    return f"{cost.amount:,.10g} {cost.currency}" if cost else NOT_STATED


def weeks_words(duration: Duration) -> str:
    """Return calendar weeks as people write them."""
    if duration.weeks is None:
        return NOT_STATED
    if duration.min_weeks is not None and duration.min_weeks < duration.weeks:
        return f"{duration.min_weeks:g}-{duration.weeks:g}"
    return f"{duration.weeks:g}"

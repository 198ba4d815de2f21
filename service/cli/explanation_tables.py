"""One item of an answer as tables: each skill, what says it, and where."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from service.cli.output import Column, listed, plain, table
from service.cli.recommendation_tables import (
    Labels,
    cost_words,
    evidence_words,
    goal_line,
    weeks_words,
)
from service.domain.answer import Bridge, Match, Recommendation, SkillReason
from service.domain.explanation import Explanation
from service.domain.ids import SkillId


def show_credential(out: Console, answer: Explanation) -> None:
    """Print what a credential adds for a learner and a goal, and what would change it."""
    item = answer.found.item
    if answer.gap is None or not isinstance(item, Recommendation):
        raise TypeError("This explains no credential.")
    out.print(goal_line(answer.gap))
    out.print(f"{plain(item.name)} ({item.id}), {plain(item.provider.name)}", style="bold")
    out.print(
        f"Score {item.score:.1f}{_parts(item)}; cost {cost_words(item.cost)}; "
        f"weeks {weeks_words(item.duration)}."
    )
    out.print(reasons_table("it teaches", item.evidence, answer.labels))
    _show_bridges(out, item.bridges, answer.labels)
    for heading, skills in (
        ("It adds", item.added),
        ("Already there", item.held),
        ("Stays open", item.open),
    ):
        _show_skills(out, heading, skills, answer.labels)
    _show_end(out, answer)


def show_job(out: Console, answer: Explanation) -> None:
    """Print how far a learner covers what a job asks for, and what would change it."""
    match = answer.found.item
    if not isinstance(match, Match):
        raise TypeError("This explains no job.")
    fits = "a near miss" if match.missing_required else "qualified"
    out.print(f"{answer.learner}, for {plain(match.title)} ({match.id}): {fits}.", style="bold")
    out.print(f"Score {match.score:.1f}{_parts(match)}.")
    out.print(reasons_table("the learner shows", match.evidence, answer.labels))
    _show_bridges(out, match.bridges, answer.labels)
    for heading, skills in (
        ("Covered", match.covered),
        ("Missing", match.missing),
        ("Missing and required", match.missing_required),
    ):
        _show_skills(out, heading, skills, answer.labels)
    _show_end(out, answer)


def reasons_table(heading: str, reasons: Iterable[SkillReason], labels: Labels) -> Table:
    """Return every reason with its words, its field and its place in it."""
    columns = (
        Column(heading, share=3),
        Column("by the words", share=4),
        Column("in", share=3),
        Column("how", share=2),
        Column("sure", is_number=True),
    )
    rows = (
        (
            labels[reason.skill],
            f"“{reason.text}”",
            f"{reason.record} {reason.field}{_at(reason)}",
            _how(reason),
            f"{reason.confidence:.0%}",
        )
        for reason in reasons
    )
    return table(columns, rows)


def _how(reason: SkillReason) -> str:
    if reason.evidence:
        return f"{reason.source}; {evidence_words(reason.evidence)}"
    return f"{reason.source}{f', {reason.method}' if reason.method else ''}"


def _at(reason: SkillReason) -> str:
    return f" {reason.span.start}-{reason.span.end}" if reason.span else ""


def _show_bridges(out: Console, bridges: Sequence[Bridge], labels: Labels) -> None:
    for bridge in bridges:
        out.print(
            f"Bridge: {plain(labels[bridge.from_skill])} → {plain(labels[bridge.to_skill])}, "
            f"{bridge.weight:.0%}"
        )


def _show_skills(out: Console, heading: str, skills: Sequence[SkillId], labels: Labels) -> None:
    if skills:
        out.print(f"{heading}: {listed(labels[skill] for skill in skills)}.")


def _show_end(out: Console, answer: Explanation) -> None:
    for caveat in answer.found.item.caveats:
        out.print(f"Note: {plain(caveat)}")
    if answer.what_if is not None:
        now, then = answer.found.item, answer.what_if.item
        out.print(f"What if: score {now.score:.1f} → {then.score:.1f}{_parts(then)}.", style="bold")
        _show_skills(out, "Covered besides", answer.gained, answer.labels)
        _show_skills(out, "No longer covered", answer.lost, answer.labels)
    for warning in answer.warnings:
        out.print(f"Note: {plain(warning)}")
    out.print(f"Answer {answer.explanation_id}.")


def _parts(item: Recommendation | Match) -> str:
    parts = ", ".join(f"{name} {value:.2f}" for name, value in item.components.items())
    return f" ({parts})" if parts else ""

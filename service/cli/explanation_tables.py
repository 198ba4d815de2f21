"""One item of an answer as tables: each skill, what says it, and where."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from service.cli.match_tables import who
from service.cli.output import Column, listed, plain, table
from service.cli.recommendation_tables import (
    Labels,
    cost_words,
    evidence_words,
    goal_line,
    weeks_words,
)
from service.domain.answer import Bridge, Match, MatchAnswer, RecommendationAnswer, SkillReason
from service.domain.ids import SkillId
from service.domain.job import Job


def show_credential(out: Console, answer: RecommendationAnswer) -> None:
    """Print why a credential stands where it does for a learner and a goal."""
    item = answer.items[0]
    out.print(goal_line(answer.gap))
    out.print(f"{plain(item.name)} ({item.id}), {plain(item.provider.name)}", style="bold")
    out.print(
        f"Rank {item.rank} without limits, score {item.score:.1f}; cost "
        f"{cost_words(item.cost)}; weeks {weeks_words(item.duration)}."
    )
    out.print(reasons_table("it teaches", item.evidence, answer.labels))
    _show_bridges(out, item.bridges, answer.labels)
    for heading, skills in (
        ("It adds", item.added),
        ("Already there", item.held),
        ("Stays open", item.open),
    ):
        _show_skills(out, heading, skills, answer.labels)
    for caveat in item.caveats:
        out.print(f"Note: {plain(caveat)}")


def show_job(out: Console, job: Job, answer: MatchAnswer) -> None:
    """Print how far a learner covers what a job asks for."""
    match: Match = (*answer.items, *answer.near_misses)[0]
    fits = "qualified" if answer.items else "a near miss"
    out.print(f"{who(match)}, for {plain(job.title)}: {fits}.", style="bold")
    out.print(f"Rank {match.rank}, score {match.score:.1f}.")
    out.print(reasons_table("the learner shows", match.evidence, answer.labels))
    _show_bridges(out, match.bridges, answer.labels)
    for heading, skills in (
        ("Covered", match.covered),
        ("Missing", match.missing),
        ("Missing and required", match.missing_required),
    ):
        _show_skills(out, heading, skills, answer.labels)
    for caveat in match.caveats:
        out.print(f"Note: {plain(caveat)}")


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

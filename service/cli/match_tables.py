"""Candidates as tables, with the reasons in the learners' own words."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from service.cli.output import Column, indented, listed, plain, table
from service.cli.recommendation_tables import (
    EXPLAINED,
    Labels,
    cost_words,
    reason_line,
    weeks_words,
)
from service.domain.answer import Match, MatchAnswer
from service.domain.fit import OneCredentialAway
from service.domain.ids import SkillId
from service.domain.job import Job

# The heaviest skills tell enough at a glance; `explain` and `--json` name all of them.
SKILLS_SHOWN = 6


def show_candidates(
    out: Console, job: Job, answer: MatchAnswer, *, explained: int = EXPLAINED
) -> None:
    """Print who is qualified for a job, who just misses if that was asked, and why."""
    employer = f", {plain(job.employer.name)}" if job.employer else ""
    out.print(f"Job: {plain(job.title)}{employer}. It asks for {_asked(answer)}.")
    if answer.items:
        out.print(matches_table(answer.items, answer.labels, heading="qualified"))
    else:
        out.print("Nobody in the store has every skill that the job requires.")
    for match in answer.items[:explained]:
        show_match(out, match, answer.labels)
    for match in answer.items[explained:]:
        _show_caveats(out, match)
    _show_near_misses(out, answer, explained=explained)
    if answer.applied:
        out.print(f"Applied: {'; '.join(answer.applied)}.")
    for warning in answer.warnings:
        out.print(f"Note: {plain(warning)}")
    out.print(f"Answer {answer.match_id}.")


def matches_table(matches: Iterable[Match], labels: Labels, *, heading: str) -> Table:
    """Return the list of matches; of what is missing, what the job requires is marked."""
    columns = (
        Column("", is_number=True),
        Column(heading, share=2),
        Column("score", is_number=True),
        Column("fit", is_number=True),
        Column("covered", share=4),
        Column("missing (* required)", share=4),
    )
    rows = (
        (
            str(match.rank),
            who(match),
            f"{match.score:.1f}",
            f"{match.fit.overall:.0f}",
            _listed(match.covered, labels),
            listed(_marked(match, labels), shown=SKILLS_SHOWN),
        )
        for match in matches
    )
    return table(columns, rows)


def show_match(out: Console, match: Match, labels: Labels) -> None:
    """Print why somebody is believed to cover what a job asks for."""
    out.print(f"{match.rank}. {who(match)}, because of", style="bold")
    for reason in match.evidence:
        indented(out, reason_line(reason, labels))
    for bridge in match.bridges:
        if labels[bridge.from_skill] != labels[bridge.to_skill]:
            indented(
                out,
                f"{plain(labels[bridge.to_skill])}, {bridge.weight:.0%} through "
                f"{plain(labels[bridge.from_skill])}",
            )
    for caveat in match.caveats:
        indented(out, f"note: {plain(caveat)}")
    out.print()


def who(match: Match) -> str:
    """Return what somebody goes by: the id, with the latest work if there is any."""
    return f"{match.id}, {plain(match.title)}" if match.title else match.id


def _show_near_misses(out: Console, answer: MatchAnswer, *, explained: int) -> None:
    if not answer.near_misses:
        if answer.near_miss_count:
            out.print(f"{answer.near_miss_count:,} more lack a skill that the job requires.")
        return
    out.print(matches_table(answer.near_misses, answer.labels, heading="near misses"))
    left = max(0, explained - len(answer.items))
    for match in answer.near_misses[:left]:
        show_match(out, match, answer.labels)
    for match in answer.near_misses[left:]:
        _show_caveats(out, match)
    for match in answer.near_misses:
        if match.one_away is not None:
            out.print(f"{who(match)}, is one credential away: {_away(match.one_away)}.")


def _show_caveats(out: Console, match: Match) -> None:
    # Whoever reads the list is told of those, too, whose reasons are not written out.
    for caveat in match.caveats:
        out.print(f"Note on {who(match)}: {plain(caveat)}")


def _away(found: OneCredentialAway) -> str:
    weeks = weeks_words(found.duration)
    return f"{plain(found.name)} ({found.credential}), cost {cost_words(found.cost)}, weeks {weeks}"


def _marked(match: Match, labels: Labels) -> Iterable[str]:
    required = set(match.missing_required)
    yield from (f"{labels[skill]}*" for skill in match.missing if skill in required)
    yield from (labels[skill] for skill in match.missing if skill not in required)


def _asked(answer: MatchAnswer) -> str:
    return _listed([need.skill for need in answer.requirements], answer.labels)


def _listed(skills: Sequence[SkillId], labels: Labels) -> str:
    return listed((labels[skill] for skill in skills), shown=SKILLS_SHOWN)

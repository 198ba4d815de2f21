"""Candidates as tables, with the reasons in the learners' own words."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from service.cli.output import Column, listed, plain, table
from service.cli.recommendation_tables import EXPLAINED, Labels, reason_line
from service.domain.answer import Match, MatchAnswer
from service.domain.ids import SkillId
from service.domain.job import Job


def show_candidates(
    out: Console, job: Job, answer: MatchAnswer, *, explained: int = EXPLAINED
) -> None:
    """Print who is qualified for a job, and why."""
    employer = f", {plain(job.employer.name)}" if job.employer else ""
    out.print(f"Job: {plain(job.title)}{employer}. It asks for {_asked(answer)}.")
    if answer.items:
        out.print(matches_table(answer.items, answer.labels))
    else:
        out.print("Nobody in the store is qualified.")
    for match in answer.items[:explained]:
        show_match(out, match, answer.labels)
    _show_near_misses(out, answer)
    if answer.applied:
        out.print(f"Applied: {'; '.join(answer.applied)}.")
    for warning in answer.warnings:
        out.print(f"Note: {plain(warning)}")


def matches_table(matches: Iterable[Match], labels: Labels) -> Table:
    """Return the list of matches."""
    columns = (
        Column("", is_number=True),
        Column("learner", share=2),
        Column("score", is_number=True),
        Column("covered", share=4),
        Column("missing", share=4),
    )
    rows = (
        (
            str(match.rank),
            who(match),
            f"{match.score:.1f}",
            _listed(match.covered, labels),
            _listed(match.missing, labels),
        )
        for match in matches
    )
    return table(columns, rows)


def show_match(out: Console, match: Match, labels: Labels) -> None:
    """Print why somebody is believed to cover what a job asks for."""
    out.print(f"{match.rank}. {who(match)}, because of", style="bold")
    for reason in match.evidence:
        out.print(f"   {reason_line(reason, labels)}")
    for bridge in match.bridges:
        out.print(
            f"   {plain(labels[bridge.to_skill])}, {bridge.weight:.0%} through "
            f"{plain(labels[bridge.from_skill])}"
        )
    for caveat in match.caveats:
        out.print(f"   note: {plain(caveat)}")
    out.print()


def who(match: Match) -> str:
    """Return what somebody goes by: the id, with the latest work if there is any."""
    return f"{match.id}, {plain(match.title)}" if match.title else match.id


def _show_near_misses(out: Console, answer: MatchAnswer) -> None:
    if answer.near_misses:
        out.print("Near misses, each lacking what the job requires:")
        for match in answer.near_misses:
            lacks = _listed(match.missing_required, answer.labels)
            out.print(f"   {match.score:5.1f}  {who(match)}: {lacks}")
    elif answer.near_miss_count:
        out.print(f"{answer.near_miss_count:,} more lack a skill that the job requires.")


def _asked(answer: MatchAnswer) -> str:
    skills = [need.skill for need in answer.requirements]
    return _listed(skills, answer.labels)


def _listed(skills: Sequence[SkillId], labels: Labels) -> str:
    return listed(labels[skill] for skill in skills)

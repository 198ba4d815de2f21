"""A gap as tables: what a goal asks for that is there, by what, and what is open."""

from collections.abc import Mapping

from rich.console import Console

from service.cli.output import Column, plain, table
from service.cli.recommendation_tables import Labels, goal_line
from service.domain.answer import Gap, OpenSkill
from service.domain.ids import SkillId
from service.domain.learner import Evidence

_NUMBERS = (Column("weight", is_number=True), Column("covered", is_number=True))


def show_gap(out: Console, gap: Gap, labels: Labels) -> None:
    """Print what a goal asks for: what is there, by what, and what is open."""
    out.print(goal_line(gap))
    evidence = {each.skill: each for each in gap.evidence}
    if gap.held:
        columns = (Column("there", share=3), *_NUMBERS, Column("shown by", share=5))
        held = ((*_asked(row, labels), _shown_by(row, evidence)) for row in gap.held)
        out.print(table(columns, held))
    if gap.open:
        columns = (Column("open", share=3), *_NUMBERS, Column("nearest", share=5))
        opened = ((*_asked(row, labels), _nearest(row, labels)) for row in gap.open)
        out.print(table(columns, opened))
    for warning in gap.reading.warnings:
        out.print(f"Note: {plain(warning)}")


def _asked(row: OpenSkill, labels: Labels) -> tuple[str, str, str]:
    need = row.requirement
    return labels[need.skill], f"{need.weight:.2f}", f"{row.covered:.0%}"


def _shown_by(row: OpenSkill, evidence: Mapping[SkillId, Evidence]) -> str:
    shown = evidence.get(row.nearest) if row.nearest else None
    return f"“{shown.text}” ({shown.evidence}, {shown.field})" if shown else ""


def _nearest(row: OpenSkill, labels: Labels) -> str:
    return labels.get(row.nearest, row.nearest) if row.nearest else ""

"""Plots for a learner: the gap before and after a credential, and a pathway over its weeks."""

from typing import Final

from service.domain.pathway import PathwayAnswer, PathwayLimits, PathwayStep
from service.domain.quantities import CreditUnit
from service.domain.reports import ClosedGap
from service.pages.plots.shown import Plot, counted, percent
from service.plots import Bar, BarChart, Look, Span, Timeline

SHOWN: Final = 12
# Less is not seen, and a hundredth more of a skill is no reason to study.
_VISIBLE: Final = 0.005
_UNITS: Final = {
    CreditUnit.SEMESTER_HOUR: "semester hours",
    CreditUnit.QUARTER_HOUR: "quarter hours",
    CreditUnit.CONTINUING_EDUCATION_UNIT: "continuing education units",
    CreditUnit.ECTS: "ECTS",
    CreditUnit.CLOCK_HOUR: "clock hours",
}


def gap_plot(closed: ClosedGap) -> Plot:
    """Return the skills that a goal asks for, with what is covered now and with the credential.

    The heaviest twelve are drawn, those that the credential changes before all others.
    """
    before = {each.requirement.skill: each for each in (*closed.before.held, *closed.before.open)}
    after = {
        each.requirement.skill: each.covered for each in (*closed.after.held, *closed.after.open)
    }
    rows = [
        (
            closed.labels[skill],
            need.requirement.weight,
            need.covered,
            max(need.covered, after.get(skill, need.covered)),
        )
        for skill, need in before.items()
    ]
    rows.sort(key=lambda row: (row[3] - row[2] < _VISIBLE, -row[1], row[0]))
    shown = sorted(rows[:SHOWN], key=lambda row: (-row[1], row[0]))
    now, then = closed.before.coverage, closed.after.coverage
    return Plot(
        title=f"Your gap, before and after “{closed.name}”",
        says=(
            f"Of what “{closed.before.reading.described_as}” asks for, you can show {percent(now)} "
            f"today and could show {percent(then)} with this credential."
        ),
        chart=BarChart(
            bars=tuple(
                Bar(label=label, parts=(was, becomes - was), says=_change(was, becomes))
                for label, _, was, becomes in shown
            ),
            looks=(Look.HELD, Look.ADDED),
            limit=1.0,
            legend=("You can show it today", "This credential adds"),
        )
        if shown
        else None,
        columns=("Skill", "Weight", "Today", "With the credential"),
        rows=tuple(
            (label, round(weight, 2), percent(was), percent(becomes))
            for label, weight, was, becomes in rows
        ),
        notes=(f"{SHOWN} are drawn, those that it changes first; the table has all {len(rows)}.",)
        if len(rows) > SHOWN
        else (),
    )


def pathway_plot(answer: PathwayAnswer, limits: PathwayLimits) -> Plot:
    """Return a pathway's steps over their weeks, with cost and credit, and the limits it keeps."""
    timed = [step for step in answer.steps if step.starts is not None and step.ends is not None]
    return Plot(
        title="Your pathway, week by week",
        says=_in_all(answer)
        if answer.steps
        else "No credential within these limits adds anything.",
        chart=Timeline(
            spans=tuple(
                Span(label=step.name, starts=step.starts, ends=step.ends, says=_facts(step))
                for step in timed
                if step.starts is not None and step.ends is not None
            ),
            along="Weeks from the start",
        )
        if timed
        else None,
        columns=("Step", "Credential", "Provider", "Weeks", "Cost", "Credit", "Goal covered"),
        rows=tuple(
            (
                step.position,
                step.name,
                step.provider.name,
                _weeks(step),
                _money(step) or "not stated",
                _credit(step) or "none stated",
                percent(step.coverage),
            )
            for step in answer.steps
        ),
        notes=(*_untimed(len(answer.steps) - len(timed)), *_within(limits)),
    )


def _untimed(steps: int) -> tuple[str, ...]:
    if not steps:
        return ()
    have = counted(steps, "step has", "steps have")
    return (f"{have} no stated length, and is in the table alone.",)


def _within(limits: PathwayLimits) -> tuple[str, ...]:
    budget, weeks, hours = limits.budget, limits.weeks, limits.hours_per_week
    parts = [
        f"{budget.amount:,.0f} {budget.currency}" if budget else "",
        f"{weeks:g} {'week' if weeks == 1 else 'weeks'}" if weeks is not None else "",
        f"{hours:g} hours a week" if hours is not None else "",
    ]
    told = ", ".join(part for part in parts if part)
    return (f"All of it takes at most {told}.",) if told else ()


def _change(was: float, becomes: float) -> str:
    if becomes - was < _VISIBLE:
        return percent(was)
    return f"{percent(was)} → {percent(becomes)}"


def _in_all(answer: PathwayAnswer) -> str:
    totals = answer.totals
    parts = [counted(len(answer.steps), "step", "steps")]
    if totals.weeks is not None:
        parts.append(counted(round(totals.weeks), "week", "weeks"))
    parts += [f"{each.amount:,.0f} {each.currency}" for each in totals.cost]
    parts += [f"{each.value:g} {_UNITS[each.units]}" for each in totals.credit]
    return (
        f"{', '.join(parts)}. It takes you from {percent(totals.coverage_before)} to "
        f"{percent(totals.coverage_after)} of what the goal asks for."
    )


def _facts(step: PathwayStep) -> str:
    return " · ".join(each for each in (_weeks(step), _money(step), _credit(step)) if each)


def _weeks(step: PathwayStep) -> str:
    if step.awarded:
        return "awarded"
    if step.starts is None or step.ends is None:
        return "not stated"
    length = step.ends - step.starts
    return f"{length:g} {'week' if length == 1 else 'weeks'}"


def _money(step: PathwayStep) -> str:
    if step.cost is None:
        return ""
    return f"{step.cost.amount:,.0f} {step.cost.currency}" if step.cost.amount else "free"


def _credit(step: PathwayStep) -> str:
    return ", ".join(f"{each.value:g} {_UNITS[each.units]}" for each in step.credit)

"""A pathway as tables: the steps in their order, what they lead to, and how good that is."""

from collections.abc import Iterable, Mapping

from rich.console import Console

from service.cli.output import Column, indented, listed, plain, table
from service.cli.recommendation_tables import NOT_STATED, cost_words, goal_line, reason_line
from service.domain.ids import CredentialId
from service.domain.pathway import (
    OnRamp,
    PathwayAnswer,
    PathwayStep,
    PlanMethod,
    Proof,
    Stack,
)
from service.domain.quantities import CreditValue, Money

Names = Mapping[CredentialId, str]


def show_pathway(out: Console, answer: PathwayAnswer) -> None:
    """Print a pathway: the goal as it was read, the steps, what they lead to, and a proof."""
    out.print(goal_line(answer.gap))
    if answer.steps:
        out.print(_steps_table(answer))
        out.print(_totals_line(answer))
        _show_reasons(out, answer)
    else:
        out.print("No step within the limits adds to what is there.")
    if answer.target is not None:
        _show_target(out, answer.target, answer.names)
    for stack in answer.stacks:
        if answer.target is None or stack.id != answer.target.stack.id:
            out.print(_stack_line(stack, answer.names))
    out.print(_proof_line(answer))
    _show_left_out(out, answer)
    out.print(f"Applied: {'; '.join(answer.applied)}.")
    for warning in answer.warnings:
        out.print(f"Note: {plain(warning)}")
    out.print(f"Answer {answer.pathway_id}.")


def _steps_table(answer: PathwayAnswer) -> object:
    columns = (
        Column("", is_number=True),
        Column("credential", share=5),
        Column("weeks", is_number=True),
        Column("cost", is_number=True),
        Column("credit", share=3),
        Column("covered", is_number=True),
        Column("adds", share=5),
    )
    rows = (
        (
            str(step.position),
            f"{plain(step.name)}\n{step.id}",
            _when(step),
            "by its parts" if step.awarded else cost_words(step.cost),
            _credit_words(step.credit),
            f"{step.coverage:.0%}",
            listed(answer.labels[skill] for skill in step.added),
        )
        for step in answer.steps
    )
    return table(columns, rows)


def _totals_line(answer: PathwayAnswer) -> str:
    totals = answer.totals
    weeks = f"{totals.weeks:g} weeks" if totals.weeks is not None else "weeks not all stated"
    hours = f"{totals.hours:g} hours" if totals.hours is not None else "hours not all stated"
    cost = _sum_words(totals.cost) or "no cost"
    unstated = f" and {len(totals.cost_unknown)} not stated" if totals.cost_unknown else ""
    credit = f", {_credit_words(totals.credit)}" if totals.credit else ""
    return (
        f"In all {cost}{unstated}, {weeks}, {hours}{credit}; "
        f"covered from {totals.coverage_before:.0%} to {totals.coverage_after:.0%}."
    )


def _show_reasons(out: Console, answer: PathwayAnswer) -> None:
    for step in answer.steps:
        out.print(f"{step.position}. {plain(step.name)}", style="bold")
        if step.needs:
            indented(out, f"after {listed(answer.names.get(e, e) for e in step.needs)}")
        by_skill = {reason.skill: reason for reason in step.evidence}
        for skill in step.added:
            if skill in by_skill:
                indented(out, reason_line(by_skill[skill], answer.labels))
        for bridge in step.bridges:
            to, through = answer.labels[bridge.to_skill], answer.labels[bridge.from_skill]
            if to != through:
                indented(out, f"{plain(to)}, {bridge.weight:.0%} through {plain(through)}")
        for caveat in step.caveats:
            indented(out, f"note: {plain(caveat)}")


def _show_target(out: Console, target: OnRamp, names: Names) -> None:
    out.print(f"On the way to {_stack_line(target.stack, names)}")
    for credit in target.credit:
        indented(
            out,
            f"{credit.units}: {credit.of:g} in all, {credit.done:g} done, "
            f"{credit.planned:g} planned, {credit.left:g} left",
        )
    if target.missing_prerequisites:
        missing = listed(names.get(each, each) for each in target.missing_prerequisites)
        indented(out, f"it asks for {missing} first")
    if not target.in_pathway and not target.stack.earned:
        weeks = f"{target.weeks:g} weeks" if target.weeks is not None else f"weeks {NOT_STATED}"
        indented(out, f"it states {cost_words(target.cost)}, {weeks}, for all of it")


def _stack_line(stack: Stack, names: Names) -> str:
    total = len(stack.done) + len(stack.planned) + len(stack.remaining)
    parts = "1 part" if total == 1 else f"{total} parts"
    needed = f"{stack.needed} of {parts}" if stack.needed is not None else parts
    said = [
        f"{word} {listed(names.get(each, each) for each in among)}"
        for word, among in (
            ("done:", stack.done),
            ("planned:", stack.planned),
            ("remaining:", stack.remaining),
        )
        if among
    ]
    earned = ", earned" if stack.earned else ""
    return f"{plain(stack.name)} ({stack.id}), {needed}{earned}. {'; '.join(said)}".rstrip()


def _proof_line(answer: PathwayAnswer) -> str:
    greedy = answer.greedy
    weeks = f"{greedy.weeks:g} weeks" if greedy.weeks is not None else "weeks not all stated"
    return (
        f"{_quality(answer.proof)}, among {answer.proof.considered} credentials. "
        f"Always taking what adds most: {greedy.coverage:.0%} covered, "
        f"{_sum_words(greedy.cost) or 'no cost'}, {weeks}."
    )


def _quality(proof: Proof) -> str:
    if proof.optimal:
        return "Proven to be the best"
    found = "The greedy one" if proof.method is PlanMethod.GREEDY else "The best found in time"
    return f"{found}; a better one covers at most {proof.proven_gap:.1%} more of the gap"


def _show_left_out(out: Console, answer: PathwayAnswer) -> None:
    if answer.unknown_constraints:
        out.print("Not planned with, since this is not known:")
    for item in answer.unknown_constraints:
        indented(out, f"{plain(item.name)} ({item.id}): {', '.join(item.missing)}")
    if answer.out_of_reach:
        out.print("Out of reach:")
    for each in answer.out_of_reach:
        indented(out, f"{plain(each.name)} ({each.id}): {plain(each.reason)}")


def _when(step: PathwayStep) -> str:
    if step.starts is None or step.ends is None:
        return NOT_STATED
    return f"{step.starts:g}-{step.ends:g}"


def _sum_words(costs: Iterable[Money]) -> str:
    return " + ".join(cost_words(cost) for cost in costs)


def _credit_words(credit: Iterable[CreditValue]) -> str:
    return ", ".join(f"{each.value:g} {each.units}" for each in credit)

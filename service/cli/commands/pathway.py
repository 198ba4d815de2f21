"""onramp pathway."""

from typing import Annotated

import typer

from service.cli.choices import one_of
from service.cli.invocation import Invocation
from service.cli.options import (
    Deliveries,
    GoalWords,
    Json,
    LearnerId,
    LearnerText,
    NoLog,
    Region,
    TenantName,
)
from service.domain.ids import DEFAULT_TENANT


def pathway(  # noqa: PLR0913 - an argument for each option
    context: typer.Context,
    *,
    learner: LearnerId = None,
    text: LearnerText = None,
    goal: GoalWords = None,
    target: Annotated[
        str | None,
        typer.Option(metavar="ID", help="A credential to get to, such as a degree, not a goal."),
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(metavar="AMOUNT", help="The most that all may cost, such as 1500USD."),
    ] = None,
    weeks: Annotated[
        float | None, typer.Option(metavar="N", min=0, help="The most calendar weeks in all.")
    ] = None,
    hours_per_week: Annotated[
        float | None, typer.Option(metavar="N", min=0, help="The most hours of work in a week.")
    ] = None,
    max_steps: Annotated[
        int, typer.Option(metavar="N", min=1, max=20, help="At most so many are studied.")
    ] = 6,
    delivery: Deliveries = None,
    region: Region = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            metavar="S", min=0, max=10, help="How long a better one is sought; 0.25 if not given."
        ),
    ] = None,
    no_log: NoLog = False,
    tenant: TenantName = DEFAULT_TENANT,
    as_json: Json = False,
) -> None:
    """Plan the credentials that lead to a goal; a limit given here replaces the learner's own."""
    from service.cli.pathways import PathwayWishes, pathway_of  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).about(tenant).logging(on=not no_log)
    one_of({"--learner": learner, "--text": text})
    if goal is not None and target is not None:
        raise typer.BadParameter("give it or --goal.", param_hint="--target")
    wishes = PathwayWishes.of(
        goal=goal,
        target=target,
        totals={"max_cost": budget, "max_weeks": weeks, "max_hours_per_week": hours_per_week},
        each={"delivery": delivery, "region": region},
        max_steps=max_steps,
        seconds=seconds,
    )
    pathway_of(
        invocation,
        learner=learner,
        text=text,
        wishes=wishes,
        as_json=as_json or invocation.as_json,
    )

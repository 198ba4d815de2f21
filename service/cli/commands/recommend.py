"""onramp recommend."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.choices import needed_out, one_of, refuse_out
from service.cli.invocation import Invocation
from service.cli.list_options import (
    Exclude,
    Mode,
    PerProvider,
    Pin,
    Relax,
    TableOut,
    Unlocks,
    WeightOption,
)
from service.cli.options import (
    Deliveries,
    GoalWords,
    Json,
    LearnerId,
    LearnerText,
    Limit,
    MaxCost,
    MaxWeeks,
    NoLog,
    Region,
    TenantName,
)
from service.domain.ids import DEFAULT_TENANT


def recommend(  # noqa: PLR0913 - an argument for each option
    context: typer.Context,
    *,
    learner: LearnerId = None,
    text: LearnerText = None,
    learners: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Learners as JSON Lines, who need not be in the store, or `store` for all in it; "
            "an answer for each.",
        ),
    ] = None,
    goal: GoalWords = None,
    mode: Mode = None,
    limit: Limit = 10,
    max_cost: MaxCost = None,
    max_weeks: MaxWeeks = None,
    delivery: Deliveries = None,
    region: Region = None,
    relax: Relax = None,
    weight: WeightOption = None,
    pin: Pin = None,
    exclude: Exclude = None,
    per_provider: PerProvider = None,
    unlocks: Unlocks = False,
    out: TableOut = None,
    no_log: NoLog = False,
    tenant: TenantName = DEFAULT_TENANT,
    as_json: Json = False,
) -> None:
    """Recommend the next microcredentials, with reasons; a limit given here replaces theirs."""
    from service.cli.list_wishes import ListWishes  # noqa: PLC0415 - heavy; not for --help
    from service.cli.recommending import recommend_many, recommend_one  # noqa: PLC0415 - heavy; not for --help
    from service.cli.wishes import Wishes  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).about(tenant).logging(on=not no_log)
    wishes = Wishes.of(
        goal=goal,
        limit=limit,
        limits={
            "max_cost": max_cost,
            "max_weeks": max_weeks,
            "delivery": delivery,
            "region": region,
        },
        listed=ListWishes.of(
            mode=mode,
            weights=weight,
            pin=pin,
            exclude=exclude,
            relax=relax,
            per_provider=per_provider,
            unlocks=unlocks,
        ),
    )
    one_of({"--learner": learner, "--text": text, "--learners": learners})
    if learners is not None:
        recommend_many(invocation, learners, out=needed_out(out), wishes=wishes)
        return
    refuse_out(out)
    recommend_one(
        invocation,
        learner=learner,
        text=text,
        wishes=wishes,
        as_json=as_json or invocation.as_json,
    )

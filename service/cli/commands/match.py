"""onramp match."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.choices import needed_out, one_of, refuse_out
from service.cli.invocation import Invocation
from service.cli.options import Json, Limit, NoLog, Out, TenantName
from service.domain.ids import DEFAULT_TENANT

STORE = Path("store")


def match(  # noqa: PLR0913 - an argument for each option
    context: typer.Context,
    *,
    job: Annotated[
        str | None, typer.Option("--job", metavar="ID", help="A job in the store.")
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(metavar="WORDS", help="A job by its title, in place of one in the store."),
    ] = None,
    text: Annotated[
        str | None, typer.Option(metavar="WORDS", help="What the job says, beside its title.")
    ] = None,
    skill: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDS",
            help="A skill that is required, in place of a job. Give it again for each.",
        ),
    ] = None,
    preferred: Annotated[
        list[str] | None,
        typer.Option(metavar="WORDS", help="A skill that is welcome, beside --skill."),
    ] = None,
    jobs: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Jobs as JSON Lines, which need not be in the store, or `store` for all in it; "
            "an answer for each.",
        ),
    ] = None,
    learners: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Learners as JSON Lines, who need not be in the store, or `store`: with --jobs "
            "those among whom to look, else those for whom to rank the store's jobs.",
        ),
    ] = None,
    limit: Limit = 10,
    near_misses: Annotated[
        bool,
        typer.Option("--near-misses", help="Also who lacks a skill that the job requires."),
    ] = False,
    one_away: Annotated[
        bool,
        typer.Option(
            "--one-away",
            help="The same, with the one credential that would close what is missing.",
        ),
    ] = False,
    out: Out = None,
    no_log: NoLog = False,
    tenant: TenantName = DEFAULT_TENANT,
    as_json: Json = False,
) -> None:
    """Rank the store's learners for a job: what each covers, what is missing, and why."""
    from service.cli.matching import (  # noqa: PLC0415 - heavy; not for --help
        Asking,
        Wanted,
        match_learners,
        match_many,
        match_one,
    )

    invocation = Invocation.of(context).about(tenant).logging(on=not no_log)
    many = jobs or learners
    one_of({"--job": job, "--title": title, "--skill": skill or None, "--jobs, --learners": many})
    if text is not None and title is None:
        raise typer.BadParameter("it goes with --title.", param_hint="--text")
    if preferred and not skill:
        raise typer.BadParameter("it goes with --skill.", param_hint="--preferred")
    asking = Asking(limit=limit, near_misses=near_misses, one_credential_away=one_away)
    if jobs is not None:
        match_many(invocation, jobs, learners=learners or STORE, out=needed_out(out), asking=asking)
        return
    if learners is not None:
        match_learners(invocation, learners, out=needed_out(out), asking=asking)
        return
    refuse_out(out)
    wanted = Wanted(
        id=job, title=title, text=text, skills=(*(skill or ()),), preferred=(*(preferred or ()),)
    )
    match_one(invocation, wanted, asking=asking, as_json=as_json or invocation.as_json)

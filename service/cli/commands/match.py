"""onramp match."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.choices import needed_out, one_of, refuse_out
from service.cli.invocation import Invocation
from service.cli.options import Json, Limit, NoLog, Out


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
    jobs: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Jobs as JSON Lines, which need not be in the store; a line out for each.",
        ),
    ] = None,
    limit: Limit = 10,
    near_misses: Annotated[
        bool,
        typer.Option("--near-misses", help="Also who lacks a skill that the job requires."),
    ] = False,
    out: Out = None,
    no_log: NoLog = False,
    as_json: Json = False,
) -> None:
    """Rank the store's learners for a job: what each covers, what is missing, and why."""
    from service.cli.matching import Asking, Wanted, match_many, match_one  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).logging(on=not no_log)
    one_of({"--job": job, "--title": title, "--jobs": jobs})
    if text is not None and title is None:
        raise typer.BadParameter("it goes with --title.", param_hint="--text")
    asking = Asking(limit=limit, near_misses=near_misses)
    if jobs is not None:
        match_many(invocation, jobs, out=needed_out(out), asking=asking)
        return
    refuse_out(out)
    wanted = Wanted(id=job, title=title, text=text)
    match_one(invocation, wanted, asking=asking, as_json=as_json or invocation.as_json)

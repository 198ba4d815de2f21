"""onramp verdict."""

from enum import StrEnum
from typing import Annotated

import typer

from service.cli.choices import one_of
from service.cli.invocation import Invocation
from service.cli.options import Json, TenantName
from service.domain.ids import DEFAULT_TENANT


class Said(StrEnum):
    """What a person says about a link."""

    CONFIRM = "confirm"
    REJECT = "reject"
    FORGET = "forget"


def verdict(  # noqa: PLR0913 - an argument for each option
    context: typer.Context,
    word: Annotated[
        Said,
        typer.Argument(
            metavar="WORD",
            help="confirm or reject the link, or forget what was said about it.",
        ),
    ],
    *,
    skill: Annotated[str, typer.Option("--skill", metavar="ID", help="The skill.")],
    credential: Annotated[
        str | None,
        typer.Option("--credential", metavar="ID", help="A credential that the link is of."),
    ] = None,
    learner: Annotated[
        str | None, typer.Option("--learner", metavar="ID", help="Or a learner.")
    ] = None,
    job: Annotated[str | None, typer.Option("--job", metavar="ID", help="Or a job.")] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="WORDS", help="Why; kept with the verdict.")
    ] = None,
    tenant: TenantName = DEFAULT_TENANT,
    as_json: Json = False,
) -> None:
    """Keep a person's word about a record's link to a skill; no re-run undoes it."""
    from service.cli.judging import say  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).about(tenant)
    given = {"credential": credential, "learner": learner, "job": job}
    one_of({f"--{kind}": record_id for kind, record_id in given.items()})
    if note is not None and word is Said.FORGET:
        raise typer.BadParameter("it goes with confirm and reject.", param_hint="--note")
    [(kind, record_id)] = [(kind, each) for kind, each in given.items() if each is not None]
    say(
        invocation,
        word,
        (kind, record_id, skill),
        note=note,
        as_json=as_json or invocation.as_json,
    )

"""onramp consent."""

from enum import StrEnum
from typing import Annotated

import typer

from service.cli.invocation import Invocation
from service.cli.options import Json, TenantName
from service.domain.ids import DEFAULT_TENANT


class ConsentWord(StrEnum):
    """What is to be done with consents."""

    SET = "set"
    SHOW = "show"
    WITHDRAW = "withdraw"


def consent(
    context: typer.Context,
    word: Annotated[
        ConsentWord,
        typer.Argument(
            metavar="WORD",
            help="set what a file says, show what a learner said, or withdraw a consent.",
        ),
    ],
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="The file (JSON Lines, a learner on each) for set, else the learner's id.",
        ),
    ],
    *,
    consent_id: Annotated[
        str | None,
        typer.Option("--consent", metavar="ID", help="The consent that is withdrawn."),
    ] = None,
    tenant: TenantName = DEFAULT_TENANT,
    as_json: Json = False,
) -> None:
    """Keep, show or withdraw what learners say about which employers may see them."""
    from service.cli.consenting import keep, show, withdraw  # noqa: PLC0415 - not for --help

    invocation = Invocation.of(context).about(tenant)
    as_json = as_json or invocation.as_json
    if (word is ConsentWord.WITHDRAW) != (consent_id is not None):
        raise typer.BadParameter("it goes with withdraw.", param_hint="--consent")
    match word:
        case ConsentWord.SET:
            keep(invocation, what, as_json=as_json)
        case ConsentWord.SHOW:
            show(invocation, what, as_json=as_json)
        case ConsentWord.WITHDRAW:
            withdraw(invocation, what, consent_id or "", as_json=as_json)

"""onramp person."""

from enum import StrEnum
from typing import Annotated

import typer

from service.cli.invocation import Invocation
from service.cli.options import TenantName
from service.domain.ids import DEFAULT_TENANT


class PersonWord(StrEnum):
    """What is to be done with all that is kept about a learner."""

    EXPORT = "export"
    TAKE = "take"


def person(
    context: typer.Context,
    word: Annotated[
        PersonWord,
        typer.Argument(
            metavar="WORD", help="export all that is kept about a learner, or take such a file in."
        ),
    ],
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="The learner's id to export, the file to take in.")
    ],
    *,
    tenant: TenantName = DEFAULT_TENANT,
) -> None:
    """Write all that is kept about a learner as JSON, or take it into another store."""
    from service.cli.persons import export, take  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).about(tenant)
    if word is PersonWord.EXPORT:
        export(invocation, what)
    else:
        take(invocation, what)

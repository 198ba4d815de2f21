"""onramp credit."""

from typing import Annotated

import typer

from service.cli.invocation import Invocation
from service.cli.options import Json, TenantName
from service.domain.credit import Degree
from service.domain.ids import DEFAULT_TENANT


def credit(  # noqa: PLR0913 - an argument for each option
    context: typer.Context,
    *,
    learner: Annotated[
        str, typer.Option("--learner", metavar="ID", help="A learner in the store.")
    ],
    policy: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="A credit policy; that of the learner's program if not given."
        ),
    ] = None,
    degree: Annotated[
        Degree | None,
        typer.Option(
            metavar="D", help="certificate, associate, bachelor or master; goes with --policy."
        ),
    ] = None,
    program: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The program's name; goes with --policy."),
    ] = None,
    tenant: TenantName = DEFAULT_TENANT,
    as_json: Json = False,
) -> None:
    """Count what a learner's courses and credentials are worth towards a degree, by which rules."""
    from service.cli.crediting import credit_of  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).about(tenant)
    if (policy is None) != (degree is None):
        raise typer.BadParameter("--policy and --degree go together.", param_hint="--policy")
    if program is not None and policy is None:
        raise typer.BadParameter("it goes with --policy and --degree.", param_hint="--program")
    wanted = (policy, degree, program) if policy and degree else None
    credit_of(invocation, learner, wanted, as_json=as_json or invocation.as_json)

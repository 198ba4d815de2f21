"""onramp record."""

from typing import Annotated

import typer

from service.cli.invocation import Invocation
from service.cli.options import Json, TenantName
from service.domain.ids import DEFAULT_TENANT


def record(
    context: typer.Context,
    *,
    learner: Annotated[
        str, typer.Option("--learner", metavar="ID", help="A learner in the store.")
    ],
    tenant: TenantName = DEFAULT_TENANT,
    as_json: Json = False,
) -> None:
    """Show all that a learner has done in one record, with totals for each unit of credit."""
    from service.cli.crediting import record_of  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).about(tenant)
    record_of(invocation, learner, as_json=as_json or invocation.as_json)

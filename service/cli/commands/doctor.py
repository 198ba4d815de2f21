"""onramp doctor."""

import typer

from service.cli.invocation import Invocation
from service.cli.options import Json, TenantName
from service.domain.ids import DEFAULT_TENANT


def doctor(
    context: typer.Context, *, tenant: TenantName = DEFAULT_TENANT, as_json: Json = False
) -> None:
    """Check the installation, the model, the store and its indexes; say what to do."""
    from service.cli.examining import examine  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).about(tenant)
    examine(invocation, as_json=as_json or invocation.as_json)

"""onramp snapshot."""

from typing import Annotated

import typer

from service.cli.invocation import Invocation, opened
from service.cli.options import Json


def snapshot(
    context: typer.Context,
    *,
    if_old: Annotated[
        bool,
        typer.Option("--if-old", help="Only if much has changed since the newest."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a snapshot of each tenant's indexes for a fast start; serving does it by itself."""
    from service.cli.snapshotting import write_all  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    with opened(invocation) as services:
        tenants = services.access.tenancy.all()
        write_all(services, tenants, if_old=if_old, as_json=as_json or invocation.as_json)

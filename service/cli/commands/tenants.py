"""onramp tenants."""

from typing import Annotated

import typer

from service.cli.errors import OnrampGroup
from service.cli.exit_codes import EXIT_CODES
from service.cli.invocation import Invocation, opened
from service.cli.options import Json

app = typer.Typer(
    cls=OnrampGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Make and list the institutions that keep records of their own in one store.",
)


@app.command(epilog=f"Exit codes: {EXIT_CODES['tenants add']}.")
def add(
    context: typer.Context,
    tenant: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Its id; below another tenant, that one's id, a dot and its own."
        ),
    ],
    *,
    name: Annotated[
        str | None, typer.Option(metavar="WORDS", help="What people call it; its id if not given.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a tenant with the taxonomies that ship."""
    from service.cli.keeping_tenants import add_tenant  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    with opened(invocation) as services:
        add_tenant(services, tenant, name or tenant, as_json=as_json or invocation.as_json)


@app.command("list", epilog=f"Exit codes: {EXIT_CODES['tenants list']}.")
def list_(context: typer.Context, *, as_json: Json = False) -> None:
    """List all tenants, each with the one above it."""
    from service.cli.keeping_tenants import list_tenants  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    list_tenants(invocation.settings, as_json=as_json or invocation.as_json)

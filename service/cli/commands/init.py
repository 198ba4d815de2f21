"""onramp init."""

from typing import Annotated

import typer

from service.cli.invocation import Invocation, opened
from service.cli.options import Json


def init(
    context: typer.Context,
    *,
    rederive: Annotated[
        bool,
        typer.Option(
            "--rederive",
            help="Encode and link every record again; after a new model or vocabulary.",
        ),
    ] = False,
    if_due: Annotated[
        bool,
        typer.Option(
            "--if-due",
            help="With --rederive: only for another model or newer taxonomies.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Make the store and load the taxonomies that ship; a store that is there stays as it is."""
    from service.cli.initializing import initialize  # noqa: PLC0415 - heavy; not for --help
    from service.cli.renewing import renew_now  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    renewed = renew_now(invocation) if rederive else None
    in_place = rederive and renewed is None and not if_due
    with opened(invocation) as services:
        initialize(
            services,
            rederived=renewed.records if renewed else None,
            in_place=in_place,
            as_json=as_json or invocation.as_json,
        )

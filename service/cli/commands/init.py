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
    as_json: Json = False,
) -> None:
    """Make the store and load the taxonomies that ship; a store that is there stays as it is."""
    from service.cli.initializing import initialize  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    with opened(invocation, any_model=rederive) as services:
        initialize(services, rederive=rederive, as_json=as_json or invocation.as_json)

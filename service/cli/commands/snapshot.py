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
        typer.Option("--if-old", help="Only if much has changed since the newest; in no hurry."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a snapshot of the indexes for a fast start; serving and importing do it themselves."""
    from service.cli.snapshotting import write_one  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    with opened(invocation) as services:
        write_one(services, if_old=if_old, as_json=as_json or invocation.as_json)

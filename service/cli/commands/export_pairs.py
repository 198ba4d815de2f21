"""onramp export-pairs."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.invocation import Invocation
from service.cli.options import Json, TenantName
from service.domain.ids import DEFAULT_TENANT


def export_pairs(
    context: typer.Context,
    *,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Where pairs.parquet and texts.parquet go."),
    ],
    tenant: TenantName = DEFAULT_TENANT,
    as_json: Json = False,
) -> None:
    """Write the store's catalog, jobs and taxonomies as pairs of texts to train a model on."""
    from service.cli.exporting import export  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).about(tenant)
    export(
        invocation.settings.data,
        out,
        tenant=invocation.tenant,
        as_json=as_json or invocation.as_json,
    )

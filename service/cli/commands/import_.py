"""onramp import."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.invocation import Invocation
from service.cli.options import Json, TenantName
from service.domain.ids import DEFAULT_TENANT


def import_records(  # noqa: PLR0913 - an argument for each option
    context: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="What the files hold: credentials, learners, jobs, skills, occupations, "
            "credit-policies or agreements.",
        ),
    ],
    file: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="The files, or the folder of a taxonomy."),
    ],
    *,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="F",
            help="The format, if the names do not tell it: native, csv, jobposting, esco, onet, "
            "coursera, edx, udacity, ibm.",
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN",
            help="Which column of a table fills which field; FIELD==VALUE is the same for all "
            "rows. Give it again for each field.",
        ),
    ] = None,
    separator: Annotated[
        str | None,
        typer.Option(metavar="C", help="What stands between the items of a list in a cell."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and keep no record.")
    ] = False,
    errors_to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write each fault here, as JSON Lines."),
    ] = None,
    tenant: TenantName = DEFAULT_TENANT,
    as_json: Json = False,
) -> None:
    """Bring records in; bad lines are told and left out. Doing it again changes nothing."""
    from service.cli.importing import Request, import_files  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).about(tenant)
    request = Request(
        kind=kind,
        files=tuple(file),
        format=format_,
        columns=tuple(columns or ()),
        separator=separator,
        dry_run=dry_run,
        errors_to=errors_to,
    )
    import_files(invocation, request, as_json=as_json or invocation.as_json)

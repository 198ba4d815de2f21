"""onramp backup, onramp restore."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.invocation import Invocation
from service.cli.options import Json


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder for the backup.")],
    *,
    as_json: Json = False,
) -> None:
    """Copy the store to a new folder while it is in use, with checksums of what was copied."""
    from service.cli.backing_up import make_backup  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    make_backup(invocation.settings, folder, as_json=as_json or invocation.as_json)


def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the backup.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let go of what is in the store's folder now.")
    ] = False,
    erasures: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="A register of erasures from elsewhere, such as that in a newer backup. "
            "Give it again for each.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Put a backup in the store's place; who was deleted and what was revoked since stays so."""
    from service.cli.backing_up import put_back  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    put_back(
        invocation.settings,
        folder,
        replace=replace,
        erasures=tuple(erasures or ()),
        as_json=as_json or invocation.as_json,
    )

"""onramp doctor."""

import typer

from service.cli.invocation import Invocation
from service.cli.options import Json


def doctor(context: typer.Context, *, as_json: Json = False) -> None:
    """Check the installation, the model, the store and its indexes; say what to do."""
    from service.cli.examining import examine  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    examine(invocation, as_json=as_json or invocation.as_json)

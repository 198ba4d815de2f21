"""onramp replay."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.invocation import Invocation
from service.cli.options import Json, TenantName
from service.domain.ids import DEFAULT_TENANT


def replay(
    context: typer.Context,
    *,
    decision: Annotated[
        str, typer.Argument(metavar="ID", help="An answer's id, as the answer says it.")
    ],
    record: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="JSON Lines with the inline learner or job, if nothing of it was kept.",
        ),
    ] = None,
    tenant: TenantName = DEFAULT_TENANT,
    as_json: Json = False,
) -> None:
    """Compute a logged answer again, and compare; if it is another, say what has changed."""
    from service.cli.replaying import replay_one  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context).about(tenant)
    replay_one(invocation, decision, file=record, as_json=as_json or invocation.as_json)

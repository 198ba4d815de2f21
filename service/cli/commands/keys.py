"""onramp keys."""

from typing import Annotated

import typer

from service.cli.errors import OnrampGroup
from service.cli.exit_codes import EXIT_CODES
from service.cli.invocation import Invocation
from service.cli.options import Json
from service.domain.access import Scope

app = typer.Typer(
    cls=OnrampGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Make, list, replace and revoke the keys with which the API is called.",
)

KeyId = Annotated[str, typer.Argument(metavar="ID", help="The key's public half, as listed.")]


@app.command(epilog=f"Exit codes: {EXIT_CODES['keys create']}.")
def create(  # noqa: PLR0913 - an argument for each option
    context: typer.Context,
    *,
    scope: Annotated[
        list[Scope] | None,
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help=f"What it may do: {', '.join(Scope)}. Give it again for each; admin is all.",
        ),
    ] = None,
    publishable: Annotated[
        bool,
        typer.Option("--publishable", help="A key for a page that anybody can read."),
    ] = False,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URL",
            help="Of a publishable key, where its page is: https://www.example.edu. Give it again "
            "for each.",
        ),
    ] = None,
    label: Annotated[
        str, typer.Option(metavar="WORDS", help="What it is for.")
    ] = "made on the command line",
    tenant: Annotated[
        str, typer.Option(metavar="ID", help="Whose data it opens; `default` if not given.")
    ] = "default",
    party: Annotated[
        str | None, typer.Option(metavar="ID", help="The employer that it acts for.")
    ] = None,
    learner: Annotated[
        str | None, typer.Option(metavar="ID", help="The one learner that it stands for.")
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, max=3650, help="For how long it is valid; for ever if not given."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a key. Its secret is printed this once, and is kept nowhere."""
    from service.cli import keeping_keys  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    facts = keeping_keys.KeyFacts(label, tenant, party, learner, days)
    wanted = keeping_keys.wanted_key(scope or [], origin or [], facts, publishable=publishable)
    keeping_keys.create_key(invocation.settings, wanted, as_json=as_json or invocation.as_json)


@app.command("list", epilog=f"Exit codes: {EXIT_CODES['keys list']}.")
def list_(context: typer.Context, *, as_json: Json = False) -> None:
    """List all keys, those that are not valid any more among them; no secret is shown."""
    from service.cli.keeping_keys import list_keys  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    list_keys(invocation.settings, as_json=as_json or invocation.as_json)


@app.command(epilog=f"Exit codes: {EXIT_CODES['keys rotate']}.")
def rotate(
    context: typer.Context,
    key: KeyId,
    *,
    overlap_hours: Annotated[
        float,
        typer.Option(
            metavar="N",
            min=0,
            max=2160,
            help="For how many hours the old key stays valid, 24 if not given; 0 ends it at once.",
        ),
    ] = 24.0,
    as_json: Json = False,
) -> None:
    """Make a key in the place of another, which stays valid for a while."""
    from service.cli.keeping_keys import rotate_key  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    as_json = as_json or invocation.as_json
    rotate_key(invocation.settings, key, overlap_hours, as_json=as_json)


@app.command(epilog=f"Exit codes: {EXIT_CODES['keys revoke']}.")
def revoke(context: typer.Context, key: KeyId, *, as_json: Json = False) -> None:
    """Revoke a key: within a second it opens nothing any more, in any process."""
    from service.cli.keeping_keys import revoke_key  # noqa: PLC0415 - heavy; not for --help

    invocation = Invocation.of(context)
    revoke_key(invocation.settings, key, as_json=as_json or invocation.as_json)

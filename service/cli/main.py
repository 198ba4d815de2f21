"""The command line's front door: the options before the command, and the table of commands."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from service.cli.commands import (
    backup,
    configuration,
    consent,
    credit,
    demo,
    doctor,
    explain,
    export_pairs,
    gap,
    import_,
    init,
    keys,
    match,
    pathway,
    person,
    recommend,
    record,
    replay,
    serve,
    snapshot,
    tenants,
    verdict,
)
from service.cli.errors import MISUSED, OnrampGroup
from service.cli.exit_codes import EXIT_CODES
from service.cli.invocation import Invocation
from service.cli.output import complain
from service.settings import InvalidSettings, load_with_origins

app = typer.Typer(
    name="onramp",
    cls=OnrampGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Recommends the next microcredential to learners and qualified candidates to employers.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        try:
            typer.echo(f"onramp {version('onramp')}")
        except PackageNotFoundError:
            typer.echo("onramp, run from its source")
        raise typer.Exit


@app.callback()
def before(
    context: typer.Context,
    *,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The folder of the store; ONRAMP_DATA, then `data`, if it is not given.",
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A TOML file with settings, of which the environment goes before; ONRAMP_CONFIG, "
            "if it is not given.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    _debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of a fault of Onramp's own.")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Read the settings; what is given here goes before the environment."""
    try:
        given = {"data": data, "config": config}
        loaded = load_with_origins(**{name: path for name, path in given.items() if path})
    except InvalidSettings as error:
        complain(f"onramp: {error}")
        raise typer.Exit(MISUSED) from None
    context.obj = Invocation(settings=loaded.settings, origins=loaded.origins, as_json=as_json)


for name, command in (
    ("init", init.init),
    ("import", import_.import_records),
    ("serve", serve.serve),
    ("demo", demo.demo),
    ("recommend", recommend.recommend),
    ("match", match.match),
    ("pathway", pathway.pathway),
    ("gap", gap.gap),
    ("explain", explain.explain),
    ("credit", credit.credit),
    ("record", record.record),
    ("replay", replay.replay),
    ("verdict", verdict.verdict),
    ("consent", consent.consent),
    ("person", person.person),
    ("doctor", doctor.doctor),
    ("snapshot", snapshot.snapshot),
    ("backup", backup.backup),
    ("restore", backup.restore),
    ("config", configuration.config),
    ("export-pairs", export_pairs.export_pairs),
):
    app.command(name, epilog=f"Exit codes: {EXIT_CODES[name]}.")(command)

for name, group in (("keys", keys.app), ("tenants", tenants.app)):
    app.add_typer(group, name=name)

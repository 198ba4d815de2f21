"""onramp config."""

from enum import StrEnum
from typing import Annotated, assert_never

import typer

from service.cli.invocation import Invocation
from service.cli.options import Json
from service.cli.output import Column, console, table, write_json
from service.settings import Effective, effective


class ConfigAction(StrEnum):
    """What to do with the settings."""

    SHOW = "show"


def config(
    context: typer.Context,
    action: Annotated[
        ConfigAction, typer.Argument(metavar="show", help="show: print every setting.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Print each setting as it counts, and where it comes from; secrets are masked."""
    if action is not ConfigAction.SHOW:
        assert_never(action)
    invocation = Invocation.of(context)
    found = list(effective(invocation.loaded))
    if as_json or invocation.as_json:
        write_json({each.name: _told(each) for each in found})
        return
    columns = [Column("setting"), Column("value", 2), Column("source"), Column("where", 3)]
    rows = [(each.name, each.value or "", each.source, each.where) for each in found]
    console().print(table(columns, rows))


def _told(setting: Effective) -> dict[str, str | None]:
    return {"value": setting.value, "source": setting.source, "where": setting.where or None}

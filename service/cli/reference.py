"""The reference of the command line: docs/cli.md, made from the commands themselves."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from typer.main import get_command

from service.cli.exit_codes import EXIT_CODES
from service.cli.main import app

_INTRODUCTION: Final = """\
# The command line

`onramp [OPTIONS BEFORE THE COMMAND] COMMAND …` is installed with the package;
`python -m service` is the same.
This page is made from the commands: `python -m service.cli.reference docs/cli.md`.

Results go to standard output; progress, complaints and warnings go to standard error.
With `--json`, before or after the command, results are JSON with the shapes of the HTTP API.
Exit codes are beside each command;
besides, 3 is a fault of Onramp's own (`--debug` shows where), 78 a model that is missing, damaged
or computes other vectors on this machine, and 130 is an interrupt by Ctrl-C.
"""


def reference() -> str:
    """Return the text of docs/cli.md."""
    group: Any = get_command(app)
    before = [_option(each) for each in group.params if each.name != "help"]
    rows = [_row(name, command) for name, command in _commands(group)]
    return "\n".join(
        (
            _INTRODUCTION,
            "| before the command | what it does |",
            "|---|---|",
            *(f"| {name} | {help_} |" for name, help_ in before),
            "",
            "| command | what it does | options | exit codes |",
            "|---|---|---|---|",
            *rows,
            "",
        )
    )


def _commands(group: Any) -> Iterator[tuple[str, Any]]:
    """Yield every command with its words; those of a group after the group's name."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from ((f"{name} {word}", each) for word, each in _commands(command))
        else:
            yield name, command


def _row(name: str, command: Any) -> str:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option"]
    usage = " ".join(("onramp", name, *map(_argument, arguments)))
    told = [f"`{_argument(each)}`: {_cell(each.help)}" for each in arguments]
    told += [f"{option}: {help_}" for option, help_ in map(_option, options) if option]
    cells = (f"`{usage}`", _cell(command.help), "<br>".join(told), _cell(EXIT_CODES[name]))
    return f"| {' | '.join(cells)} |"


def _argument(argument: Any) -> str:
    return f"{argument.name.upper()}{'…' if argument.nargs == -1 else ''}"


def _option(option: Any) -> tuple[str, str]:
    metavar = "" if option.is_flag else f" {option.metavar or _values(option)}"
    default = option.default
    shown = f" Default: {default}." if isinstance(default, int) and not option.is_flag else ""
    return f"`{option.opts[-1]}{metavar}`", f"{_cell(option.help)}{shown}"


def _values(option: Any) -> str:
    choices = getattr(option.type, "choices", None)
    return "/".join(map(str, choices)) if choices else str(option.type.name).upper()


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8")
